"""The table of school calendars, as they were published last."""

from sqlalchemy import Column, Index, Integer, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from services.assignments.read_model.tables.metadata import metadata

calendars = Table(
    "calendars",
    metadata,
    Column("calendar_id", Uuid, primary_key=True),
    Column("scope", Text, nullable=False),
    Column("scope_key", Text, nullable=False),
    Column("school_year", Integer, nullable=False),
    Column("terms", JSONB, nullable=False),
    Column("closures", JSONB, nullable=False),
    Index("calendars_of_scope", "scope", "scope_key"),
)
