"""One mentor on one course, until it is completed or failed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from shared.contracts.training.enrolment import TrainingAssigned, TrainingCompleted, TrainingFailed
from shared.contracts.words.training import Track
from shared.kernel.decider import Claim, Decider, Refused


@dataclass(frozen=True, slots=True)
class Assign:
    """Have a mentor take a course. `retired_on` is the course's, None while it may be assigned."""

    enrolment_id: UUID
    mentor_id: UUID
    course_id: UUID
    track: Track
    due_on: date
    on: date
    retired_on: date | None = None


@dataclass(frozen=True, slots=True)
class Complete:
    """It was passed, and this proves it."""

    completed_on: date
    evidence: str
    on: date


@dataclass(frozen=True, slots=True)
class Fail:
    """It was taken and not passed."""

    failed_on: date
    on: date


Command: TypeAlias = Assign | Complete | Fail
EnrolmentFact: TypeAlias = TrainingAssigned | TrainingCompleted | TrainingFailed


@dataclass(frozen=True, slots=True)
class Unassigned:
    """Nobody has assigned it yet."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """To be done."""

    assigned: TrainingAssigned


@dataclass(frozen=True, slots=True)
class Completed:
    """Passed."""

    assigned: TrainingAssigned
    completed: TrainingCompleted


@dataclass(frozen=True, slots=True)
class Failed:
    """Not passed; trying again is another enrolment."""

    assigned: TrainingAssigned
    failed: TrainingFailed


Enrolment: TypeAlias = Unassigned | Assigned | Completed | Failed


def decide(state: Enrolment, command: Command) -> Sequence[EnrolmentFact]:
    match state, command:
        case Unassigned(), Assign():
            return (_assign(command),)
        case ((Assigned(assigned) | Completed(assigned) | Failed(assigned)), Assign()):
            if assigned == _assigned(command):
                return ()
            raise Refused("already_assigned", "This enrolment exists; assign the other course as a new one.")
        case Assigned(assigned), Complete():
            return (_complete(assigned, command),)
        case Assigned(assigned), Fail():
            return (_fail(assigned, command),)
        case Completed(completed=done), Complete(completed_on, evidence):
            if (done.completed_on, done.evidence) == (completed_on, evidence):
                return ()
            raise Refused("already_completed", f"This was completed on {done.completed_on}; nothing to do.")
        case Completed(completed=done), Fail():
            message = (
                f"This was completed on {done.completed_on}; revoke the certification if that was wrong."
            )
            raise Refused("already_completed", message)
        case Failed(failed=failure), Fail(failed_on) if failure.failed_on == failed_on:
            return ()
        case Failed(failed=failure), _:
            raise Refused(
                "already_failed", f"This was failed on {failure.failed_on}; assign the course again."
            )
        case _:
            raise Refused("enrolment_unknown", "There is no such enrolment; assign the course first.")


def evolve(state: Enrolment, fact: EnrolmentFact) -> Enrolment:
    match state, fact:
        case _, TrainingAssigned():
            return Assigned(fact)
        case Assigned(assigned), TrainingCompleted():
            return Completed(assigned, fact)
        case Assigned(assigned), TrainingFailed():
            return Failed(assigned, fact)
        case _:
            return state


def claims(state: Enrolment) -> frozenset[Claim]:
    """A mentor is on a course once at a time."""
    if not isinstance(state, Assigned):
        return frozenset()
    key = f"enrolment:{state.assigned.mentor_id}:{state.assigned.course_id}"
    message = "This mentor is on this course already; complete or fail that enrolment first."
    return frozenset((Claim(key, "already_enrolled", message),))


enrolment: Decider[Enrolment, Command] = Decider("enrolment", Unassigned(), decide, evolve, claims)


def _assign(command: Assign) -> TrainingAssigned:
    if command.retired_on is not None and command.retired_on <= command.on:
        message = f"This course was retired on {command.retired_on}; assign its newest version."
        raise Refused("course_retired", message)
    if command.due_on < command.on:
        raise Refused("invalid_due_on", "Choose a day that has not passed.")
    return _assigned(command)


def _assigned(command: Assign) -> TrainingAssigned:
    return TrainingAssigned(
        enrolment_id=command.enrolment_id,
        mentor_id=command.mentor_id,
        course_id=command.course_id,
        track=command.track,
        required_by="office",
        assigned_on=command.on,
        due_on=command.due_on,
    )


def _complete(assigned: TrainingAssigned, command: Complete) -> TrainingCompleted:
    _check_past("completed_on", command.completed_on, command.on)
    if not command.evidence.strip():
        raise Refused("invalid_evidence", "Name the record that proves the completion.")
    return TrainingCompleted(
        enrolment_id=assigned.enrolment_id,
        mentor_id=assigned.mentor_id,
        course_id=assigned.course_id,
        track=assigned.track,
        completed_on=command.completed_on,
        evidence=command.evidence,
    )


def _fail(assigned: TrainingAssigned, command: Fail) -> TrainingFailed:
    _check_past("failed_on", command.failed_on, command.on)
    return TrainingFailed(
        enrolment_id=assigned.enrolment_id,
        mentor_id=assigned.mentor_id,
        course_id=assigned.course_id,
        track=assigned.track,
        failed_on=command.failed_on,
    )


def _check_past(field: str, day: date, on: date) -> None:
    if day > on:
        raise Refused(f"invalid_{field}", f"{day} has not come yet; give the day on which it happened.")
