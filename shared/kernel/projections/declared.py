"""What a service declares about its read model (SQLAlchemy), as the tables that its projections write to."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Column as Declared
from sqlalchemy import DateTime, MetaData, Table, Text
from sqlalchemy.dialects import postgresql

from shared.kernel.projections.tables import PLAIN, Column, ReadTable, travel

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
# Keys of these types need no adapting to be told apart.
_KEY_TYPES: Mapping[str, type] = {"uuid": UUID, "text": str, "bigint": int, "date": date}
_ZEROES = ("", "0", "'0'", "NULL")


def read_table(table: Table, schema: str | None = None, owned: bool = False) -> ReadTable:
    """How to write to a table that the service declares; `schema` when it is not the table's own."""
    columns = {column.name: _column(column) for column in table.columns}
    key = tuple(column.name for column in table.primary_key.columns)
    if not key:
        raise ValueError(f"table {table.name} has no primary key, so its rows cannot be told apart")
    required = frozenset(name for name, column in columns.items() if column.required and name not in key)
    types = tuple(_KEY_TYPES.get(columns[name].via, object) for name in key)
    lone = types[0] if len(types) == 1 else None
    at = schema or table.schema or "public"
    return ReadTable(table.name, at, key, columns, required, types, lone, owned)


_due = Table(
    "due",
    MetaData(),
    Declared("kind", Text, primary_key=True),
    Declared("key", Text, primary_key=True),
    Declared("due_at", DateTime(timezone=True), nullable=False),
    Declared("payload", postgresql.JSONB, nullable=False, server_default="{}"),
    Declared("projection", Text, nullable=False, server_default=""),
)


def read_tables(metadata: MetaData, names: Iterable[str], schema: str = "public") -> dict[str, ReadTable]:
    """The named tables; `due` is the kernel's own, whose rows belong to the projection that wrote them."""
    found: dict[str, ReadTable] = {}
    for name in names:
        if name == "due":
            found[name] = read_table(_due, schema, owned=True)
        elif name in metadata.tables:
            found[name] = read_table(metadata.tables[name], schema)
        else:
            raise ValueError(
                f"no table {name} in the read model: it has {', '.join(sorted(metadata.tables))}"
            )
    return found


def _column(column: Declared[Any]) -> Column:
    name = column.type.compile(dialect=_DIALECT)
    required = (
        not column.nullable
        and column.server_default is None
        and column.identity is None
        and column.computed is None
    )
    default = getattr(column.server_default, "arg", "")
    via, adapt = travel(name)
    return Column(
        column.name,
        name,
        via,
        adapt,
        required,
        zero=str(getattr(default, "text", default)) in _ZEROES,
        plain=PLAIN.get(adapt, frozenset()),
    )
