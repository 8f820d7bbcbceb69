"""The tables of children, and of what was specified for them."""

from sqlalchemy import ARRAY, Column, Date, DateTime, Index, Integer, Table, Text, Uuid

from services.assignments.read_model.tables.metadata import metadata

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
