"""The tables that projections write to, and how each column's values travel to PostgreSQL."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, TypeAlias
from uuid import UUID

import msgspec
from psycopg.types.array import ListDumper

from shared.contracts.words.privacy import Unreadable

Adapt = Callable[[Any], Any]
Kind: TypeAlias = type


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
    plain: frozenset[Kind] = frozenset()
    """Values of these very types need no adapting."""

    def adapted(self, values: Sequence[Any]) -> list[Any]:
        """Values of this column as they travel. Looking at their types takes a third of adapting each."""
        if self.adapt is None or self.plain.issuperset(map(type, values)):
            return list(values)
        return [self.adapt(value) for value in values]

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
    lone: type | None
    owned: bool = False
    statements: dict[Any, str] = field(default_factory=dict, compare=False, repr=False)

    @property
    def qualified(self) -> str:
        return f"{quote(self.schema)}.{quote(self.name)}"

    def place(self, key: Mapping[str, Any]) -> Any:
        """What tells rows apart in memory, the same for equal keys of different types. Raises UnknownRow."""
        value: Any = key.get(self.key[0]) if len(key) == 1 else None
        kind = type(value)
        if kind is self.lone:
            # A number is found twice as fast as a UUID, whose hash and equality are Python.
            return value.int if kind is UUID else value
        values = self.key_of(key)
        if len(values) == 1:
            return values[0].int if type(values[0]) is UUID else values[0]
        return values

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


def travel(name: str) -> tuple[str, Adapt | None]:
    """The type whose arrays carry values of an SQL type, and what is done to each value before."""
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
        return kind.lower(), _readable
    return "text", _text


def _readable(value: Any) -> Any:
    """Only a text can say that it can't be read: any other column holds nothing then."""
    return None if isinstance(value, Unreadable) else value


def _uuid(value: Any) -> Any:
    return UUID(value) if isinstance(value, str) else value


def _integer(value: Any) -> Any:
    if isinstance(value, Unreadable):
        return None
    return value.value if isinstance(value, Enum) else value


def _moment(value: Any) -> Any:
    if isinstance(value, Unreadable):
        return None
    if isinstance(value, datetime) and value.tzinfo is None:
        raise UnknownRow(f"{value} has no time zone")
    return value


def _text(value: Any) -> Any:
    if isinstance(value, Enum):
        value = value.value
    return value if value is None or type(value) is str else str(value)


# The types that an adapter leaves alone.
PLAIN: Mapping[Adapt | None, frozenset[type]] = {
    _uuid: frozenset((UUID, type(None))),
    _integer: frozenset((int, type(None))),
    _text: frozenset((str, type(None))),
    _readable: frozenset((date, bool, int, Decimal, bytes, timedelta, type(None))),
}


def _json(value: Any) -> Any:
    if value is None or isinstance(value, Unreadable):
        return None
    return msgspec.json.encode(value, enc_hook=_plain).decode()


def _plain(value: Any) -> Any:
    dump = getattr(value, "model_dump", None)
    if dump is None:
        raise NotImplementedError(f"{type(value).__name__} has no JSON form")
    return dump(mode="json")


def _array(value: Any) -> Any:
    """An array as PostgreSQL's literal, since unnest would flatten an array of arrays."""
    if value is None or isinstance(value, Unreadable):
        return None
    members = sorted(value, key=str) if isinstance(value, set | frozenset) else list(value)
    members = [member.value if isinstance(member, Enum) else member for member in members]
    literal = ListDumper(list).dump(members)
    return bytes(literal or b"{}").decode()
