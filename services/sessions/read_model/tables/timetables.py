"""The tables of calendars and timetables, and of who is away."""

from sqlalchemy import BigInteger, Column, Date, DateTime, Index, Integer, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from services.sessions.read_model.tables.metadata import metadata

calendars = Table(
    "calendars",
    metadata,
    # Every version stays: what was delivered is asked as known at some time, and terms are part of that.
    Column("calendar_id", Uuid, primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("scope", Text, nullable=False),
    Column("scope_key", Text, nullable=False),
    Column("school_year", Integer, nullable=False),
    Column("terms", JSONB, nullable=False),
    Column("closures", JSONB, nullable=False),
    Column("published_at", DateTime(timezone=True), nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Index("calendars_of_scope", "scope", "scope_key", "school_year"),
)

school_authorities = Table(
    "school_authorities",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("local_authority", Text, nullable=False),
    Index("schools_of_authority", "local_authority"),
)

timetables = Table(
    "timetables",
    metadata,
    Column("timetable_id", Uuid, primary_key=True),
    Column("assignment_id", Uuid, nullable=False),
    Column("mentor_id", Uuid, nullable=False),
    Column("child_id", Uuid, nullable=False),
    Column("school_id", Uuid, nullable=False),
    Column("slots", JSONB),
    Column("effective_from", Date),
    Column("effective_until", Date),
    Column("time_zone", Text),
    Column("set_at", DateTime(timezone=True)),
    Column("end_reason", Text),
    Column("ended_on", Date),
    Column("expanded_until", Date),
    Column("next_at", DateTime(timezone=True)),
    Index("timetables_of_assignment", "assignment_id"),
    Index("timetables_of_mentor", "mentor_id"),
    Index("timetables_of_child", "child_id"),
    Index("timetables_of_school", "school_id"),
)

timetable_versions = Table(
    "timetable_versions",
    metadata,
    Column("timetable_id", Uuid, primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("slots", JSONB, nullable=False),
    Column("effective_from", Date, nullable=False),
    Column("effective_until", Date),
    Column("time_zone", Text, nullable=False),
    Column("set_at", DateTime(timezone=True), nullable=False),
)

away = Table(
    "away",
    metadata,
    Column("who", Uuid, primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("news", Text, nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date),
)
