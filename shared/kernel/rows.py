"""What a projection answers with: changes of single rows, by key. Order within one fact does not matter."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Put:
    """Make the row, or set these columns of it and leave the others alone."""

    table: str
    key: Mapping[str, Any]
    set: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Add:
    """Make the row with these numbers, or add them to what it has."""

    table: str
    key: Mapping[str, Any]
    by: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Drop:
    """Remove the row; no complaint when it is not there."""

    table: str
    key: Mapping[str, Any]


Row: TypeAlias = Put | Add | Drop
