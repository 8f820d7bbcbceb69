"""A child the agency is asked to support: its way through the agency, its plan, its days away."""

from collections.abc import Sequence
from typing import assert_never

from services.assignments.domain.child import daily, plan, way
from services.assignments.domain.child.commands import (
    AcceptChild,
    ActivateChild,
    CloseReferral,
    Command,
    ExitChild,
    HandOverChild,
    PauseChild,
    RecordReview,
    ReferChild,
    ReopenChild,
    ReportAbsence,
    ResumeChild,
    ReviewFallsDue,
    SpecifyProvision,
    UpdateProfile,
)
from services.assignments.domain.child.states import (
    Child,
    ChildFact,
    Exited,
    NotKnown,
    Referred,
    Supported,
    evolve,
    in_force,
)
from shared.kernel.decider import Decider

__all__ = [
    "AcceptChild",
    "ActivateChild",
    "Child",
    "ChildFact",
    "CloseReferral",
    "Command",
    "ExitChild",
    "Exited",
    "HandOverChild",
    "NotKnown",
    "PauseChild",
    "RecordReview",
    "ReferChild",
    "Referred",
    "ReopenChild",
    "ReportAbsence",
    "ResumeChild",
    "ReviewFallsDue",
    "SpecifyProvision",
    "Supported",
    "UpdateProfile",
    "child",
    "in_force",
]


def decide(state: Child, command: Command) -> Sequence[ChildFact]:
    match command:
        case ReferChild():
            return way.refer(state, command)
        case AcceptChild():
            return way.accept(state, command)
        case CloseReferral():
            return way.close_referral(state, command)
        case SpecifyProvision():
            return plan.specify(state, command)
        case RecordReview():
            return plan.review(state, command)
        case ReviewFallsDue():
            return plan.falls_due(state, command)
        case ActivateChild():
            return way.activate(state, command)
        case PauseChild():
            return way.pause(state, command)
        case ResumeChild():
            return way.resume(state, command)
        case ExitChild():
            return way.leave(state, command)
        case HandOverChild():
            return way.hand_over(state, command)
        case ReopenChild():
            return way.reopen(state, command)
        case UpdateProfile():
            return daily.update_profile(state, command)
        case ReportAbsence():
            return daily.report_absence(state, command)
        case _:
            assert_never(command)


child: Decider[Child, Command] = Decider("child", NotKnown(), decide, evolve)
