"""The read model's tables; names of people stand here only to be shown."""

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    Uuid,
)

metadata = MetaData()


def _moment(name: str) -> Column[object]:
    return Column(name, DateTime(timezone=True))


recipients = Table(
    "recipients",
    metadata,
    Column("recipient_id", Uuid, primary_key=True),
    Column("role", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("mentor_id", Uuid),
    Column("child_id", Uuid),
    Column("school_id", Uuid),
    Index("recipients_by_role", "region", "role"),
    Index("recipients_by_mentor", "mentor_id"),
    Index("recipients_by_child", "child_id"),
    Index("recipients_by_school", "school_id"),
)

children = Table(
    "children",
    metadata,
    Column("child_id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("school_id", Uuid),
)

mentors = Table(
    "mentors",
    metadata,
    Column("mentor_id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
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
    Column("urgent", Boolean, nullable=False),
    Column("subject_line", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("cause", Uuid, nullable=False),
    Column("correlation_id", Text, nullable=False),
    Column("requested_at", DateTime(timezone=True), nullable=False),
    Column("child_id", Uuid),
    Column("mentor_id", Uuid),
    Column("session_id", Uuid),
    _moment("acknowledged_at"),
    Index("notifications_newest_first", "requested_at", "notification_id"),
    Index("notifications_of_recipient", "recipient_id", "requested_at", "notification_id"),
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
    Index("deliveries_by_status", "status", "channel"),
)
