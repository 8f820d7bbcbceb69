"""The read model's tables, each written by one projection."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()

courses = Table(
    "courses",
    metadata,
    Column("course_id", Uuid, primary_key=True),
    Column("track", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("valid_months", Integer),
    Column("state", Text, nullable=False),
    Column("drafted_on", Date),
    Column("published_on", Date),
    Column("retired_on", Date),
)

programmes = Table(
    "programmes",
    metadata,
    Column("role", Text, primary_key=True),
    Column("effective_from", Date, primary_key=True),
    Column("requirements", JSONB, nullable=False),
    Column("set_at", DateTime(timezone=True), nullable=False),
    Column("set_by", Text, nullable=False),
)

enrolments = Table(
    "enrolments",
    metadata,
    Column("enrolment_id", Uuid, primary_key=True),
    Column("mentor_id", Uuid, nullable=False),
    Column("course_id", Uuid, nullable=False),
    Column("track", Text, nullable=False),
    Column("required_by", Text, nullable=False),
    Column("assigned_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("state", Text, nullable=False),
    Column("overdue", Boolean, nullable=False, server_default="false"),
    Column("started_on", Date),
    Column("completed_on", Date),
    Column("evidence", Text, info={"personal": "mentor_id", "keep": "employment"}),
    Column("failed_on", Date),
    Column("reason", Text),
    Column("waived_by", Text),
    Column("waived_on", Date),
    Column("counts_for", Text),
    Column("valid_until", Date),
    Column("withdrawn_on", Date),
    Index("enrolments_of_mentor", "mentor_id", "enrolment_id"),
    Index("enrolments_of_course", "course_id", "enrolment_id"),
)

# One row for each certification period, each document and each suspension; `proof` tells those of one item apart.
evidence = Table(
    "evidence",
    metadata,
    Column("mentor_id", Uuid, primary_key=True),
    Column("item", Text, primary_key=True),
    Column("proof", Text, primary_key=True),
    Column("kind", Text),
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date),
    Column("withdrawn_on", Date),
    Column("withdrawn_because", Text, info={"personal": "mentor_id", "keep": "employment"}),
    Column("last_status_check_on", Date),
    Column("enrolment_id", Uuid),
    Column("granted_on", Date),
    Column("renews", Uuid),
    Column("window_opens_on", Date),
    Column("renew_by", Date),
    Column("window_opened_on", Date),
    Column("overdue_on", Date),
    Column("expired_on", Date),
    Column("seen_by", Text),
    # the last day, or the end of time: what a list by end is sorted by
    Column("ends", Date),
    Index("evidence_by_end", "ends", "proof"),
)

# Every mentor that was heard of; each column has its own fact, so any may be missing.
mentors = Table(
    "mentors",
    metadata,
    Column("mentor_id", Uuid, primary_key=True),
    Column("name", Text, info={"personal": "mentor_id", "keep": "employment"}),
    Column("email", Text, info={"personal": "mentor_id", "keep": "contact"}),
    Column("region", Text),
    Column("state", Text, nullable=False, server_default="vetting"),
    Column("since", Date),
    Column("reasons", JSONB, nullable=False, server_default="[]"),
    Column("suspended_on", Date),
    Column("suspended_because", Text),
    Column("engaged_on", Date),
    Column("left_on", Date),
    Index("mentors_by_state", "state", "mentor_id"),
    Index("mentors_by_email", "email"),
)

# What was recorded of each mentor's evidence: what was known at a moment is folded from it.
history = Table(
    "history",
    metadata,
    Column("mentor_id", Uuid, primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("topic", Text, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("actor", Text, nullable=False),
    Column("data", JSONB, nullable=False),
    Column("personal", JSONB, info={"personal": "mentor_id", "keep": "employment"}),
)
