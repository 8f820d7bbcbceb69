"""From which day on a child, or a mentor's employment, was in which state, as each fact says."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeAlias
from uuid import UUID

from shared.contracts.assignments.child import (
    ChildAccepted,
    ChildActivated,
    ChildExited,
    ChildPaused,
    ChildReopened,
    ChildResumed,
)
from shared.contracts.assignments.mentor import (
    MentorApplied,
    MentorEngaged,
    MentorLeft,
    MentorReturned,
    MentorWentOnLeave,
)
from shared.contracts.assignments.support_request import (
    SupportRequestDeclined,
    SupportRequestReceived,
    SupportRequestWithdrawn,
)
from shared.contracts.fact import Fact

Since: TypeAlias = tuple[date, str]

OF_CHILD: tuple[type[Fact], ...] = (
    SupportRequestReceived,
    SupportRequestDeclined,
    SupportRequestWithdrawn,
    ChildAccepted,
    ChildActivated,
    ChildPaused,
    ChildResumed,
    ChildExited,
    ChildReopened,
)
OF_MENTOR: tuple[type[Fact], ...] = (
    MentorApplied,
    MentorEngaged,
    MentorWentOnLeave,
    MentorReturned,
    MentorLeft,
)


def of_child(fact: Fact) -> Since | None:
    """The child's state that this fact begins, and its first day; None when it begins none."""
    match fact:
        case SupportRequestReceived():
            return fact.received_at.date(), "requested"
        case SupportRequestDeclined():
            return fact.declined_at.date(), "declined"
        case SupportRequestWithdrawn():
            return fact.withdrawn_at.date(), "withdrawn"
        case ChildAccepted():
            return fact.accepted_on, "accepted"
        case ChildActivated():
            return fact.activated_on, "active"
        case ChildPaused():
            return fact.paused_from, "paused"
        case ChildResumed():
            return fact.resumed_on, "active"
        case ChildExited():
            return fact.exited_on, "exited"
        case ChildReopened():
            return fact.reopened_on, "accepted"
        case _:
            return None


def school_of(fact: Fact) -> UUID | None:
    """The school at which the child is from here on."""
    return (
        fact.school_id if isinstance(fact, SupportRequestReceived | ChildAccepted | ChildReopened) else None
    )


def of_mentor(fact: Fact) -> Since | None:
    """The employment that this fact begins, and its first day; None when it begins none."""
    match fact:
        case MentorApplied():
            return fact.applied_on, "applicant"
        case MentorEngaged():
            return fact.engaged_on, "engaged"
        case MentorWentOnLeave():
            return fact.leave_from, "on_leave"
        case MentorReturned():
            return fact.returned_on, "engaged"
        case MentorLeft():
            return fact.left_on, "left"
        case _:
            return None


def on(states: Sequence[Since], day: date) -> str:
    """The state on that day: of those that had begun, the one recorded last."""
    begun: Iterable[str] = (state for since, state in reversed(states) if since <= day)
    return next(iter(begun), "unknown")
