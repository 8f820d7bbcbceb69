"""The facts that enrolments begin with, and what has to be true of a day and of evidence."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from services.training.domain.enrolment_commands import Assign, RecordCompletion
from shared.contracts.training.enrolment import TrainingAssigned, TrainingCompleted
from shared.kernel.decider import Refused


def assign(command: Assign) -> TrainingAssigned:
    if command.retired_on is not None and command.retired_on <= command.on:
        message = f"This course was retired on {command.retired_on}; assign its newest version."
        raise Refused("course_retired", message)
    if command.due_on < command.on:
        raise Refused("invalid_due_on", "Choose a day that has not passed.")
    return TrainingAssigned(
        enrolment_id=command.enrolment_id,
        mentor_id=command.mentor_id,
        course_id=command.course_id,
        track=command.track,
        required_by=command.required_by,
        assigned_on=command.on,
        due_on=command.due_on,
    )


def as_assigned(assigned: TrainingAssigned, command: Assign) -> bool:
    """Whether the command says again what was assigned, on whatever day."""
    return (assigned.mentor_id, assigned.course_id, assigned.track, assigned.due_on) == (
        command.mentor_id, command.course_id, command.track, command.due_on
    )  # fmt: skip


def record(command: RecordCompletion) -> Sequence[TrainingAssigned | TrainingCompleted]:
    check_completion(command.completed_on, command.evidence, command.on)
    who: dict[str, Any] = {
        "enrolment_id": command.enrolment_id,
        "mentor_id": command.mentor_id,
        "course_id": command.course_id,
        "track": command.track,
    }
    return (
        TrainingAssigned(**who, required_by="office", assigned_on=command.on, due_on=command.on),
        TrainingCompleted(**who, completed_on=command.completed_on, evidence=command.evidence),
    )


def as_completed(done: TrainingCompleted, command: RecordCompletion) -> bool:
    return (done.completed_on, done.evidence) == (command.completed_on, command.evidence)


def check_completion(completed_on: date, evidence: str, on: date) -> None:
    check_past("completed_on", completed_on, on)
    if not evidence.strip():
        raise Refused("invalid_evidence", "Name the record that proves the completion.")


def check_past(field: str, day: date, on: date) -> None:
    if day > on:
        raise Refused(f"invalid_{field}", f"{day} has not come yet; give the day on which it happened.")
