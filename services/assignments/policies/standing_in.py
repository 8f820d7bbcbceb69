"""While cover is looked for the primary stands aside; who agreed is assigned, for as long as the days are theirs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias
from uuid import UUID, uuid5

from services.assignments.domain.assignment import assignment
from services.assignments.domain.assignment_commands import BeginCover, EndAssignment, StandAside, StandBack
from services.assignments.domain.cover import cover
from services.assignments.domain.cover_commands import CancelCover, GiveBack
from services.assignments.domain.gate import ChildStanding, MentorStanding, pass_child, pass_mentor
from shared.contracts.assignments.assignment import AssignmentEnded
from shared.contracts.assignments.cover import (
    CoverAccepted,
    CoverCancelled,
    CoverGivenBack,
    CoverPartiallyAccepted,
    CoverRequested,
)
from shared.contracts.words.mentoring import GivenBackReason
from shared.contracts.words.support import EndReason
from shared.kernel.decider import Refused
from shared.kernel.projection import Issue
from shared.kernel.recorded import Recorded

WEEKEND = timedelta(days=3)  # from a Friday to a Monday: still one run

Step: TypeAlias = CoverRequested | CoverAccepted | CoverPartiallyAccepted | CoverCancelled | CoverGivenBack


@dataclass(frozen=True, slots=True)
class Substitute:
    """Who agreed to cover, and for whom, as known now; `days` are those that are still theirs."""

    child: ChildStanding
    mentor: MentorStanding
    child_slot: int
    days: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """The days for which somebody is looked for still, or found."""

    days: tuple[date, ...]


def stand_in(recorded: Recorded[Step], found: "Wanted | Substitute | LetGo | None") -> Iterator[Issue]:
    """What follows from a search, step by step: one policy, for what is let go must come after what was begun."""
    fact = recorded.fact
    match fact, found:
        case CoverRequested(assignment_id=UUID() as primary_id), Wanted(days) if days:
            aside = StandAside(fact.cover_id, days, fact.reason, recorded.recorded_at)
            yield Issue(assignment, primary_id, aside)
        case ((CoverAccepted() | CoverPartiallyAccepted()), Substitute()):
            days = tuple(day for day in fact.days if day in found.days)
            yield from _begin(recorded, fact.cover_id, found, days, fact.mentor_slot)
        case ((CoverCancelled() | CoverGivenBack()), LetGo()):
            yield from _end(recorded, fact, found)
        case _:
            return


@dataclass(frozen=True, slots=True)
class Begun:
    """An assignment that a cover led to, with the days its mentor still covers, and who they are."""

    assignment_id: UUID
    effective_from: date
    effective_until: date
    days: tuple[date, ...]
    mentor_slot: int
    substitute: Substitute


@dataclass(frozen=True, slots=True)
class LetGo:
    """What a cover led to: the assignments in force, and the primary's whose days it was for."""

    primary_id: UUID | None
    begun: Sequence[Begun]


def _end(recorded: Recorded[Step], fact: CoverCancelled | CoverGivenBack, found: LetGo) -> Iterator[Issue]:
    """Days that somebody does not cover after all: the assignment ends before them, and goes on after them."""
    if isinstance(fact, CoverCancelled) and found.primary_id is not None:
        stand_back = StandBack(fact.cover_id, fact.days, recorded.recorded_at)
        yield Issue(assignment, found.primary_id, stand_back)
    for one in found.begun:
        if isinstance(fact, CoverGivenBack) and one.substitute.mentor.mentor_id != fact.mentor_id:
            continue
        lost = [day for day in fact.days if one.effective_from <= day < one.effective_until]
        if not lost:
            continue
        reason: EndReason = "cover_not_needed"
        if isinstance(fact, CoverGivenBack):
            reason = "replaced" if fact.reason == "mentor_declined" else fact.reason
        yield Issue(assignment, one.assignment_id, EndAssignment(reason, min(lost)))
        after = tuple(day for day in one.days if min(lost) < day < one.effective_until)
        yield from _begin(recorded, fact.cover_id, one.substitute, after, one.mentor_slot)


def settle_cover(
    recorded: Recorded[AssignmentEnded], days_of: Mapping[UUID, tuple[date, ...]] | None
) -> Iterator[Issue]:
    """A cover assignment that somebody ended early: its other days are looked for anew, or need nobody."""
    fact = recorded.fact
    if recorded.actor == "policy:stand_in":
        return  # it follows from the cover, which knows
    for cover_id, days in (days_of or {}).items():
        back = _given_back(fact)
        if back is not None:
            yield Issue(cover, cover_id, GiveBack(fact.mentor_id, days, back, recorded.recorded_at))
        else:
            yield Issue(cover, cover_id, CancelCover("no_longer_needed", days, True, recorded.recorded_at))


def runs(days: Sequence[date]) -> list[tuple[date, ...]]:
    """Days in order, broken where a weekday is missing in between; a weekend in between is no break."""
    found: list[list[date]] = []
    for day in sorted(set(days)):
        if found and _follows(found[-1][-1], day):
            found[-1].append(day)
        else:
            found.append([day])
    return [tuple(run) for run in found]


def _follows(before: date, day: date) -> bool:
    gap = day - before
    return gap == timedelta(days=1) or (gap <= WEEKEND and before.weekday() >= 4 and day.weekday() == 0)


def _begin(
    recorded: Recorded[Step], cover_id: UUID, substitute: Substitute, days: Sequence[date], slot: int
) -> Iterator[Issue]:
    """Days that follow each other are one assignment. Who may not come any more gives the days back at once."""
    if not days:
        return
    at = recorded.recorded_at
    try:
        pass_child(substitute.child)
    except Refused:
        yield Issue(cover, cover_id, CancelCover("no_longer_needed", tuple(days), True, at))
        return
    try:
        pass_mentor(substitute.mentor, days)
    except Refused as refused:
        because = _shut_out(refused)
        yield Issue(cover, cover_id, GiveBack(substitute.mentor.mentor_id, tuple(days), because, at))
        return
    for run in runs(days):
        stream = uuid5(recorded.id, f"cover from {run[0]} by {substitute.mentor.mentor_id}")
        command = BeginCover(
            assignment_id=stream,
            cover_id=cover_id,
            child=substitute.child,
            mentor=substitute.mentor,
            days=run,
            effective_until=run[-1] + timedelta(days=1),
            child_slot=substitute.child_slot,
            mentor_slot=slot,
        )
        yield Issue(assignment, stream, command)


def _given_back(fact: AssignmentEnded) -> GivenBackReason | None:
    match fact.reason:
        case "mentor_stood_down" | "mentor_suspended" | "mentor_on_leave" | "mentor_left" | "mentor_absent":
            return fact.reason
        case "replaced":
            return "mentor_declined"
        case _:
            return None


def _shut_out(refused: Refused) -> GivenBackReason:
    """Why the gate was shut on who had agreed, in the words of the cover."""
    if refused.code == "mentor_left" or refused.code == "mentor_on_leave":
        return "mentor_left" if refused.code == "mentor_left" else "mentor_on_leave"
    suspended = any(item["item"] == "suspension" for item in refused.items)
    return "mentor_suspended" if suspended else "mentor_stood_down"
