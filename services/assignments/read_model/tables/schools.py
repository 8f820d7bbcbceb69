"""The table of schools."""

from sqlalchemy import Column, Date, Index, Integer, SmallInteger, Table, Text, Uuid

from services.assignments.read_model.tables.metadata import metadata

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
