"""One mentor on one course: assigned, in progress, and then completed, failed, waived or withdrawn."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias

from services.training.domain.enrolling import (
    as_assigned,
    as_completed,
    assign,
    check_completion,
    check_past,
    record,
)
from services.training.domain.enrolment_commands import (
    Assign,
    Command,
    Complete,
    Fail,
    MarkOverdue,
    RecordCompletion,
    Start,
    Waive,
    Withdraw,
)
from services.training.domain.waiver import waive
from shared.contracts.training.enrolment import (
    TrainingAssigned,
    TrainingCompleted,
    TrainingFailed,
    TrainingOverdue,
    TrainingStarted,
    TrainingWaived,
    TrainingWithdrawn,
)
from shared.kernel.decider import Claim, Decider, Refused

Ended: TypeAlias = TrainingCompleted | TrainingFailed | TrainingWaived | TrainingWithdrawn
EnrolmentFact: TypeAlias = TrainingAssigned | TrainingStarted | TrainingOverdue | Ended


@dataclass(frozen=True, slots=True)
class Unassigned:
    """Nobody has assigned it yet."""


@dataclass(frozen=True, slots=True)
class Open:
    """To be done; `started_on` once the mentor has begun."""

    assigned: TrainingAssigned
    started_on: date | None = None
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class Over:
    """Completed, failed, waived or withdrawn; trying again is another enrolment."""

    assigned: TrainingAssigned
    ended: Ended


Enrolment: TypeAlias = Unassigned | Open | Over


def decide(state: Enrolment, command: Command) -> Sequence[EnrolmentFact]:
    match state, command:
        case Unassigned(), Assign():
            return (assign(command),)
        case Unassigned(), RecordCompletion():
            return record(command)
        case ((Open(assigned) | Over(assigned)), Assign()):
            if as_assigned(assigned, command):
                return ()
            raise Refused("already_assigned", "This enrolment exists; assign the other course as a new one.")
        case Over(ended=TrainingCompleted() as done), RecordCompletion() if as_completed(done, command):
            return ()
        case Unassigned(), _:
            raise Refused("enrolment_unknown", "There is no such enrolment; assign the course first.")
        case Open(), _:
            return _go_on(state, command)
        case Over(ended=ended), _:
            if _again(ended, command):
                return ()
            raise _over(ended)


def evolve(state: Enrolment, fact: EnrolmentFact) -> Enrolment:
    match state, fact:
        case _, TrainingAssigned():
            return Open(fact)
        case Open(), TrainingStarted(started_on=day):
            return replace(state, started_on=day)
        case Open(), TrainingOverdue():
            return replace(state, overdue=True)
        case (
            Open(assigned),
            (TrainingCompleted() | TrainingFailed() | TrainingWaived() | TrainingWithdrawn()) as ended,
        ):
            return Over(assigned, ended)
        case _:
            return state


def claims(state: Enrolment) -> frozenset[Claim]:
    """A mentor is on a course once at a time."""
    if not isinstance(state, Open):
        return frozenset()
    key = f"enrolment:{state.assigned.mentor_id}:{state.assigned.course_id}"
    message = "This mentor is on this course already; complete, fail or withdraw that enrolment first."
    return frozenset((Claim(key, "already_enrolled", message),))


enrolment: Decider[Enrolment, Command] = Decider("enrolment", Unassigned(), decide, evolve, claims)


def _go_on(state: Open, command: Command) -> Sequence[EnrolmentFact]:
    """What becomes of an enrolment that is open."""
    who = state.assigned.model_dump(include={"enrolment_id", "mentor_id", "course_id", "track"})
    match command:
        case Start(started_on, on):
            if state.started_on is not None:
                return ()
            check_past("started_on", started_on, on)
            return (TrainingStarted(**who, started_on=started_on),)
        case (
            Complete(completed_on, evidence, on)
            | RecordCompletion(completed_on=completed_on, evidence=evidence, on=on)
        ):
            check_completion(completed_on, evidence, on)
            return (TrainingCompleted(**who, completed_on=completed_on, evidence=evidence),)
        case Fail(failed_on, on):
            check_past("failed_on", failed_on, on)
            return (TrainingFailed(**who, failed_on=failed_on),)
        case Waive():
            return (waive(state.assigned, command),)
        case Withdraw(reason, on):
            return (TrainingWithdrawn(**who, reason=reason, withdrawn_on=on),)
        case MarkOverdue(on):
            if state.overdue or on <= state.assigned.due_on:
                return ()
            del who["course_id"]
            return (TrainingOverdue(**who, due_on=state.assigned.due_on),)
        case Assign():
            return ()


def _again(ended: Ended, command: Command) -> bool:
    """Whether the command asks for what has happened, or for what has become needless."""
    match ended, command:
        case TrainingCompleted() as done, Complete(completed_on, evidence):
            return (done.completed_on, done.evidence) == (completed_on, evidence)
        case TrainingFailed(failed_on=day), Fail(failed_on):
            return day == failed_on
        case TrainingWaived() as waived, Waive():
            return (waived.reason, waived.evidence, waived.counts_for, waived.valid_until) == (
                command.reason, command.evidence, command.counts_for, command.valid_until
            )  # fmt: skip
        case TrainingWithdrawn(), Withdraw():
            return True
        case _, MarkOverdue():
            return True
        case _:
            return False


def _over(ended: Ended) -> Refused:
    match ended:
        case TrainingCompleted(completed_on=day):
            message = f"This was completed on {day}; revoke the certification if that was wrong."
            return Refused("already_completed", message)
        case TrainingFailed(failed_on=day):
            return Refused("already_failed", f"This was failed on {day}; assign the course again.")
        case TrainingWaived(waived_on=day):
            return Refused(
                "already_waived", f"This was waived on {day}; assign the course again to have it taken."
            )
        case TrainingWithdrawn(withdrawn_on=day):
            return Refused("already_withdrawn", f"This was withdrawn on {day}; assign the course again.")
