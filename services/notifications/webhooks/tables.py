"""The tables of webhooks. Those below the first are no read models: the deliverer writes them, not facts."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from services.notifications.read_model.tables import metadata

endpoints = Table(
    "webhook_endpoints",
    metadata,
    Column("endpoint_id", Uuid, primary_key=True),
    Column("owner", Text),
    Column("url", Text),
    Column("facts", ARRAY(Text), nullable=False, server_default="{}"),
    Column("regions", ARRAY(Text), nullable=False, server_default="{}"),
    Column("ordered", Boolean, nullable=False, server_default="false"),
    Column("generation", Integer, nullable=False, server_default="1"),
    Column("old_until", DateTime(timezone=True)),
    Column("stands", Text, nullable=False, server_default="enabled"),
    Column("why", Text),
    Column("failing_since", DateTime(timezone=True)),
    Column("disabled_from", DateTime(timezone=True)),
    Column("disabled_at", DateTime(timezone=True)),
    Column("added_by", Text),
    Column("added_at", DateTime(timezone=True)),
    Column("enabled_at", DateTime(timezone=True)),
    Index("webhook_endpoints_of_owner", "owner", "endpoint_id"),
)

work = MetaData()
"""What is no read model."""

facts = Table(
    "webhook_facts",
    work,
    Column("event_id", Uuid, primary_key=True),
    Column("source", Text, nullable=False),
    Column("position", BigInteger),
    Column("topic", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("body", LargeBinary, nullable=False),
)

deliveries = Table(
    "webhook_deliveries",
    work,
    Column("delivery_id", BigInteger, Identity(always=True), primary_key=True),
    Column("endpoint_id", Uuid, nullable=False),
    Column("event_id", Uuid, nullable=False),
    Column("topic", Text, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("state", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("status", Integer),
    Column("error", Text),
    Column("ended_at", DateTime(timezone=True)),
)

attempts = Table(
    "webhook_attempts",
    work,
    Column("delivery_id", BigInteger, primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("took_ms", Integer, nullable=False),
    Column("sent", JSONB, nullable=False),
    Column("address", Text),
    Column("status", Integer),
    Column("answered", JSONB),
    Column("body", Text),
    Column("error", Text),
    Column("next_at", DateTime(timezone=True)),
)

health = Table(
    "webhook_health",
    work,
    Column("endpoint_id", Uuid, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("failing_since", DateTime(timezone=True)),
    Column("probe_at", DateTime(timezone=True)),
    Column("taken_at", DateTime(timezone=True)),
    Column("failed_at", DateTime(timezone=True)),
)
