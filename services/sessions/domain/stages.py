"""How far a session has come: one class for each stage, and what is known at it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from shared.contracts.sessions.session import SessionScheduled
from shared.contracts.sessions.session_amendment import SessionAmended
from shared.contracts.sessions.session_log import SessionLogDrafted, SessionLogged
from shared.contracts.words.sessions import Rating


@dataclass(frozen=True, slots=True)
class Coming:
    """Scheduled. `overdue`: how many minutes ago it should have begun, as found so far."""

    overdue: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Missed:
    """Its end came and nobody had started it."""

    overdue: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Begun:
    """The log is wanted: InProgress; AwaitingLog once finished; Draft; Returned.

    `overdue`: for how many hours the log has been wanted, as found so far.
    """

    started_at: datetime
    finished_at: datetime | None = None
    presumed: bool = False
    draft: SessionLogDrafted | None = None
    returned_at: datetime | None = None
    submissions: int = 0
    overdue: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Submitted:
    """The log was handed in; `approved` once somebody else has checked it."""

    begun: Begun
    log: SessionLogged
    ratings: frozenset[tuple[UUID, Rating]] = frozenset()
    approved: bool = False


@dataclass(frozen=True, slots=True)
class Locked:
    """Final: amended, and never edited. `record` is what counts now, `paid` its whole minutes for pay."""

    record: SessionLogged | SessionAmended
    paid: int
    amendments: int = 0


@dataclass(frozen=True, slots=True)
class Cancelled:
    """It did not take place, and somebody decided so."""


@dataclass(frozen=True, slots=True)
class Voided:
    """It does not count."""


Stage: TypeAlias = Coming | Missed | Begun | Submitted | Locked | Cancelled | Voided


@dataclass(frozen=True, slots=True)
class Unplanned:
    """Nobody has scheduled it yet."""


@dataclass(frozen=True, slots=True)
class Known:
    """A session: as it is planned now, how far it has come, and when work with the whole class was refused."""

    plan: SessionScheduled
    stage: Stage = field(default_factory=Coming)
    breaches: frozenset[datetime] = frozenset()


Session: TypeAlias = Unplanned | Known
