"""What the gate needs of schools, assignments and training."""

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Index, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from services.sessions.read_model.tables.metadata import metadata

schools = Table(
    "schools",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("time_zone", Text, nullable=False),
)

assignments = Table(
    "assignments",
    metadata,
    Column("assignment_id", Uuid, primary_key=True),
    Column("mentor_id", Uuid, nullable=False),
    Column("child_id", Uuid, nullable=False),
    Column("school_id", Uuid, nullable=False),
    Column("effective_from", Date, nullable=False),
    Column("ended_on", Date),
    Column("role", Text, nullable=False, server_default="primary"),
    Column("effective_until", Date),
    Column("cover_id", Uuid),
    Index("assignments_of_pair", "mentor_id", "child_id"),
    Index("assignments_of_child", "child_id"),
)

# One row for each fact that paused or resumed an assignment, in the order of their positions.
pauses = Table(
    "pauses",
    metadata,
    Column("assignment_id", Uuid, primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("paused_from", Date),
    Column("resumed_on", Date),
)

days_aside = Table(
    "days_aside",
    metadata,
    Column("assignment_id", Uuid, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("cover_id", Uuid, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
)

cover_days = Table(
    "cover_days",
    metadata,
    Column("cover_id", Uuid, primary_key=True),
    Column("mentor_id", Uuid, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("given_back", Boolean, nullable=False),
)

outcomes = Table(
    "outcomes",
    metadata,
    Column("child_id", Uuid, primary_key=True),
    Column("outcome_ids", JSONB, nullable=False),
)

eligibility = Table(
    "eligibility",
    metadata,
    Column("mentor_id", Uuid, primary_key=True),
    Column("item", Text, primary_key=True),
    Column("proof", Text, primary_key=True),
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date),
    Column("withdrawn_on", Date),
)
