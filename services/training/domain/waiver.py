"""Whether a course may be waived, and for how long that counts."""

from datetime import date, timedelta

from services.training.domain.enrolment_commands import Waive
from services.training.domain.periods import months_after
from shared.contracts.training.enrolment import TrainingAssigned, TrainingWaived
from shared.kernel.decider import Refused


def waive(assigned: TrainingAssigned, command: Waive) -> TrainingWaived:
    """The fact of it. Refused when it would certify what nobody may be spared, or for too long."""
    if not command.evidence.strip():
        raise Refused("invalid_evidence", "Name the record that supports the waiver.")
    if command.counts_for == "certification":
        _check_certifying(assigned, command)
    elif command.valid_until is not None:
        message = "A waiver that certifies nothing has no last day; leave valid_until out."
        raise Refused("invalid_valid_until", message)
    return TrainingWaived(
        enrolment_id=assigned.enrolment_id,
        mentor_id=assigned.mentor_id,
        course_id=assigned.course_id,
        track=assigned.track,
        reason=command.reason,
        evidence=command.evidence,
        waived_by=command.waived_by,
        waived_on=command.on,
        counts_for=command.counts_for,
        valid_until=command.valid_until,
    )


def _check_certifying(assigned: TrainingAssigned, command: Waive) -> None:
    if assigned.track == "safeguarding":
        message = "Nobody is spared the yearly safeguarding update; waive the enrolment, or have it taken."
        raise Refused("invalid_counts_for", message)
    if command.reason == "not_needed_for_role":
        message = "What a role does not need certifies nothing; let the waiver count for the enrolment alone."
        raise Refused("invalid_counts_for", message)
    last = longest(command.on, command.valid_months)
    if last is None:
        return
    if command.valid_until is None or not command.on <= command.valid_until <= last:
        message = f"A waiver certifies no longer than the course would; give a last day up to {last}."
        raise Refused("invalid_valid_until", message)


def longest(waived_on: date, valid_months: int | None) -> date | None:
    """The last day that completing the course on that day would certify; None is for good."""
    return None if valid_months is None else months_after(waived_on, valid_months) - timedelta(days=1)
