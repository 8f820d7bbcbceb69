"""The table of requests for support."""

from sqlalchemy import ARRAY, Column, Date, DateTime, Index, Table, Text, Uuid

from services.assignments.read_model.tables.metadata import metadata

# `next_step_on`: the day of the answer or of the look at the waiting list; none otherwise.
requests = Table(
    "support_requests",
    metadata,
    Column("request_id", Uuid, primary_key=True),
    Column("child_id", Uuid, nullable=False),
    Column("school_id", Uuid, nullable=False),
    Column("requester_kind", Text, nullable=False),
    Column("requester_name", Text, info={"personal": "child_id", "keep": "contact"}),
    Column("child_name", Text, nullable=False, info={"personal": "child_id", "keep": "profile"}),
    Column("needs", Text, nullable=False, info={"personal": "child_id", "keep": "casework"}),
    Column("status", Text, nullable=False),
    Column("urgency", Text),
    Column("areas", ARRAY(Text)),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("answered_at", DateTime(timezone=True)),
    Column("next_step_on", Date),
    Column("assignment_id", Uuid),
    Column("fulfilled_on", Date),
    Column("reason", Text),
    Index("support_requests_by_status", "status", "received_at", "request_id"),
    Index("support_requests_by_arrival", "received_at", "request_id"),
    Index("support_requests_of_school", "school_id", "received_at", "request_id"),
    Index("support_requests_of_child", "child_id", "received_at"),
)
