"""The days on which a primary is not there, so that somebody else may be with the child."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from services.assignments.domain.assignment_commands import StandAside, StandBack
from services.assignments.domain.assignment_states import (
    Active,
    Assignment,
    AssignmentFact,
    Course,
    Ended,
    HandoverPending,
    Paused,
)
from services.assignments.domain.support import who
from shared.contracts.assignments.assignment import PrimaryStoodAside, PrimaryStoodBack


def stand_aside(state: Assignment, command: StandAside) -> Sequence[AssignmentFact]:
    """Leave these days to cover. Never refused: what is not the primary's needs no standing aside."""
    course = _course(state)
    if course is None or course.assigned.role != "primary":
        return ()
    until = state.ended.ended_on if isinstance(state, Ended) else date.max
    days = tuple(
        day
        for day in sorted(set(command.days))
        if course.assigned.effective_from <= day < until and (day, command.cover_id) not in course.aside
    )
    if not days:
        return ()
    return (
        PrimaryStoodAside(
            **_whom(course),
            cover_id=command.cover_id,
            because=command.because,
            days=days,
            stood_aside_at=command.at,
        ),
    )


def stand_back(state: Assignment, command: StandBack) -> Sequence[AssignmentFact]:
    """Take these days back from a cover that is not needed."""
    course = _course(state)
    if course is None:
        return ()
    days = tuple(day for day in sorted(set(command.days)) if (day, command.cover_id) in course.aside)
    if not days:
        return ()
    return (
        PrimaryStoodBack(**_whom(course), cover_id=command.cover_id, days=days, stood_back_at=command.at),
    )


def _course(state: Assignment) -> Course | None:
    return state.course if isinstance(state, Active | Paused | HandoverPending | Ended) else None


def _whom(course: Course) -> dict[str, Any]:
    return {name: value for name, value in who(course).items() if name != "role"}
