"""How far a search for cover has come."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

from shared.contracts.assignments.cover import (
    CoverAccepted,
    CoverCancelled,
    CoverDeclined,
    CoverExpired,
    CoverGivenBack,
    CoverPartiallyAccepted,
    CoverRequested,
)

CoverFact: TypeAlias = (
    CoverRequested
    | CoverAccepted
    | CoverPartiallyAccepted
    | CoverDeclined
    | CoverGivenBack
    | CoverCancelled
    | CoverExpired
)


@dataclass(frozen=True, slots=True)
class Taken:
    """Days that a mentor agreed to cover."""

    mentor_id: UUID
    days: tuple[date, ...]
    mentor_slot: int = 1


@dataclass(frozen=True, slots=True)
class Search:
    """What was asked for, the days nobody has taken, those that somebody has, and those nobody was found for."""

    requested: CoverRequested
    left: tuple[date, ...]
    expires_at: datetime
    taken: tuple[Taken, ...] = ()
    given_up: tuple[date, ...] = ()
    declined: frozenset[UUID] = frozenset()
    given_back: bool = False

    @property
    def asked_now(self) -> UUID | None:
        """Of an individual search, the one whose answer is waited for."""
        answered = self.declined | {one.mentor_id for one in self.taken}
        return next((one for one in self.requested.asked if one not in answered), None)


@dataclass(frozen=True, slots=True)
class NotAsked:
    """Nobody looks for cover."""


@dataclass(frozen=True, slots=True)
class Open:
    """Some days are not taken yet."""

    search: Search


@dataclass(frozen=True, slots=True)
class Filled:
    """Somebody covers every day that needs it."""

    search: Search


@dataclass(frozen=True, slots=True)
class Closed:
    """Nobody is looked for any more; some days may be covered all the same."""

    search: Search


Cover: TypeAlias = NotAsked | Open | Filled | Closed
