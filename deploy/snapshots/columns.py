"""The columns of a fact's table, typed from its contract, and how its JSON becomes their values."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import pyarrow as pa
from pydantic import AwareDatetime, BaseModel
from pydantic_core import PydanticUndefined, to_jsonable_python

from deploy.snapshots.leaving import PLAIN_TEXTS, names_somebody
from deploy.snapshots.pseudonyms import Pseudonyms
from shared.contracts.fact import Contract

Convert: TypeAlias = Callable[[Any], Any]

MOMENT = pa.timestamp("us", "UTC")
MONEY = pa.decimal128(38, 9)
REQUIRED = object()
"""Stands where a field without a default is not in the stored data."""


class LeftOut(Exception):
    """This field does not leave the house; the message says why."""


@dataclass(frozen=True, slots=True)
class Column:
    """`convert` makes the value from the JSON; `default` is the JSON of a field that an older fact lacks."""

    name: str
    type: pa.DataType
    convert: Convert
    default: Any = REQUIRED


def columns_of(contract: Contract, under: Pseudonyms) -> tuple[list[Column], dict[str, str]]:
    """The columns of its open fields, and why each other field is left out."""
    found, left_out = [], {}
    for name, field in contract.model.model_fields.items():
        if name in contract.personal:
            left_out[name] = "personal"
            continue
        try:
            kind, convert = _typed(field.annotation, f"{contract.name}.{name}", under)
        except LeftOut as why:
            left_out[name] = str(why)
            continue
        default = field.get_default(call_default_factory=True)
        default = REQUIRED if default is PydanticUndefined else to_jsonable_python(default)
        found.append(Column(name, kind, convert, default))
    return found, left_out


def _typed(wanted: Any, place: str, under: Pseudonyms) -> tuple[pa.DataType, Convert]:
    """The type of a field or of a part of one. Raises LeftOut."""
    origin, args = get_origin(wanted), get_args(wanted)
    if origin is Annotated:
        return _typed(args[0], place, under)
    if origin in (Union, UnionType) and NoneType in args:
        kind, convert = _typed(Union[tuple(one for one in args if one is not NoneType)], place, under)  # noqa: UP007
        return kind, lambda value: None if value is None else convert(value)
    if origin is tuple and args[1:] == (Ellipsis,):
        kind, convert = _typed(args[0], place, under)
        return pa.list_(pa.field("element", kind)), lambda value: [convert(one) for one in value]
    if words := _closed(wanted):
        return (pa.int64() if isinstance(words[0], int) else pa.string()), _same
    if isinstance(wanted, type) and origin is None:
        return _plain(wanted, place, under)
    raise LeftOut("its type has no column")


def _plain(wanted: type, place: str, under: Pseudonyms) -> tuple[pa.DataType, Convert]:
    if wanted is str:
        return _text(place, under)
    if wanted is UUID:
        return pa.string(), under.of_id
    if wanted is AwareDatetime or issubclass(wanted, datetime):
        return MOMENT, datetime.fromisoformat
    if (found := _SIMPLE.get(wanted)) is not None:
        return found
    if issubclass(wanted, BaseModel) or is_dataclass(wanted):
        return _struct(wanted, under)
    raise LeftOut("its type has no column")


_SIMPLE: Mapping[type, tuple[pa.DataType, Convert]] = {
    bool: (pa.bool_(), lambda value: value),
    int: (pa.int64(), lambda value: value),
    date: (pa.date32(), date.fromisoformat),
    Decimal: (MONEY, lambda value: Decimal(str(value))),
}


def _same(value: Any) -> Any:
    return value


def _text(place: str, under: Pseudonyms) -> tuple[pa.DataType, Convert]:
    if names_somebody(place.rsplit(".", 1)[1]):
        return pa.string(), under.of_person
    if place in PLAIN_TEXTS:
        return pa.string(), _same
    raise LeftOut("text")


def _closed(wanted: Any) -> tuple[Any, ...]:
    """The words of a closed list, or of several in one; none if it is something else."""
    if get_origin(wanted) is Literal:
        return get_args(wanted)
    if get_origin(wanted) in (Union, UnionType):
        parts = [_closed(one) for one in get_args(wanted)]
        return tuple(word for part in parts for word in part) if all(parts) else ()
    return ()


def _struct(wanted: type, under: Pseudonyms) -> tuple[pa.DataType, Convert]:
    """A part with fields of its own. What of them does not leave is not in it; LeftOut when nothing does."""
    parts: dict[str, tuple[pa.DataType, Convert]] = {}
    names: Iterable[str] = ()
    if issubclass(wanted, BaseModel):
        names = wanted.model_fields
    elif is_dataclass(wanted):
        names = [one.name for one in fields(wanted)]
    hints = get_type_hints(wanted)
    for name in names:
        try:
            parts[name] = _typed(hints[name], f"{wanted.__name__}.{name}", under)
        except LeftOut:
            continue
    if not parts:
        raise LeftOut("text")
    converts = [(name, convert) for name, (_, convert) in parts.items()]

    def convert(value: Mapping[str, Any]) -> dict[str, Any]:
        return {name: None if value.get(name) is None else one(value[name]) for name, one in converts}

    return pa.struct([pa.field(name, kind) for name, (kind, _) in parts.items()]), convert
