"""The read model's tables; names of people stand here only to be shown."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()


def _moment(name: str) -> Column[object]:
    return Column(name, DateTime(timezone=True))


recipients = Table(
    "recipients",
    metadata,
    Column("recipient_id", Uuid, primary_key=True),
    Column("role", Text, nullable=False),
    Column("name", Text, nullable=False, info={"personal": "recipient_id", "keep": "contact"}),
    Column("email", Text, nullable=False, info={"personal": "recipient_id", "keep": "contact"}),
    Column("phone", Text, info={"personal": "recipient_id", "keep": "contact"}),
    Column("language", Text, nullable=False, server_default="en"),
    Column("region", Text, nullable=False),
    Column("mentor_id", Uuid),
    Column("child_id", Uuid),
    Column("school_id", Uuid),
    Column("preferences", JSONB),
    _moment("removed_at"),
    Index("recipients_by_role", "region", "role"),
    Index("recipients_by_mentor", "mentor_id"),
    Index("recipients_by_child", "child_id"),
    Index("recipients_by_school", "school_id"),
)

children = Table(
    "children",
    metadata,
    Column("child_id", Uuid, primary_key=True),
    Column("name", Text, nullable=False, info={"personal": "child_id", "keep": "profile"}),
    Column("school_id", Uuid),
)

mentors = Table(
    "mentors",
    metadata,
    Column("mentor_id", Uuid, primary_key=True),
    Column("name", Text, nullable=False, info={"personal": "mentor_id", "keep": "employment"}),
)

leavers = Table(
    "leavers",
    metadata,
    Column("mentor_id", Uuid, primary_key=True),
    Column("left_on", Date, nullable=False),
)

supports = Table(
    "supports",
    metadata,
    Column("assignment_id", Uuid, primary_key=True),
    Column("child_id", Uuid, nullable=False),
    Column("mentor_id", Uuid, nullable=False),
    Column("school_id", Uuid, nullable=False),
    Index("supports_of_mentor", "mentor_id"),
    Index("supports_of_child", "child_id"),
)

actions = Table(
    "actions",
    metadata,
    Column("fact_id", Uuid, primary_key=True),
    Column("mentor_id", Uuid, nullable=False),
    Column("item", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("actions_of_mentor", "mentor_id", "item", "at"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("session_id", Uuid, primary_key=True),
    _moment("starts_at"),
    Column("time_zone", Text, nullable=False),
)

notifications = Table(
    "notifications",
    metadata,
    Column("notification_id", Uuid, primary_key=True),
    Column("recipient_id", Uuid, nullable=False),
    Column("type", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("language", Text, nullable=False),
    Column("parameters", JSONB, nullable=False),
    Column("deduplication_key", Text, nullable=False),
    Column("thread", Text, nullable=False),
    Column("held_for", Text),
    _moment("deliver_after"),
    Column("needs_acknowledgement", Boolean, nullable=False),
    _moment("acknowledge_by"),
    Column("alert_id", Uuid),
    Column("escalated_from", Uuid),
    Column("includes", JSONB, nullable=False),
    Column("in_inbox", Boolean, nullable=False, server_default="false"),
    Column("cause", Uuid, nullable=False),
    Column("correlation_id", Text, nullable=False),
    Column("requested_at", DateTime(timezone=True), nullable=False),
    Column("child_id", Uuid),
    Column("mentor_id", Uuid),
    Column("session_id", Uuid),
    _moment("read_at"),
    _moment("acknowledged_at"),
    _moment("escalated_at"),
    Column("suppressed", Text),
    Column("superseded_by", Uuid),
    Index("notifications_newest_first", "requested_at", "notification_id"),
    Index("notifications_of_recipient", "recipient_id", "requested_at", "notification_id"),
    Index("notifications_of_thread", "thread", "recipient_id"),
    Index("notifications_of_mentor", "mentor_id", "requested_at"),
    Index("notifications_of_child", "child_id", "requested_at"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("notification_id", Uuid, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("status", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("reason", Text),
    _moment("at"),
    _moment("retry_at"),
    Column("recipient_id", Uuid),
    _moment("delivered_at"),
    Index("deliveries_by_status", "status", "channel"),
    Index("deliveries_newest_first", "at", "notification_id", "channel"),
    Index("deliveries_of_recipient", "recipient_id", "at"),
)
