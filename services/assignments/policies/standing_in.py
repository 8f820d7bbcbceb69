"""Who agreed to cover is assigned for those days, and no longer when the days are not theirs after all."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid5

from services.assignments.domain.assignment import assignment
from services.assignments.domain.assignment_commands import BeginCover, EndAssignment, StandBack
from services.assignments.domain.cover import cover
from services.assignments.domain.cover_commands import CancelCover, GiveBack
from services.assignments.domain.gate import ChildStanding, MentorStanding
from shared.contracts.assignments.assignment import AssignmentEnded
from shared.contracts.assignments.cover import (
    CoverAccepted,
    CoverCancelled,
    CoverGivenBack,
    CoverPartiallyAccepted,
)
from shared.contracts.words.mentoring import GivenBackReason
from shared.contracts.words.support import EndReason
from shared.kernel.projection import Issue
from shared.kernel.recorded import Recorded

WEEKEND = timedelta(days=3)  # from a Friday to a Monday: still one run


@dataclass(frozen=True, slots=True)
class Substitute:
    """Who agreed to cover, and for whom, as known now."""

    child: ChildStanding
    mentor: MentorStanding
    child_slot: int


def begin_cover(
    recorded: Recorded[CoverAccepted | CoverPartiallyAccepted], substitute: Substitute | None
) -> Iterator[Issue]:
    """Who agreed to cover is assigned for those days; days that follow each other are one assignment."""
    if substitute is not None:
        slot = recorded.fact.mentor_slot
        yield from _begin(recorded.id, recorded.fact.cover_id, substitute, recorded.fact.days, slot)


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


def end_cover(recorded: Recorded[CoverCancelled | CoverGivenBack], found: LetGo | None) -> Iterator[Issue]:
    """Days that somebody does not cover after all: the assignment ends before them, and goes on after them."""
    if found is None:
        return
    fact = recorded.fact
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
        yield from _begin(recorded.id, fact.cover_id, one.substitute, after, one.mentor_slot)


def settle_cover(
    recorded: Recorded[AssignmentEnded], days_of: Mapping[UUID, tuple[date, ...]] | None
) -> Iterator[Issue]:
    """A cover assignment that somebody ended early: its other days are looked for anew, or need nobody."""
    fact = recorded.fact
    if recorded.actor == "policy:end_cover":
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
    cause: UUID, cover_id: UUID, substitute: Substitute, days: Sequence[date], slot: int
) -> Iterator[Issue]:
    for run in runs(days):
        stream = uuid5(cause, f"cover from {run[0]} by {substitute.mentor.mentor_id}")
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
