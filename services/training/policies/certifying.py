"""Whoever completes a course, or is rightly spared it, is certified in its track."""

from collections.abc import Iterator
from dataclasses import dataclass

from services.training.domain.certifications import GrantByWaiver, GrantCertification
from services.training.domain.compliance import certification_of, compliance, compliance_of
from services.training.domain.periods import USUAL, Renewing
from shared.contracts.training.enrolment import TrainingCompleted, TrainingWaived
from shared.kernel.projection import Issue
from shared.kernel.recorded import Recorded


@dataclass(frozen=True, slots=True)
class Validity:
    """For how many months completing a course certifies (None is for good), and when it is to be renewed."""

    months: int | None
    renewing: Renewing = USUAL


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
        renewing=validity.renewing,
    )
    yield Issue(compliance, compliance_of(completed.mentor_id), command)


def certify_by_waiver(recorded: Recorded[TrainingWaived], validity: Validity) -> Iterator[Issue]:
    """A waiver that counts for the certification certifies up to its last day; any other does not."""
    waived = recorded.fact
    if waived.counts_for != "certification":
        return
    command = GrantByWaiver(
        certification_id=certification_of(waived.enrolment_id),
        mentor_id=waived.mentor_id,
        track=waived.track,
        enrolment_id=waived.enrolment_id,
        waived_on=waived.waived_on,
        valid_until=waived.valid_until,
        on=recorded.recorded_at.date(),
        renewing=validity.renewing,
    )
    yield Issue(compliance, compliance_of(waived.mentor_id), command)
