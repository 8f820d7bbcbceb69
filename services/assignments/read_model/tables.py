"""The read model's tables, each written by one projection."""

from sqlalchemy import (
    ARRAY,
    Boolean,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    Uuid,
)

metadata = MetaData()

schools = Table(
    "schools",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("urn", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("local_authority", Text, nullable=False),
    Column("town", Text),
    Column("postcode", Text),
    Column("phase", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("lowest_age", SmallInteger),
    Column("highest_age", SmallInteger),
    Column("opened_on", Date),
    Column("closed_on", Date),
    Column("time_zone", Text, nullable=False),
    Index("schools_by_urn", "urn", unique=True),
    Index("schools_by_name", "name", "school_id"),
)

requests = Table(
    "support_requests",
    metadata,
    Column("request_id", Uuid, primary_key=True),
    Column("child_id", Uuid, nullable=False),
    Column("school_id", Uuid, nullable=False),
    Column("requester_kind", Text, nullable=False),
    Column("child_name", Text, nullable=False),
    Column("needs", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("answered_at", DateTime(timezone=True)),
    Column("reason", Text),
    Index("support_requests_by_status", "status", "received_at", "request_id"),
    Index("support_requests_by_arrival", "received_at", "request_id"),
)

children = Table(
    "children",
    metadata,
    Column("child_id", Uuid, primary_key=True),
    Column("request_id", Uuid, nullable=False),
    Column("school_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("birth_date", Date, nullable=False),
    Column("accepted_on", Date, nullable=False),
    Index("children_by_name", "name", "child_id"),
)

provisions = Table(
    "provisions",
    metadata,
    Column("child_id", Uuid, primary_key=True),
    Column("effective_from", Date, primary_key=True),
    Column("minutes_per_week", Integer, nullable=False),
    Column("areas", ARRAY(Text), nullable=False),
    Column("specified_at", DateTime(timezone=True), nullable=False),
)

mentors = Table(
    "mentors",
    metadata,
    Column("mentor_id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("engaged_on", Date, nullable=False),
    Column("left_on", Date),
    Index("mentors_by_name", "name", "mentor_id"),
)

# Several proofs of one item may stand beside each other: `proof` tells them apart.
evidence = Table(
    "evidence",
    metadata,
    Column("mentor_id", Uuid, primary_key=True),
    Column("item", Text, primary_key=True),
    Column("proof", Text, primary_key=True),
    Column("valid_from", Date),
    Column("valid_until", Date),
    Column("withdrawn_on", Date),
)

standings = Table(
    "standings",
    metadata,
    Column("mentor_id", Uuid, primary_key=True),
    Column("deployable", Boolean, nullable=False),
    Column("since", Date, nullable=False),
)

# Both times of each change are kept: the day on which it counts, and the moment at which it was recorded.
assignments = Table(
    "assignments",
    metadata,
    Column("assignment_id", Uuid, primary_key=True),
    Column("child_id", Uuid, nullable=False),
    Column("mentor_id", Uuid, nullable=False),
    Column("school_id", Uuid, nullable=False),
    Column("role", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("reason", Text),
    Column("offered_at", DateTime(timezone=True), nullable=False),
    Column("cancelled_at", DateTime(timezone=True)),
    Column("effective_from", Date),
    Column("ended_on", Date),
    Column("assigned_recorded_at", DateTime(timezone=True)),
    Column("ended_recorded_at", DateTime(timezone=True)),
    Index("assignments_of_child", "child_id", "effective_from"),
    Index("assignments_of_mentor", "mentor_id", "effective_from"),
    Index("assignments_by_offer", "offered_at", "assignment_id"),
)
