"""The timetable of an assignment: set, set again, ended; and how far ahead sessions are made of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from services.sessions.domain.slots import check_slots, check_zone
from services.sessions.domain.timetable_commands import Command, End, Expand, SetSlots
from shared.contracts.sessions.timetable import (
    OfTimetable,
    TimetableEnded,
    TimetableExpanded,
    TimetableSet,
)
from shared.contracts.words.calendar import ExpandedBecause
from shared.kernel.decider import Claim, Decider, Refused

# Policy values.
HORIZON = timedelta(days=28)
"""So many days ahead sessions are made."""
EXTENDED_EVERY = timedelta(days=7)
"""So often the days that the horizon has come to include are added."""

TimetableFact: TypeAlias = TimetableSet | TimetableEnded | TimetableExpanded


@dataclass(frozen=True, slots=True)
class Unset:
    """Nobody has set it yet."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A timetable. `first_day` is the earliest that was ever set; `ended_on` the first day without it."""

    latest: TimetableSet
    first_day: date
    expanded: TimetableExpanded | None = None
    ended_on: date | None = None


Timetable: TypeAlias = Unset | Kept


def decide(state: Timetable, command: Command) -> Sequence[TimetableFact]:
    if isinstance(command, SetSlots):
        return _set(state, command)
    if isinstance(state, Unset):
        raise Refused("timetable_unknown", "There is no such timetable; set it first.")
    match command:
        case End():
            return _end(state, command)
        case Expand(because, cause, at):
            if state.expanded and state.expanded.caused_by == cause:
                return ()
            return (_expanded(state, because, at, cause),)


def evolve(state: Timetable, fact: TimetableFact) -> Timetable:
    match state, fact:
        case Unset(), TimetableSet():
            return Kept(fact, fact.effective_from)
        case Kept(), TimetableSet():
            return replace(state, latest=fact, first_day=min(state.first_day, fact.effective_from))
        case Kept(), TimetableExpanded():
            return replace(state, expanded=fact)
        case Kept(), TimetableEnded(ended_on=day):
            return replace(state, ended_on=day)
        case _:
            return state


def claims(state: Timetable) -> frozenset[Claim]:
    """An assignment has one timetable at a time."""
    match state:
        case Kept(latest, first_day, _, ended_on) if ended_on is None or first_day < ended_on:
            message = "This assignment has a timetable in that time; change that one, or end it first."
            claim = Claim(
                f"timetable:{latest.assignment_id}",
                "timetable_exists",
                message,
                since=_midnight(first_day),
                until=None if ended_on is None else _midnight(ended_on),
            )
            return frozenset((claim,))
        case _:
            return frozenset()


timetable: Decider[Timetable, Command] = Decider("timetable", Unset(), decide, evolve, claims)


def _set(state: Timetable, command: SetSlots) -> Sequence[TimetableFact]:
    slots, since, until = check_slots(command.slots), command.effective_from, command.effective_until
    check_zone(command.time_zone)
    if until is not None and until <= since:
        raise Refused("invalid_effective_until", "The first day without these slots comes after their first.")
    if isinstance(state, Kept):
        if state.ended_on is not None:
            raise Refused("timetable_ended", "This timetable has ended; set a new one for the assignment.")
        before = state.latest
        as_before = (before.slots, before.effective_from, before.effective_until, before.time_zone)
        if as_before == (slots, since, until, command.time_zone):
            return ()
    whose = _whose(state.latest) if isinstance(state, Kept) else _whose_of(command)
    settled = TimetableSet(
        **whose,
        slots=slots,
        effective_from=since,
        effective_until=until,
        time_zone=command.time_zone,
        set_at=command.at,
    )
    kept = evolve(state, settled)
    assert isinstance(kept, Kept)
    return (settled, _expanded(kept, "timetable_set", command.at))


def _end(state: Kept, command: End) -> Sequence[TimetableFact]:
    day = command.ended_on
    if state.ended_on is not None and state.ended_on <= day:
        return ()
    ended = TimetableEnded(**_whose(state.latest), reason=command.reason, ended_on=day, ended_at=command.at)
    return (ended, _expanded(replace(state, ended_on=day), "timetable_ended", command.at))


def _expanded(
    state: Kept, because: ExpandedBecause, at: datetime, cause: UUID | None = None
) -> TimetableExpanded:
    """What is planned now, and when more is; nothing more once the last day is planned."""
    latest, before = state.latest, state.expanded
    horizon = at.astimezone(ZoneInfo(latest.time_zone)).date() + HORIZON
    until = max(horizon, before.expanded_until) if before else horizon
    ends = [day for day in (state.ended_on, latest.effective_until) if day is not None]
    over = any(day <= until for day in ends)
    return TimetableExpanded(
        **_whose(latest),
        because=because,
        caused_by=cause,
        expanded_until=until,
        next_at=None if over else at + EXTENDED_EVERY,
        expanded_at=at,
    )


def _whose(fact: OfTimetable) -> dict[str, Any]:
    return {name: getattr(fact, name) for name in OfTimetable.model_fields}


def _whose_of(command: SetSlots) -> dict[str, Any]:
    support = command.support
    if support is None or (support.ended_on is not None and support.ended_on <= command.effective_from):
        message = (
            f"There is no assignment on {command.effective_from}; assign a mentor, then set the timetable."
        )
        raise Refused("no_active_assignment", message)
    return {
        "timetable_id": command.timetable_id,
        "assignment_id": support.assignment_id,
        "mentor_id": support.mentor_id,
        "child_id": support.child_id,
        "school_id": support.school_id,
    }


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
