"""Support in force: interrupted, gone on with, ended."""

from collections.abc import Sequence
from datetime import date
from typing import Any, assert_never

from services.assignments.domain.assignment_commands import (
    BeginCover,
    EndAssignment,
    PauseAssignment,
    ResumeAssignment,
)
from services.assignments.domain.assignment_states import (
    Accepted,
    Active,
    Assignment,
    AssignmentFact,
    Cancelled,
    Course,
    Ended,
    HandoverPending,
    Nothing,
    Paused,
    Proposed,
)
from services.assignments.domain.gate import pass_child, pass_mentor
from shared.contracts.assignments.assignment import (
    AssignmentEnded,
    AssignmentPaused,
    AssignmentResumed,
    MentorAssigned,
)
from shared.kernel.decider import Refused


def begin_cover(state: Assignment, command: BeginCover) -> Sequence[AssignmentFact]:
    """What was agreed to as cover, through the gate on each of its days; the days are held by the cover."""
    match state:
        case Nothing():
            school_id = pass_child(command.child)
            pass_mentor(command.mentor, command.days)
            return (
                MentorAssigned(
                    assignment_id=command.assignment_id,
                    child_id=command.child.child_id,
                    mentor_id=command.mentor.mentor_id,
                    school_id=school_id,
                    role="cover",
                    effective_from=command.days[0],
                    effective_until=command.effective_until,
                    cover_id=command.cover_id,
                    days=command.days,
                    child_slot=command.child_slot,
                    mentor_slot=command.mentor_slot,
                ),
            )
        case _:
            return ()


def pause(state: Assignment, command: PauseAssignment) -> Sequence[AssignmentFact]:
    """Interrupt a primary's support from a day on."""
    match state:
        case Active(course):
            _primary(course, "cover is for fixed days and is not paused; end it instead")
            earliest = max((p.resumed_on or p.paused_from for p in course.pauses), default=date.min)
            earliest = max(earliest, course.assigned.effective_from)
            if command.paused_from < earliest:
                raise Refused(
                    "invalid_paused_from", f"a pause can begin on {earliest} or later; give that day"
                )
            if command.review_on is not None and command.review_on < command.paused_from:
                raise Refused("invalid_review_on", "the review lies before the pause; give a later day")
            paused = AssignmentPaused(
                **who(course),
                reason=command.reason,
                paused_from=command.paused_from,
                review_on=command.review_on,
            )
            return (paused,)
        case Paused(course):
            known = course.pauses[-1].fact
            if (known.reason, known.paused_from, known.review_on) == (
                command.reason,
                command.paused_from,
                command.review_on,
            ):
                return ()
            raise Refused(
                "assignment_paused", f"support is paused since {known.paused_from}; resume it first"
            )
        case HandoverPending(_, begun):
            raise Refused(
                "handover_begun",
                f"this support ends after {begun.last_day}; end it earlier instead of pausing",
            )
        case _:
            raise _not_in_force(state)


def resume(state: Assignment, command: ResumeAssignment) -> Sequence[AssignmentFact]:
    """Go on after a pause."""
    match state:
        case Paused(course):
            since = course.pauses[-1].paused_from
            if command.resumed_on < since:
                raise Refused(
                    "invalid_resumed_on", f"paused from {since}; give that day (to undo it) or a later one"
                )
            return (AssignmentResumed(**who(course), paused_from=since, resumed_on=command.resumed_on),)
        case Active(course) if course.pauses and course.pauses[-1].resumed_on == command.resumed_on:
            return ()
        case Active() | HandoverPending():
            raise Refused("assignment_active", "this support is not paused; nothing is to be resumed")
        case _:
            raise _not_in_force(state)


def end(state: Assignment, command: EndAssignment) -> Sequence[AssignmentFact]:
    """End it on a day that may lie ahead; an end that does can still come sooner, never later."""
    match state:
        case Ended(_, ended) if ended.ended_on == command.ended_on:
            return ()
        case Ended(_, ended) if ended.ended_on < command.ended_on:
            raise Refused(
                "assignment_ended",
                f"this assignment ended on {ended.ended_on} already; it can only end sooner",
            )
        case Active(course) | Paused(course) | HandoverPending(course) | Ended(course):
            assigned = course.assigned
            if command.ended_on < assigned.effective_from:
                raise Refused(
                    "invalid_ended_on",
                    f"support began on {assigned.effective_from}; give that day (to undo it) or a later one",
                )
            if assigned.effective_until is not None and command.ended_on > assigned.effective_until:
                raise Refused(
                    "invalid_ended_on",
                    f"this cover is agreed up to {assigned.effective_until}; ask for cover of the later days",
                )
            return (AssignmentEnded(**who(course), reason=command.reason, ended_on=command.ended_on),)
        case Nothing() | Proposed() | Accepted() | Cancelled():
            raise Refused("assignment_not_active", "this assignment has not begun; cancel the offer instead")
        case _:
            assert_never(state)


def who(course: Course) -> dict[str, Any]:
    """Whom every fact of an assignment is about."""
    assigned = course.assigned
    return {
        "assignment_id": assigned.assignment_id,
        "child_id": assigned.child_id,
        "mentor_id": assigned.mentor_id,
        "school_id": assigned.school_id,
        "role": assigned.role,
    }


def _primary(course: Course, otherwise: str) -> None:
    if course.assigned.role != "primary":
        raise Refused("assignment_is_cover", otherwise)


def _not_in_force(state: Assignment) -> Refused:
    if isinstance(state, Ended):
        return Refused("assignment_ended", f"this assignment ended on {state.ended.ended_on}")
    return Refused("assignment_not_active", "this assignment has not begun; activate it first")
