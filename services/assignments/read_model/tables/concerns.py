"""The table of safeguarding concerns, for the designated safeguarding lead alone."""

from sqlalchemy import Column, DateTime, Index, Table, Text, Uuid

from services.assignments.read_model.tables.metadata import metadata

concerns = Table(
    "concerns",
    metadata,
    Column("concern_id", Uuid, primary_key=True),
    Column("child_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False, info={"personal": "child_id", "keep": "safeguarding"}),
    Column("details", Text, nullable=False, info={"personal": "child_id", "keep": "safeguarding"}),
    Column("status", Text, nullable=False),
    Column("raised_at", DateTime(timezone=True), nullable=False),
    Column("raised_by", Text, nullable=False),
    Column("outcome", Text, info={"personal": "child_id", "keep": "safeguarding"}),
    Column("summary", Text, info={"personal": "child_id", "keep": "safeguarding"}),
    Column("closed_at", DateTime(timezone=True)),
    Index("concerns_by_time", "raised_at", "concern_id"),
    Index("concerns_of_child", "child_id", "raised_at", "concern_id"),
)
