"""The tables of searches for cover, and of each day they are for."""

from sqlalchemy import ARRAY, Column, Date, DateTime, Index, SmallInteger, Table, Text, Uuid

from services.assignments.read_model.tables.metadata import metadata

covers = Table(
    "covers",
    metadata,
    Column("cover_id", Uuid, primary_key=True),
    Column("assignment_id", Uuid),
    Column("child_id", Uuid, nullable=False),
    Column("school_id", Uuid, nullable=False),
    Column("absent_mentor_id", Uuid),
    Column("form", Text, nullable=False),
    Column("asked", ARRAY(Uuid), nullable=False),
    Column("asked_now", Uuid),
    Column("status", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("child_slot", SmallInteger, nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("requested_at", DateTime(timezone=True), nullable=False),
    Column("closed_at", DateTime(timezone=True)),
    Column("closed_because", Text),
    Index("covers_by_request", "requested_at", "cover_id"),
    Index("covers_of_child", "child_id", "requested_at"),
)

# One row for each day: open, taken (by whom), given up or not needed.
cover_days = Table(
    "cover_days",
    metadata,
    Column("cover_id", Uuid, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("child_id", Uuid),
    Column("state", Text, nullable=False),
    Column("mentor_id", Uuid),
    Column("mentor_slot", SmallInteger),
    Index("cover_days_of_child", "child_id", "day"),
    Index("cover_days_of_mentor", "mentor_id", "day"),
)

# What each mentor who was asked, or answered, said.
cover_answers = Table(
    "cover_answers",
    metadata,
    Column("cover_id", Uuid, primary_key=True),
    Column("mentor_id", Uuid, primary_key=True),
    Column("answer", Text, nullable=False),
    Column("answered_at", DateTime(timezone=True)),
    Index("cover_answers_of_mentor", "mentor_id", "cover_id"),
)
