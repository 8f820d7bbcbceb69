"""The tables of requests for support."""

from sqlalchemy import Column, DateTime, Index, Table, Text, Uuid

from services.assignments.read_model.tables.metadata import metadata

requests = Table(
    "support_requests",
    metadata,
    Column("request_id", Uuid, primary_key=True),
    Column("child_id", Uuid, nullable=False),
    Column("school_id", Uuid, nullable=False),
    Column("requester_kind", Text, nullable=False),
    Column("child_name", Text, nullable=False),
    Column("needs", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("answered_at", DateTime(timezone=True)),
    Column("reason", Text),
    Index("support_requests_by_status", "status", "received_at", "request_id"),
    Index("support_requests_by_arrival", "received_at", "request_id"),
)
