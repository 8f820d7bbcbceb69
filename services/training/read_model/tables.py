"""The read model's tables."""

from sqlalchemy import Column, Date, Index, Integer, MetaData, Table, Text, Uuid
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
    Column("published_on", Date, nullable=False),
    Column("retired_on", Date),
)

enrolments = Table(
    "enrolments",
    metadata,
    Column("enrolment_id", Uuid, primary_key=True),
    Column("mentor_id", Uuid, nullable=False),
    Column("course_id", Uuid, nullable=False),
    Column("track", Text, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("state", Text, nullable=False),
    Column("completed_on", Date),
    Column("evidence", Text),
    Column("failed_on", Date),
    Index("enrolments_of_mentor", "mentor_id", "enrolment_id"),
)

# One row for each certification period and each document; `proof` tells those of one item apart.
evidence = Table(
    "evidence",
    metadata,
    Column("mentor_id", Uuid, primary_key=True),
    Column("item", Text, primary_key=True),
    Column("proof", Text, primary_key=True),
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date),
    Column("withdrawn_on", Date),
    Column("withdrawn_because", Text),
    Column("last_status_check_on", Date),
    Column("enrolment_id", Uuid),
)

# Every mentor that was engaged or showed anything; each column has its own fact, so any may be missing.
mentors = Table(
    "mentors",
    metadata,
    Column("mentor_id", Uuid, primary_key=True),
    Column("state", Text, nullable=False, server_default="vetting"),
    Column("since", Date),
    Column("reasons", JSONB, nullable=False, server_default="[]"),
    Column("engaged_on", Date),
    Column("left_on", Date),
    Index("mentors_by_state", "state", "mentor_id"),
)
