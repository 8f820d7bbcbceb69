"""The tables: facts byte for byte, whom each concerns, and who supported whom."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    text,
)

metadata = MetaData()

facts = Table(
    "facts",
    metadata,
    Column("source", Text, primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("id", Uuid, nullable=False),
    Column("type", Text, nullable=False),
    Column("aggregate", Text, nullable=False),
    Column("stream", Uuid, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("correlation_id", Text, nullable=False),
    Column("causation_id", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("signature", Text, nullable=False, server_default="-"),
    Index("facts_in_time", "recorded_at", "source", "position"),
    Index("facts_of_source_in_time", "source", "recorded_at", "position"),
    Index("facts_by_id", "id"),
    Index("facts_by_stream", "stream", "version"),
    Index("facts_by_type", "type", "recorded_at"),
    Index("facts_by_correlation", "correlation_id"),
)

concerns = Table(
    "concerns",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("subject_id", Uuid, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("about_child", Boolean, nullable=False),
    Index("concerns_in_time", "kind", "subject_id", "recorded_at", "source", "position"),
    Index("concerns_of_fact", "source", "position", "kind"),
    # What a mentor brings into the timelines of children: few of the mentor's facts are about no child.
    Index(
        "concerns_of_no_child",
        "kind",
        "subject_id",
        "recorded_at",
        "source",
        "position",
        postgresql_where=text("NOT about_child"),
    ),
)

supports = Table(
    "supports",
    metadata,
    Column("assignment_id", Uuid, primary_key=True),
    Column("child_id", Uuid, nullable=False),
    Column("mentor_id", Uuid, nullable=False),
    Column("recorded_at", DateTime(timezone=True)),
    Column("since", DateTime(timezone=True)),
    Column("until", DateTime(timezone=True)),
    Index("supports_of_child", "child_id"),
    Index("supports_by_mentor", "mentor_id"),
)
