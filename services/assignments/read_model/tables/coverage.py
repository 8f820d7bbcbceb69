"""The table of offers and assignments."""

from sqlalchemy import Column, Date, DateTime, Index, Table, Text, Uuid

from services.assignments.read_model.tables.metadata import metadata

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
