"""What a projection answers with: changes of single rows, by key. Order within one fact does not matter."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import msgspec


class Put(msgspec.Struct, frozen=True):
    """Make the row, or set these columns of it and leave the others alone."""

    table: str
    key: Mapping[str, Any]
    set: Mapping[str, Any]


class Add(msgspec.Struct, frozen=True):
    """Make the row with these numbers, or add them to what it has."""

    table: str
    key: Mapping[str, Any]
    by: Mapping[str, int]


class Drop(msgspec.Struct, frozen=True):
    """Remove the row; no complaint when it is not there."""

    table: str
    key: Mapping[str, Any]


Row: TypeAlias = Put | Add | Drop
