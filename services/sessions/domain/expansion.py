"""From what a timetable wants to what is to be done: which sessions to plan, to move, to call off."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Literal, NamedTuple, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from services.sessions.domain.occasions import Hindrance, Known, Occasion, cover_on, occasions, own_support
from shared.contracts.words.sessions import CancelledBy, CancelReason

LATE_BEGIN, SHORTEST_REST = timedelta(minutes=5), timedelta(minutes=15)
"""Cover of a slot that has begun starts on the next five minutes, when so much of the slot is left."""

# What the house's rules called off, and plan again once the reason is gone.
PASSING: frozenset[CancelReason] = frozenset(
    (
        "mentor_stood_down",
        "mentor_suspended",
        "mentor_on_leave",
        "mentor_absent",
        "child_absent",
        "assignment_paused",
        "assignment_ended",
        "covered",
        "cover_ended",
        "school_closed",
        "timetable_changed",
    )
)
MadeState: TypeAlias = Literal["coming", "passing", "settled"]


@dataclass(frozen=True, slots=True)
class Made:
    """A session that was made of the timetable. `passing`: the house called it off for a PASSING reason.

    `settled`: it began, was missed, or somebody decided against it. `by_hand`: somebody moved it.
    """

    session_id: UUID
    day: date
    starts_at: datetime
    ends_at: datetime
    state: MadeState
    by_hand: bool = False


class Plan(NamedTuple):
    """A session that is missing."""

    session_id: UUID
    occasion: Occasion


class Move(NamedTuple):
    """A session that is at another time than the timetable says."""

    session_id: UUID
    occasion: Occasion


class CallOff(NamedTuple):
    """A session that is not wanted."""

    session_id: UUID
    by: CancelledBy
    reason: CancelReason
    chargeable: bool | None


Step: TypeAlias = Plan | Move | CallOff

# The reasons that only the calendar or the assignment knows; of an absence or a lost clearance others take care.
_CALLED_OFF: Mapping[Hindrance, CancelReason] = {
    "no_calendar": "school_closed",
    "school_closed": "school_closed",
    "no_assignment": "assignment_ended",
    "assignment_paused": "assignment_paused",
    "child_paused": "assignment_paused",
}


def find(occasion: Occasion, timetable_id: UUID, made: Mapping[UUID, Made]) -> tuple[Made | None, UUID]:
    """The session of an occasion, if any counts, and the id that it has or would have."""
    nth = 0
    while found := made.get(occasion.session_id(timetable_id, nth)):
        if found.state != "passing":
            return found, found.session_id
        nth += 1
    return None, occasion.session_id(timetable_id, nth)


def steps(known: Known, sessions: Sequence[Made], now: datetime) -> tuple[Step, ...]:
    """What is to be done, in an order in which no step is in the way of the next. What has begun stays."""
    made = {session.session_id: session for session in sessions}
    today = _local_day(known, now)
    plans: list[Plan] = []
    moves: list[Move] = []
    off: list[CallOff] = []
    wanted: set[UUID] = set()
    for occasion in occasions(known, today, today):
        found, session_id = find(occasion, known.timetable_id, made)
        wanted.add(session_id)
        if found is None:
            if ready := _still_possible(occasion, now):
                plans.append(Plan(session_id, ready))
        elif found.state == "coming" and found.starts_at > now and not found.by_hand:
            if occasion.hindrance:
                if reason := _CALLED_OFF.get(occasion.hindrance):
                    off.append(CallOff(session_id, "agency", reason, None))
            elif (found.starts_at, found.ends_at) != (occasion.starts_at, occasion.ends_at):
                if occasion.starts_at > now:
                    moves.append(Move(session_id, occasion))
                else:  # it would have been earlier today
                    off.append(CallOff(session_id, "agency", "timetable_changed", False))
    for session in sessions:
        if session.state == "coming" and session.session_id not in wanted:
            off.extend(_stray(known, session, now))
    return (*off, *_in_order(moves, made), *plans)


def _still_possible(occasion: Occasion, now: datetime) -> Occasion | None:
    """The occasion when a session can be planned for it; cover may still take over what has begun."""
    if occasion.hindrance or occasion.support is None:
        return None
    if occasion.starts_at > now:
        return occasion
    begins = now + (datetime.min.replace(tzinfo=UTC) - now) % LATE_BEGIN
    if occasion.support.role == "cover" and occasion.ends_at - begins >= SHORTEST_REST:
        return replace(occasion, starts_at=begins)
    return None


def _stray(known: Known, session: Made, now: datetime) -> Iterator[CallOff]:
    """A session that no slot wants: the slot is gone, the mentor is, or somebody covers that day."""
    if cover_on(known, session.day) is not None:
        # Also when its time has begun and nobody came: whoever covers needs the time.
        if session.ends_at > now:
            yield CallOff(session.session_id, "agency", "covered", False)
    elif session.starts_at > now:
        own = own_support(known)
        over = own is None or (own.ended_on is not None and own.ended_on <= session.day)
        yield CallOff(
            session.session_id, "agency", "assignment_ended" if over else "timetable_changed", False
        )


def _in_order(moves: Sequence[Move], made: Mapping[UUID, Made]) -> Iterator[Move]:
    """The moves so that none goes where another session of the timetable still is.

    There is always one that can go first: a day's sessions keep their order.
    """
    waiting = list(moves)
    at = {move.session_id: made[move.session_id] for move in moves}
    while waiting:
        move = next((move for move in waiting if not _in_the_way(move, at)), waiting[0])
        waiting.remove(move)
        del at[move.session_id]
        yield move


def _in_the_way(move: Move, at: Mapping[UUID, Made]) -> bool:
    return any(
        other.starts_at < move.occasion.ends_at and move.occasion.starts_at < other.ends_at
        for session_id, other in at.items()
        if session_id != move.session_id
    )


def _local_day(known: Known, now: datetime) -> date:
    """Today at the school, or UTC's when the timetable tells no zone."""
    zone = known.versions[-1].time_zone if known.versions else "UTC"
    return now.astimezone(ZoneInfo(zone)).date()
