"""How each mentor stands, as last decided."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, TypeAlias

from shared.contracts.assignments.mentor import MentorEngaged, MentorLeft
from shared.contracts.training.certification import CertificationGranted
from shared.contracts.training.clearance import ClearanceRecorded
from shared.contracts.training.enrolment import TrainingAssigned
from shared.contracts.training.standing import (
    MentorCleared,
    MentorStoodDown,
    MentorSuspended,
    MentorVetted,
    SuspensionLifted,
)
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Put, Row

Stands: TypeAlias = (
    MentorEngaged
    | MentorLeft
    | TrainingAssigned
    | CertificationGranted
    | ClearanceRecorded
    | MentorVetted
    | MentorCleared
    | MentorStoodDown
    | MentorSuspended
    | SuspensionLifted
)


def mentors(recorded: Recorded[Stands]) -> Iterator[Row]:
    """`vetting`, `inducting` when vetted, then `deployable` or `restricted`; a suspension stands beside it."""
    match recorded.fact:
        case MentorEngaged(name=name, email=email, engaged_on=day):
            yield _mentor(recorded, name=name, email=email.casefold(), engaged_on=day)
        case MentorLeft(left_on=day):
            yield _mentor(recorded, left_on=day)
        case TrainingAssigned() | CertificationGranted() | ClearanceRecorded():
            yield _mentor(recorded)
        case MentorVetted(vetted_on=day):
            yield _mentor(recorded, state="inducting", since=day)
        case MentorCleared(cleared_on=day):
            yield _mentor(recorded, state="deployable", since=day, reasons=[])
        case MentorStoodDown(stood_down_on=day, reasons=reasons):
            why = [{**asdict(reason), "detail": str(reason)} for reason in reasons]
            yield _mentor(recorded, state="restricted", since=day, reasons=why)
        case MentorSuspended(suspended_on=day, reason_code=code):
            yield _mentor(recorded, suspended_on=day, suspended_because=code)
        case SuspensionLifted():
            yield _mentor(recorded, suspended_on=None, suspended_because=None)


def _mentor(recorded: Recorded[Stands], **columns: Any) -> Put:
    return Put("mentors", {"mentor_id": recorded.fact.mentor_id}, {"region": recorded.region, **columns})
