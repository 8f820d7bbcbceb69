"""The records office's tables: erasures and who agreed to them, holds, who has left, who has forgotten."""

from sqlalchemy import BigInteger, Column, Date, DateTime, Index, Integer, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from services.audit.read_model.tables import metadata

erasures = Table(
    "erasures",
    metadata,
    Column("erasure_id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("ground", Text),
    Column("classes", ARRAY(Text), nullable=False),
    Column("commitment", Text, nullable=False),
    Column("follows", Uuid),
    Column("requested_by", Text),
    Column("requested_at", DateTime(timezone=True), nullable=False),
    Column("decisions", JSONB),
    Column("ended_on", Date),
    Column("decided_by", Text),
    Column("decided_at", DateTime(timezone=True)),
    Column("refused", Text),
    Column("refused_by", Text),
    Column("refused_at", DateTime(timezone=True)),
    Column("recipient_ids", ARRAY(Uuid)),
    Column("services", ARRAY(Text)),
    Column("ordered_at", DateTime(timezone=True)),
    Column("ordered", ARRAY(Text)),
    Column("destroyed", Integer),
    Column("epoch", Integer),
    Column("certified_at", DateTime(timezone=True)),
    Column("certificate", BigInteger),
    Index("erasures_newest_first", "requested_at", "erasure_id"),
    Index("erasures_of_person", "person_id"),
    Index("erasures_certified", "certified_at", "erasure_id"),
)

approvals = Table(
    "erasure_approvals",
    metadata,
    Column("erasure_id", Uuid, primary_key=True),
    Column("approved_by", Text, primary_key=True),
    Column("approved_at", DateTime(timezone=True), nullable=False),
)

forgotten = Table(
    "erasure_forgotten",
    metadata,
    Column("erasure_id", Uuid, primary_key=True),
    Column("service", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
)

holds = Table(
    "legal_holds",
    metadata,
    Column("hold_id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("classes", ARRAY(Text)),
    Column("reason", Text),
    Column("placed_by", Text),
    Column("placed_at", DateTime(timezone=True)),
    Column("lifted_by", Text),
    Column("lifted_at", DateTime(timezone=True)),
    Index("legal_holds_newest_first", "placed_at", "hold_id"),
    Index("legal_holds_of_person", "person_id"),
)

people = Table(
    "people_gone",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("person_id", Uuid, primary_key=True),
    Column("ended_on", Date),
)

recipients = Table(
    "people_told",
    metadata,
    Column("recipient_id", Uuid, primary_key=True),
    Column("child_id", Uuid),
    Column("mentor_id", Uuid),
    Index("people_told_of_child", "child_id"),
    Index("people_told_of_mentor", "mentor_id"),
)
