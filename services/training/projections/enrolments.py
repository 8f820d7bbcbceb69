"""Who is to take what, and how it went."""

from collections.abc import Iterator
from typing import TypeAlias

from shared.contracts.training.enrolment import (
    TrainingAssigned,
    TrainingCompleted,
    TrainingFailed,
    TrainingOverdue,
    TrainingStarted,
    TrainingWaived,
    TrainingWithdrawn,
)
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Put, Row

EnrolmentTold: TypeAlias = (
    TrainingAssigned
    | TrainingStarted
    | TrainingOverdue
    | TrainingCompleted
    | TrainingFailed
    | TrainingWaived
    | TrainingWithdrawn
)


def enrolments(recorded: Recorded[EnrolmentTold]) -> Iterator[Row]:
    """Each enrolment as it stands."""
    fact = recorded.fact
    key = {"enrolment_id": fact.enrolment_id}
    match fact:
        case TrainingAssigned():
            yield Put("enrolments", key, {**fact.model_dump(exclude={"enrolment_id"}), "state": "assigned"})
        case TrainingStarted(started_on=day):
            yield Put("enrolments", key, {"state": "in_progress", "started_on": day})
        case TrainingOverdue():
            yield Put("enrolments", key, {"overdue": True})
        case TrainingCompleted(completed_on=day, evidence=record):
            done = {"state": "completed", "completed_on": day, "evidence": record, "overdue": False}
            yield Put("enrolments", key, done)
        case TrainingFailed(failed_on=day):
            yield Put("enrolments", key, {"state": "failed", "failed_on": day, "overdue": False})
        case TrainingWaived():
            why = {"reason", "evidence", "waived_by", "waived_on", "counts_for", "valid_until"}
            yield Put(
                "enrolments", key, {**fact.model_dump(include=why), "state": "waived", "overdue": False}
            )
        case TrainingWithdrawn(reason=reason, withdrawn_on=day):
            gone = {"state": "withdrawn", "reason": reason, "withdrawn_on": day, "overdue": False}
            yield Put("enrolments", key, gone)
