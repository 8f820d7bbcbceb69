"""The table of transfers to other regions."""

from sqlalchemy import Column, Date, DateTime, Index, Table, Text, Uuid

from services.assignments.read_model.tables.metadata import metadata

transfers = Table(
    "region_transfers",
    metadata,
    Column("transfer_id", Uuid, primary_key=True),
    Column("child_id", Uuid, nullable=False),
    Column("from_region", Text, nullable=False),
    Column("to_region", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("requested_at", DateTime(timezone=True), nullable=False),
    Column("parent_consent_at", DateTime(timezone=True)),
    Column("local_authority_consent_at", DateTime(timezone=True)),
    Column("answered_at", DateTime(timezone=True)),
    Column("answer_reason", Text),
    Column("effective_on", Date),
    Index("region_transfers_by_time", "requested_at", "transfer_id"),
    Index("region_transfers_of_child", "child_id", "requested_at"),
)
