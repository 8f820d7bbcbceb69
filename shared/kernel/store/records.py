"""What goes into the store, what comes out, and the precise ways in which it says no."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from shared.kernel.decider import Claim


class StoredEvent(NamedTuple):
    """One row of the log. `position` is dense over the store, `version` over the stream; both start at 1."""

    position: int
    stream: UUID
    version: int
    topic: str
    state: bytes


@dataclass(frozen=True, slots=True)
class Request:
    """An idempotency key, what was asked under it (`fingerprint`), and the answer kept for whoever asks again.

    `position` and `version` are known when it is read back.
    """

    key: str
    fingerprint: bytes
    status: int
    response: bytes
    position: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class Append:
    """Facts for one stream, and whatever must come true with them or not at all.

    `expected` is the stream's version before (0: it must not exist yet). `events` are (topic, bytes). Without
    events only the request is kept.
    """

    stream: UUID
    expected: int
    events: Sequence[tuple[str, bytes]]
    take: frozenset[Claim] = frozenset()
    release: frozenset[Claim] = frozenset()
    request: Request | None = None


@dataclass(frozen=True, slots=True)
class Appended:
    """Where the facts stand: `position` of the last one in the store, `version` of the stream after it."""

    position: int
    version: int


class VersionConflict(Exception):
    """Somebody else wrote to the stream first: load it again and decide again."""


class StoreUnavailable(Exception):
    """The database did not answer in time. Whether the command was recorded is unknown: ask with the same key."""


class ClaimTaken(Exception):
    """Another stream holds a claim that overlaps this one."""

    def __init__(self, claim: Claim) -> None:
        super().__init__(claim.key)
        self.claim = claim


class RequestSeen(Exception):
    """The idempotency key was used before: here is what was answered then."""

    def __init__(self, request: Request) -> None:
        super().__init__(request.key)
        self.request = request
