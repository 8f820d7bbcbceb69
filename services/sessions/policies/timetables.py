"""Facts in, sessions out: what a timetable is made into, and what makes it necessary to look again."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from services.sessions.domain.commands import Cancel, Reschedule, Schedule
from services.sessions.domain.expansion import CallOff, Made, Move, Plan, Step, steps
from services.sessions.domain.occasions import Known
from services.sessions.domain.session import session
from services.sessions.domain.timetable import timetable
from services.sessions.domain.timetable_commands import End, Expand
from shared.contracts.assignments.assignment import (
    AssignmentEnded,
    AssignmentResumed,
    MentorAssigned,
    PrimaryStoodBack,
)
from shared.contracts.assignments.child import ChildAbsenceReported, ChildResumed
from shared.contracts.assignments.mentor import MentorAbsenceReported, MentorReturned
from shared.contracts.fact import Fact
from shared.contracts.sessions.calendar import CalendarPublished
from shared.contracts.sessions.timetable import TimetableExpanded
from shared.contracts.training.standing import MentorCleared, SuspensionLifted
from shared.contracts.words.calendar import ExpandedBecause
from shared.kernel.projection import DueRow, Issue
from shared.kernel.recorded import Recorded

LOOK_AGAIN: Mapping[type[Fact], ExpandedBecause] = {
    CalendarPublished: "calendar_published",
    AssignmentResumed: "assignment_resumed",
    ChildResumed: "assignment_resumed",
    MentorCleared: "mentor_available",
    SuspensionLifted: "mentor_available",
    MentorReturned: "mentor_available",
    PrimaryStoodBack: "cover_changed",
    MentorAbsenceReported: "absence_changed",
    ChildAbsenceReported: "absence_changed",
}
"""News after which timetables are made into sessions anew, and what it is called there."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A timetable with all that decides what becomes of it, and the sessions made of it so far."""

    known: Known
    made: tuple[Made, ...]


def plan(recorded: Recorded[TimetableExpanded], drawn: Drawn | None) -> Iterator[Issue]:
    """The sessions that the timetable wants and has not, and those that it has and does not want.

    Each is a command of its own: one that is refused stops none of the others.
    """
    if drawn is not None:
        for step in steps(drawn.known, drawn.made, recorded.recorded_at):
            yield Issue(session, step.session_id, _command(step, drawn.known, recorded))


def look_again(recorded: Recorded[Any], affected: Iterable[UUID]) -> Iterator[Issue]:
    """News that opens or closes days for these timetables."""
    because = LOOK_AGAIN[type(recorded.fact)]
    for timetable_id in affected:
        yield Issue(timetable, timetable_id, Expand(because, recorded.id, recorded.recorded_at))


def cover_begins(recorded: Recorded[MentorAssigned], affected: Iterable[UUID]) -> Iterator[Issue]:
    """Whoever stands in for the child's own mentor gets the sessions of those days."""
    if recorded.fact.role == "cover":
        for timetable_id in affected:
            yield Issue(timetable, timetable_id, Expand("cover_changed", recorded.id, recorded.recorded_at))


def support_ends(recorded: Recorded[AssignmentEnded], affected: Iterable[UUID]) -> Iterator[Issue]:
    """A primary's timetable ends with the assignment; after cover the days are the primary's again."""
    ended, at = recorded.fact, recorded.recorded_at
    for timetable_id in affected:
        if ended.role == "cover":
            yield Issue(timetable, timetable_id, Expand("cover_changed", recorded.id, at))
        else:
            yield Issue(timetable, timetable_id, End(ended.ended_on, "assignment_ended", at))


def extend(row: DueRow) -> Issue:
    """Another week has come within the horizon."""
    timetable_id = UUID(row.key)
    cause = uuid5(timetable_id, row.due_at.isoformat())
    return Issue(timetable, timetable_id, Expand("horizon", cause, row.due_at))


def _command(
    step: Step, known: Known, recorded: Recorded[TimetableExpanded]
) -> Schedule | Reschedule | Cancel:
    at = recorded.recorded_at
    match step:
        case Plan(session_id, occasion):
            support = occasion.support
            assert support is not None
            return Schedule(
                session_id=session_id,
                mentor_id=support.mentor_id,
                child_id=support.child_id,
                starts_at=occasion.starts_at,
                ends_at=occasion.ends_at,
                time_zone=occasion.time_zone,
                support=support,
                evidence=known.evidence.get(support.mentor_id, ()),
                at=at,
                timetable_id=known.timetable_id,
                cover=support.role == "cover",
            )
        case Move(_, occasion):
            support = occasion.support
            assert support is not None
            return Reschedule(
                starts_at=occasion.starts_at,
                ends_at=occasion.ends_at,
                reason="timetable_changed",
                support=support,
                evidence=known.evidence.get(support.mentor_id, ()),
                at=at,
            )
        case CallOff(_, by, reason, chargeable):
            return Cancel(by, reason, at=at, chargeable=chargeable)
