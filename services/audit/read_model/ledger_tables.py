"""The tables of the transparency log. No projection writes them: the sequencer does, and never changes an entry."""

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Index, LargeBinary, MetaData, Table, Text, text
from sqlalchemy import UniqueConstraint as Unique

metadata = MetaData()

entries = Table(
    "ledger_entries",
    metadata,
    Column("index", BigInteger, primary_key=True),
    Column("source", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    Unique("source", "position"),
)

tiles = Table(
    "ledger_tiles",
    metadata,
    Column("path", Text, primary_key=True),
    Column("bytes", LargeBinary, nullable=False),
)

checkpoints = Table(
    "ledger_checkpoints",
    metadata,
    Column("size", BigInteger, primary_key=True),
    Column("root", Text, nullable=False),
    Column("note", LargeBinary, nullable=False),
    Column("witnessed_at", DateTime(timezone=True), nullable=False),
    Column("published_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Index("ledger_checkpoints_in_time", "witnessed_at", "size"),
)

findings = Table(
    "ledger_findings",
    metadata,
    Column("finding", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("until_position", BigInteger, nullable=False),
    Column("index", BigInteger),
    Column("detail", Text, primary_key=True),
    Column("found_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)

progress = Table(
    "ledger_progress",
    metadata,
    Column("only", Boolean, primary_key=True, server_default=text("true")),
    Column("checked", BigInteger, nullable=False, server_default=text("0")),
    Column("refused", Text),
    Column("unpublished_since", DateTime(timezone=True)),
    Column("why", Text),
)
