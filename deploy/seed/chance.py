"""Chance that can be repeated: the same seed and name give the same numbers, ids and choices."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from random import Random
from typing import TypeVar
from uuid import UUID

T = TypeVar("T")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class Chance:
    """A source of chance of its own for each name, so that one part's draws never move another's."""

    def __init__(self, seed: int, *names: object) -> None:
        whole = "/".join(map(str, (seed, *names))).encode()
        self.random = Random(int.from_bytes(sha256(whole).digest()[:16]))

    def of(self, share: float) -> bool:
        """True in this share of cases."""
        return self.random.random() < share

    def pick(self, choices: Sequence[T]) -> T:
        return choices[int(self.random.random() * len(choices))]

    def some(self, choices: Sequence[T], count: int) -> list[T]:
        """So many different ones, in their order."""
        chosen = set(self.random.sample(range(len(choices)), count))
        return [choice for at, choice in enumerate(choices) if at in chosen]

    def between(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return low + int(self.random.random() * (high - low + 1))

    def minutes(self, low: int, high: int) -> timedelta:
        """A span to the second."""
        return timedelta(seconds=self.between(low * 60, high * 60))

    def id(self, at: datetime) -> UUID:
        """A UUIDv7 of this moment (RFC 9562)."""
        bits = self.random.getrandbits(74)
        milliseconds = (at - _EPOCH) // _MILLISECOND
        return UUID(
            int=milliseconds << 80 | 0x7 << 76 | (bits >> 62) << 64 | 0b10 << 62 | (bits & (1 << 62) - 1)
        )

    def salt(self) -> str:
        """128 bits in hexadecimal."""
        return f"{self.random.getrandbits(128):032x}"
