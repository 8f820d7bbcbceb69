"""Handing over: what a primary knows of a child is passed on, or somebody answers for it not being so."""

from collections.abc import Sequence
from typing import Any

from services.assignments.domain.assignment_commands import BeginHandover, OverrideHandover, RecordHandover
from services.assignments.domain.assignment_states import (
    Active,
    Assignment,
    AssignmentFact,
    Course,
    Ended,
    HandoverPending,
    Paused,
)
from shared.contracts.assignments.handover import HandoverBegun, HandoverOverridden, HandoverRecorded
from shared.kernel.decider import Refused


def begin_handover(state: Assignment, command: BeginHandover) -> Sequence[AssignmentFact]:
    """Say that the end is in sight, and when."""
    match state:
        case Active(course) | Paused(course):
            who = _of_primary(course)
            if command.last_day < course.assigned.effective_from:
                raise Refused(
                    "invalid_last_day",
                    f"support began on {course.assigned.effective_from}; give that day or a later one",
                )
            return (
                HandoverBegun(**who, last_day=command.last_day, reason=command.reason, begun_at=command.at),
            )
        case HandoverPending(_, begun) if (begun.last_day, begun.reason) == (
            command.last_day,
            command.reason,
        ):
            return ()
        case HandoverPending(_, begun):
            raise Refused(
                "handover_begun", f"the handover has begun, for a last day of {begun.last_day}; end it"
            )
        case Ended(_, ended):
            raise Refused(
                "assignment_ended", f"this assignment ended on {ended.ended_on}; record the handover itself"
            )
        case _:
            raise Refused("assignment_not_active", "this assignment has not begun; nothing is to hand over")


def record_handover(state: Assignment, command: RecordHandover) -> Sequence[AssignmentFact]:
    """Also after the end: better late than not at all."""
    course = _begun(state)
    who = _of_primary(course)
    known = course.handover
    if isinstance(known, HandoverRecorded) and (known.summary, known.to_mentor_id) == (
        command.summary,
        command.to_mentor_id,
    ):
        return ()
    return (
        HandoverRecorded(
            **who, summary=command.summary, to_mentor_id=command.to_mentor_id, recorded_at=command.at
        ),
    )


def override_handover(state: Assignment, command: OverrideHandover) -> Sequence[AssignmentFact]:
    """Answer for there being none; nothing is to override once one is recorded."""
    course = _begun(state)
    who = _of_primary(course)
    if course.handover is not None:
        return ()
    return (
        HandoverOverridden(**who, reason=command.reason, overridden_by=command.by, overridden_at=command.at),
    )


def owes_handover(state: Assignment) -> bool:
    """Whether the next primary has to wait. What was undone, or made in error, leaves nothing to pass on."""
    return (
        isinstance(state, Ended)
        and state.course.assigned.role == "primary"
        and state.course.handover is None
        and state.ended.reason != "made_in_error"
        and state.ended.ended_on > state.course.assigned.effective_from
    )


def _begun(state: Assignment) -> Course:
    if isinstance(state, Active | Paused | HandoverPending | Ended):
        return state.course
    raise Refused("assignment_not_active", "this assignment has not begun; nothing is to hand over")


def _of_primary(course: Course) -> dict[str, Any]:
    assigned = course.assigned
    if assigned.role != "primary":
        raise Refused(
            "assignment_is_cover", "handover is from one primary to the next; write a session log instead"
        )
    return {
        "assignment_id": assigned.assignment_id,
        "child_id": assigned.child_id,
        "mentor_id": assigned.mentor_id,
        "school_id": assigned.school_id,
    }
