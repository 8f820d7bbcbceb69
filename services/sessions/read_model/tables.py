"""The read model's tables: the sessions, and what the gate needs of assignments and training."""

from sqlalchemy import Boolean, Column, Date, DateTime, Index, Integer, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()

sessions = Table(
    "sessions",
    metadata,
    Column("session_id", Uuid, primary_key=True),
    Column("assignment_id", Uuid, nullable=False),
    Column("mentor_id", Uuid, nullable=False),
    Column("child_id", Uuid, nullable=False),
    Column("school_id", Uuid, nullable=False),
    Column("starts_at", DateTime(timezone=True), nullable=False),
    Column("ends_at", DateTime(timezone=True), nullable=False),
    Column("time_zone", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("state", Text, nullable=False),
    Column("started_at", DateTime(timezone=True)),
    Column("activities", JSONB),
    Column("contact_minutes", Integer),
    Column("ratio", Text),
    Column("incidental_help", Boolean),
    Column("notes", Text),
    Column("logged_at", DateTime(timezone=True)),
    Column("late", Boolean),
    Column("late_reason", Text),
    Column("cancelled_by", Text),
    Column("cancel_reason", Text),
    Column("chargeable", Boolean),
    Column("cancelled_at", DateTime(timezone=True)),
    Index("sessions_in_order", "starts_at", "session_id"),
    Index("sessions_of_mentor", "mentor_id", "starts_at", "session_id"),
    Index("sessions_of_child", "child_id", "starts_at", "session_id"),
    Index("sessions_of_assignment", "assignment_id", "starts_at"),
    Index("sessions_of_day", "day", "starts_at", "session_id"),
)

breaches = Table(
    "breaches",
    metadata,
    Column("session_id", Uuid, primary_key=True),
    Column("attempted_at", DateTime(timezone=True), primary_key=True),
    Column("mentor_id", Uuid, nullable=False),
    Column("child_id", Uuid, nullable=False),
    Column("school_id", Uuid, nullable=False),
    Column("activities", JSONB, nullable=False),
    Index("breaches_in_order", "attempted_at", "session_id"),
)

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
    Index("assignments_of_pair", "mentor_id", "child_id"),
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
