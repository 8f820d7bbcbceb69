"""PostgreSQL arrays in binary form, packed in one go: psycopg's own lists cost more than the append itself."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from struct import Struct, pack
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.adapt import Dumper
from psycopg.pq import Format

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_INFINITY = 2**63 - 1

_header = Struct("!iiIii").pack
_length = Struct("!i").pack
_bigint = Struct("!iq").pack
_int = Struct("!ii").pack
_pair = Struct("!ii").iter_unpack


class PackedArray:
    """A one-dimensional array without nulls, ready for the wire. `oid` is the array type's."""

    __slots__ = ("data",)
    oid: int

    def __init__(self, data: bytes) -> None:
        self.data = data


class Uuids(PackedArray):
    oid = 2951


class Bigints(PackedArray):
    oid = 1016


class Ints(PackedArray):
    oid = 1007


class Texts(PackedArray):
    oid = 1009


class Blobs(PackedArray):
    oid = 1001


class Times(PackedArray):
    oid = 1185


# The array types of the append function's parameters, in order.
APPENDED = (
    Uuids, Bigints,
    Ints, Bigints, Texts, Blobs,
    Ints, Texts, Times, Times,
    Ints, Texts, Times,
    Ints, Texts, Blobs, Ints, Blobs, Bigints,
)  # fmt: skip


def ints_in(data: bytes | None) -> list[int]:
    """The elements of an int[] in binary form, none for NULL: after a head of 20 bytes, length and value each."""
    return [value for _, value in _pair(data[20:])] if data and len(data) > 12 else []


def uuids(values: Sequence[UUID]) -> Uuids:
    return Uuids(_pack(2950, len(values), (b"\0\0\0\x10" + value.bytes for value in values)))


def bigints(values: Sequence[int]) -> Bigints:
    return Bigints(_pack(20, len(values), (_bigint(8, value) for value in values)))


def ints(values: Sequence[int]) -> Ints:
    return Ints(_pack(23, len(values), (_int(4, value) for value in values)))


def texts(values: Sequence[str]) -> Texts:
    return Texts(_pack(25, len(values), _sized(value.encode() for value in values)))


def blobs(values: Sequence[bytes]) -> Blobs:
    return Blobs(_pack(17, len(values), _sized(values)))


def times(values: Sequence[datetime | None], none: int) -> Times:
    """Aware times; None stands for infinity in the direction of `none` (-1 or 1)."""
    return Times(_pack(1184, len(values), (_bigint(8, _microseconds(value, none)) for value in values)))


def _microseconds(value: datetime | None, none: int) -> int:
    if value is None:
        return _INFINITY if none > 0 else -_INFINITY - 1
    since = value - _EPOCH
    return (since.days * 86400 + since.seconds) * 1_000_000 + since.microseconds


def _sized(values: Iterable[bytes]) -> Iterable[bytes]:
    return (part for value in values for part in (_length(len(value)), value))


def _pack(element: int, count: int, parts: Iterable[bytes]) -> bytes:
    if not count:
        return pack("!iiI", 0, 0, element)
    return _header(1, 0, element, count, 1) + b"".join(parts)


class _PackedDumper(Dumper):
    format = Format.BINARY

    def dump(self, obj: PackedArray) -> bytes:
        return obj.data


def register(connection: AsyncConnection[Any]) -> None:
    """Teach a connection to send packed arrays."""
    kinds: tuple[type[PackedArray], ...] = (Uuids, Bigints, Ints, Texts, Blobs, Times)
    for kind in kinds:
        dumper = type(f"{kind.__name__}Dumper", (_PackedDumper,), {"oid": kind.oid})
        connection.adapters.register_dumper(kind, dumper)
