"""The tables of offers and assignments, and of the days on which a primary was not there."""

from sqlalchemy import Column, Date, DateTime, Index, SmallInteger, Table, Text, Uuid

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
    Column("accepted_at", DateTime(timezone=True)),
    Column("effective_until", Date),
    Column("cover_id", Uuid),
    Column("child_slot", SmallInteger),
    Column("mentor_slot", SmallInteger),
    Column("paused_from", Date),
    Column("last_day", Date),
    Column("handover", Text),
    Index("assignments_of_child", "child_id", "effective_from"),
    Index("assignments_of_mentor", "mentor_id", "effective_from"),
    Index("assignments_by_offer", "offered_at", "assignment_id"),
    Index("assignments_of_cover", "cover_id"),
)

pauses = Table(
    "assignment_pauses",
    metadata,
    Column("assignment_id", Uuid, primary_key=True),
    Column("paused_from", Date, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("review_on", Date),
    Column("paused_recorded_at", DateTime(timezone=True), nullable=False),
    Column("resumed_on", Date),
    Column("resumed_recorded_at", DateTime(timezone=True)),
)

# Days on which the child's own mentor was not there, so that somebody else could be.
days_aside = Table(
    "days_aside",
    metadata,
    Column("assignment_id", Uuid, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("cover_id", Uuid, primary_key=True),
    Column("aside_recorded_at", DateTime(timezone=True)),
    Column("back_recorded_at", DateTime(timezone=True)),
)
