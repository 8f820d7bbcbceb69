"""Each certification as a credential: what is needed to sign it, and where its status stands."""

from sqlalchemy import Column, Date, DateTime, Index, Integer, Table, Text, Uuid

from services.training.read_model.tables import metadata

badges = Table(
    "badges",
    metadata,
    Column("certification_id", Uuid, primary_key=True),
    Column("mentor_id", Uuid),
    Column("track", Text),
    Column("kind", Text),
    Column("granted_on", Date),
    Column("valid_from", Date),
    Column("valid_until", Date),
    Column("list_number", Integer),
    Column("list_index", Integer),
    Column("revoked_on", Date),
    Column("revoked_at", DateTime(timezone=True)),
    Index("badges_of_mentor", "mentor_id", "certification_id"),
    Index("badges_revoked", "list_number", "list_index"),
)
