"""The tables that projections write to, and how each column's values travel to PostgreSQL."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

import msgspec
from psycopg.types.array import ListDumper
from sqlalchemy import Column as Declared
from sqlalchemy import DateTime, MetaData, Table, Text
from sqlalchemy.dialects import postgresql

Adapt = Callable[[Any], Any]

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
# Keys of these types need no adapting to be told apart.
_KEY_TYPES: Mapping[str, type] = {"uuid": UUID, "text": str, "bigint": int, "date": date}
_ZEROES = ("", "0", "'0'", "NULL")


class UnknownRow(ValueError):
    """A projection answered with a table, key or column that the read model does not have."""


@dataclass(frozen=True, slots=True)
class Column:
    """`type` is the SQL type; values travel as an array of `via`, each after `adapt`."""

    name: str
    type: str
    via: str
    adapt: Adapt | None
    required: bool
    zero: bool

    @property
    def quoted(self) -> str:
        return quote(self.name)


@dataclass(frozen=True)
class ReadTable:
    """One table of a read model, in the schema where it is to be written."""

    name: str
    schema: str
    key: tuple[str, ...]
    columns: Mapping[str, Column]
    required: frozenset[str]
    key_types: tuple[type, ...]
    owned: bool = False
    statements: dict[Any, str] = field(default_factory=dict, compare=False, repr=False)

    @property
    def qualified(self) -> str:
        return f"{quote(self.schema)}.{quote(self.name)}"

    def key_of(self, key: Mapping[str, Any]) -> tuple[Any, ...]:
        """The row's key as a tuple, the same for equal keys of different types. Raises UnknownRow."""
        try:
            values = tuple([key[name] for name in self.key])
        except KeyError:
            values = ()
        if len(values) != len(key):
            raise UnknownRow(
                f"rows of {self.name} have the key ({', '.join(self.key)}), not ({', '.join(key)})"
            )
        if tuple(map(type, values)) == self.key_types:
            return values
        if None in values:
            raise UnknownRow(f"a key of {self.name} has no value: {dict(key)}")
        adapts = [self.columns[name].adapt for name in self.key]
        return tuple([adapt(value) if adapt else value for adapt, value in zip(adapts, values, strict=True)])


def quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def read_table(table: Table, schema: str | None = None, owned: bool = False) -> ReadTable:
    """How to write to a table that the service declares; `schema` when it is not the table's own."""
    columns = {column.name: _column(column) for column in table.columns}
    key = tuple(column.name for column in table.primary_key.columns)
    if not key:
        raise ValueError(f"table {table.name} has no primary key, so its rows cannot be told apart")
    required = frozenset(name for name, column in columns.items() if column.required and name not in key)
    types = tuple(_KEY_TYPES.get(columns[name].via, object) for name in key)
    return ReadTable(table.name, schema or table.schema or "public", key, columns, required, types, owned)


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
    via, adapt = _travel(name)
    return Column(
        column.name, name, via, adapt, required, zero=str(getattr(default, "text", default)) in _ZEROES
    )


def _travel(name: str) -> tuple[str, Adapt | None]:
    kind = name.split("(")[0].strip()
    if name.endswith("[]"):
        return "text", _array
    if kind in ("JSONB", "JSON"):
        return "text", _json
    if kind == "UUID":
        return "uuid", _uuid
    if kind in ("INTEGER", "BIGINT", "SMALLINT"):
        return "bigint", _integer
    if kind == "TIMESTAMP WITH TIME ZONE":
        return "timestamptz", _moment
    if kind in ("DATE", "BOOLEAN", "NUMERIC", "BYTEA", "INTERVAL"):
        return kind.lower(), None
    return "text", _text


def _uuid(value: Any) -> Any:
    return UUID(value) if isinstance(value, str) else value


def _integer(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


def _moment(value: Any) -> Any:
    if isinstance(value, datetime) and value.tzinfo is None:
        raise UnknownRow(f"{value} has no time zone")
    return value


def _text(value: Any) -> Any:
    if isinstance(value, Enum):
        value = value.value
    return value if value is None or type(value) is str else str(value)


def _json(value: Any) -> Any:
    return None if value is None else msgspec.json.encode(value, enc_hook=_plain).decode()


def _plain(value: Any) -> Any:
    dump = getattr(value, "model_dump", None)
    if dump is None:
        raise NotImplementedError(f"{type(value).__name__} has no JSON form")
    return dump(mode="json")


def _array(value: Any) -> Any:
    """An array as PostgreSQL's literal, since unnest would flatten an array of arrays."""
    if value is None:
        return None
    members = sorted(value, key=str) if isinstance(value, set | frozenset) else list(value)
    members = [member.value if isinstance(member, Enum) else member for member in members]
    literal = ListDumper(list).dump(members)
    return bytes(literal or b"{}").decode()
