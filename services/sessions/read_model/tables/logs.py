"""What was said of a session, and stays readable: each log handed in, each return, amendment and attempt."""

from sqlalchemy import Boolean, Column, DateTime, Index, Integer, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from services.sessions.read_model.tables.metadata import metadata

logs = Table(
    "logs",
    metadata,
    Column("session_id", Uuid, primary_key=True),
    Column("submission", Integer, primary_key=True),
    Column("child_id", Uuid, nullable=False),
    Column("mentor_id", Uuid, nullable=False),
    Column("activities", JSONB, nullable=False),
    Column("areas", JSONB, nullable=False),
    Column("contact_minutes", Integer, nullable=False),
    Column("ratio", Text, nullable=False),
    Column("incidental_help", Boolean, nullable=False),
    Column("notes", Text, nullable=False, info={"personal": "child_id", "keep": "casework"}),
    Column("logged_at", DateTime(timezone=True), nullable=False),
    Column("logged_by", Text, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("late_reason", Text, info={"personal": "child_id", "keep": "casework"}),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Index("logs_late", "session_id", postgresql_where=text("late")),
    Index("logs_resubmitted", "session_id", postgresql_where=text("submission > 1")),
    Index("logs_of_child", "child_id"),
)

returns = Table(
    "returns",
    metadata,
    Column("session_id", Uuid, primary_key=True),
    Column("returned_at", DateTime(timezone=True), primary_key=True),
    Column("child_id", Uuid, nullable=False),
    Column("reason", Text, nullable=False, info={"personal": "child_id", "keep": "casework"}),
    Column("returned_by", Text, nullable=False),
    Index("returns_of_child", "child_id"),
)

amendments = Table(
    "amendments",
    metadata,
    Column("session_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("child_id", Uuid, nullable=False),
    Column("reason_code", Text, nullable=False),
    Column("reason", Text, nullable=False, info={"personal": "child_id", "keep": "casework"}),
    Column("activities_before", JSONB, nullable=False),
    Column("activities", JSONB, nullable=False),
    Column("areas", JSONB, nullable=False),
    Column("contact_minutes_before", Integer, nullable=False),
    Column("contact_minutes", Integer, nullable=False),
    Column("ratio_before", Text),
    Column("ratio", Text, nullable=False),
    Column("incidental_help", Boolean, nullable=False),
    Column("notes", Text, info={"personal": "child_id", "keep": "casework"}),
    Column("amended_by", Text, nullable=False),
    Column("amended_at", DateTime(timezone=True), nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Index("amendments_of_child", "child_id"),
)

overdue_logs = Table(
    "overdue_logs",
    metadata,
    Column("session_id", Uuid, primary_key=True),
    Column("wanted_since", DateTime(timezone=True), primary_key=True),
    Column("hours", Integer, primary_key=True),
    Column("overdue_at", DateTime(timezone=True), nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
)

ratings = Table(
    "ratings",
    metadata,
    Column("session_id", Uuid, primary_key=True),
    Column("outcome_id", Uuid, primary_key=True),
    Column("child_id", Uuid, nullable=False),
    Column("rating", Integer, nullable=False),
    Column("rated_at", DateTime(timezone=True), nullable=False),
    Index("ratings_of_child", "child_id", "outcome_id", "rated_at"),
)

breaches = Table(
    "breaches",
    metadata,
    Column("session_id", Uuid, primary_key=True),
    Column("attempted_at", DateTime(timezone=True), primary_key=True),
    Column("mentor_id", Uuid, nullable=False),
    Column("child_id", Uuid, nullable=False),
    Column("school_id", Uuid, nullable=False),
    Column("activities", JSONB, nullable=False),
    Column("actor", Text),
    Index("breaches_in_order", "attempted_at", "session_id"),
)

patterns = Table(
    "patterns",
    metadata,
    Column("mentor_id", Uuid, primary_key=True),
    Column("last_at", DateTime(timezone=True), primary_key=True),
    Column("child_id", Uuid, nullable=False),
    Column("school_id", Uuid, nullable=False),
    Column("count", Integer, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("found_at", DateTime(timezone=True), nullable=False),
    Index("patterns_in_order", "found_at", "mentor_id"),
)
