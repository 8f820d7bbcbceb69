"""What is said before something ends: the window, the ladder of days left, the day to have renewed by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias, get_args
from uuid import UUID

from services.training.domain.standing import Compliance, Told, certification, counts
from shared.contracts.training.certification import (
    CertificationExpiring,
    CertificationGranted,
    CertificationOverdue,
    CertificationWindowOpened,
)
from shared.contracts.training.clearance import ClearanceExpiring
from shared.contracts.words.training import ClearanceKind, DaysLeft

RUNGS: tuple[DaysLeft, ...] = get_args(DaysLeft)


@dataclass(frozen=True, slots=True)
class OpenWindow:
    """A certification may be renewed from now on."""

    certification_id: UUID
    on: date


@dataclass(frozen=True, slots=True)
class TellExpiring:
    """A certification has so many days left."""

    certification_id: UUID
    days_left: DaysLeft
    on: date


@dataclass(frozen=True, slots=True)
class TellOverdue:
    """The day to have renewed by is over."""

    certification_id: UUID
    on: date


@dataclass(frozen=True, slots=True)
class TellRecheck:
    """A clearance is to be rechecked in so many days."""

    kind: ClearanceKind
    issued_on: date
    days_left: DaysLeft
    on: date


LadderCommand: TypeAlias = OpenWindow | TellExpiring | TellOverdue | TellRecheck


def rungs(last_day: date, known_on: date) -> list[tuple[DaysLeft, date]]:
    """The days on which something is said about what ends on that day; those before it was known are past."""
    days: list[tuple[DaysLeft, date]] = [(left, last_day - timedelta(days=left)) for left in RUNGS]
    return [(left, day) for left, day in days if day >= known_on]


def climb(state: Compliance, command: LadderCommand) -> Sequence[Told]:
    """What is to be said, once, and only while nothing newer follows."""
    found: Told | None
    if isinstance(command, TellRecheck):
        found = _recheck(state, command)
    else:
        held = certification(state, command.certification_id)
        found = None if _is_settled(state, held) else _tell(held, command)
    return () if found is None or found in state.told else (found,)


def _is_settled(state: Compliance, held: CertificationGranted) -> bool:
    """Whether it is over, was taken back, or is followed by another without a gap."""
    if held.valid_until is None or held.certification_id in state.expired | state.revoked.keys():
        return True
    return counts(state, held.track, held.valid_until + timedelta(days=1))


def _tell(held: CertificationGranted, command: OpenWindow | TellExpiring | TellOverdue) -> Told | None:
    who = held.model_dump(include={"certification_id", "mentor_id", "track", "valid_until"})
    assert held.valid_until is not None
    match command:
        case OpenWindow(on=on) if held.window_opens_on is not None and on >= held.window_opens_on:
            return CertificationWindowOpened(**who, opened_on=held.window_opens_on)
        case TellExpiring(days_left=left, on=on) if on >= held.valid_until - timedelta(days=left):
            return CertificationExpiring(**who, days_left=left)
        case TellOverdue(on=on) if held.renew_by is not None and on > held.renew_by:
            return CertificationOverdue(**who, renew_by=held.renew_by)
        case _:
            return None


def _recheck(state: Compliance, command: TellRecheck) -> ClearanceExpiring | None:
    seen = state.clearances.get((command.kind, command.issued_on))
    if seen is None or (command.kind, command.issued_on) in state.withdrawn or command.kind in state.lapsed:
        return None
    due = seen.recheck_due_on
    if due is None or command.on < due - timedelta(days=command.days_left):
        return None
    if counts(state, command.kind, due + timedelta(days=1)):
        return None
    return ClearanceExpiring(
        mentor_id=seen.mentor_id,
        kind=seen.kind,
        issued_on=seen.issued_on,
        days_left=command.days_left,
        recheck_due_on=due,
    )
