"""What can be asked of a timetable; `at` is now."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

from services.sessions.domain.permission import Support
from shared.contracts.sessions.timetable import Slot
from shared.contracts.words.calendar import ExpandedBecause, TimetableEndReason


@dataclass(frozen=True, slots=True)
class SetSlots:
    """These are the weekly slots from that day on. `support` is the assignment, as heard of."""

    timetable_id: UUID
    support: Support | None
    slots: tuple[Slot, ...]
    effective_from: date
    effective_until: date | None
    time_zone: str
    at: datetime


@dataclass(frozen=True, slots=True)
class End:
    """No sessions are made for that day and later."""

    ended_on: date
    reason: TimetableEndReason
    at: datetime


@dataclass(frozen=True, slots=True)
class Expand:
    """Make the sessions of the days up to the horizon, and put right those that were made.

    `cause` is the id of what made it necessary: once for each is enough.
    """

    because: ExpandedBecause
    cause: UUID
    at: datetime


Command: TypeAlias = SetSlots | End | Expand
