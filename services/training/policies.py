"""Facts and due times in, commands to compliance out."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from services.training.domain.certifications import ExpireCertification, GrantCertification
from services.training.domain.clearances import LapseClearance
from services.training.domain.compliance import Review, certification_of, compliance, compliance_of
from shared.contracts.training.enrolment import TrainingCompleted
from shared.kernel.projection import DueRow, Issue
from shared.kernel.recorded import Recorded


@dataclass(frozen=True, slots=True)
class Validity:
    """For how many months completing a course certifies; None is for good."""

    months: int | None


def certify(recorded: Recorded[TrainingCompleted], validity: Validity) -> Iterator[Issue]:
    """Whoever completes a course is certified in its track."""
    completed = recorded.fact
    command = GrantCertification(
        certification_id=certification_of(completed.enrolment_id),
        mentor_id=completed.mentor_id,
        track=completed.track,
        enrolment_id=completed.enrolment_id,
        completed_on=completed.completed_on,
        valid_months=validity.months,
        on=recorded.recorded_at.date(),
    )
    yield Issue(compliance, compliance_of(completed.mentor_id), command)


def expire(row: DueRow) -> Issue:
    """A certification's last day is over."""
    command = ExpireCertification(UUID(row.payload["certification_id"]), on=row.due_at.date())
    return Issue(compliance, _compliance(row), command)


def review(row: DueRow) -> Issue:
    """A certification that was granted ahead begins to count."""
    return Issue(compliance, _compliance(row), Review(on=row.due_at.date()))


def lapse(row: DueRow) -> Issue:
    """A clearance's last day is over."""
    return Issue(compliance, _compliance(row), LapseClearance(row.payload["kind"], on=row.due_at.date()))


def _compliance(row: DueRow) -> UUID:
    return compliance_of(UUID(row.payload["mentor_id"]))
