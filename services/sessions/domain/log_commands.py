"""What can be asked of the log of a session; `by` is who asks, `at` is now (UTC)."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from services.sessions.domain.permission import Support
from shared.contracts.words.sessions import Activity, AmendReason, Rating, Ratio, VoidReason
from shared.contracts.words.support import Area


@dataclass(frozen=True, slots=True)
class Draft:
    """Keep what is there of a log; anything may still be missing."""

    activities: tuple[Activity, ...]
    contact_minutes: int | None
    ratio: Ratio | None
    incidental_help: bool
    notes: str
    at: datetime
    areas: tuple[Area, ...] = ()


@dataclass(frozen=True, slots=True)
class Log:
    """Hand in what was done. `late_reason` is a coordinator's; the API lets nobody else give one.

    `ratings` are of `outcomes`, those of the child's provision. `cut_off_at` is the payroll cut-off of the pay
    period on whose days the session lies, if that period was opened.
    """

    activities: tuple[Activity, ...]
    contact_minutes: int
    ratio: Ratio
    incidental_help: bool
    notes: str
    support: Support | None
    at: datetime
    by: str
    late_reason: str | None = None
    areas: tuple[Area, ...] = ()
    ratings: tuple[tuple[UUID, Rating], ...] = ()
    outcomes: frozenset[UUID] = frozenset()
    cut_off_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Return:
    """It goes back to the mentor."""

    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Approve:
    """Its minutes are verified, by somebody who did not hand it in."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Lock:
    """An approved log is final; the pay period is closed."""

    period_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Amend:
    """What a locked log should have said, or one that did not come before the payroll cut-off.

    `notes` None leaves the notes as they are.
    """

    reason_code: AmendReason
    reason: str
    activities: tuple[Activity, ...]
    contact_minutes: int
    ratio: Ratio
    incidental_help: bool
    notes: str | None
    support: Support | None
    cut_off_at: datetime | None
    by: str
    at: datetime
    areas: tuple[Area, ...] = ()


@dataclass(frozen=True, slots=True)
class Void:
    """It does not count; what is on record stays readable."""

    reason_code: VoidReason
    reason: str
    by: str
    at: datetime


LogCommand: TypeAlias = Draft | Log | Return | Approve | Lock | Amend | Void
