"""What each mentor can show, as training saw it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import assert_never

from services.assignments.subscriptions import EVIDENCE, EvidenceFact
from shared.contracts.training.certification import CertificationGranted, CertificationRevoked
from shared.contracts.training.clearance import ClearanceRecorded, ClearanceWithdrawn
from shared.contracts.training.standing import (
    MentorCleared,
    MentorStoodDown,
    MentorSuspended,
    SuspensionLifted,
)
from shared.kernel.projection import NO_CLASS, Projection
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Put, Row


def eligibility(recorded: Recorded[EvidenceFact]) -> Iterator[Row]:
    """What each mentor can show, as training saw it; proofs lapse by their own dates, so no lapse is kept."""
    fact = recorded.fact
    match fact:
        case CertificationGranted():
            yield Put(
                "evidence",
                {"mentor_id": fact.mentor_id, "item": fact.track, "proof": str(fact.certification_id)},
                {"valid_from": fact.valid_from, "valid_until": fact.valid_until},
            )
        case CertificationRevoked():
            yield Put(
                "evidence",
                {"mentor_id": fact.mentor_id, "item": fact.track, "proof": str(fact.certification_id)},
                {"withdrawn_on": fact.revoked_on},
            )
        case ClearanceRecorded():
            yield Put(
                "evidence",
                {"mentor_id": fact.mentor_id, "item": fact.kind, "proof": fact.issued_on.isoformat()},
                {"valid_from": fact.issued_on, "valid_until": fact.recheck_due_on, "withdrawn_on": None},
            )
        case ClearanceWithdrawn():
            yield Put(
                "evidence",
                {"mentor_id": fact.mentor_id, "item": fact.kind, "proof": fact.issued_on.isoformat()},
                {"withdrawn_on": fact.withdrawn_on},
            )
        case MentorSuspended():
            yield Put(
                "evidence",
                {"mentor_id": fact.mentor_id, "item": "suspension", "proof": fact.suspended_on.isoformat()},
                {"valid_from": fact.suspended_on, "valid_until": None},
            )
        case SuspensionLifted():
            yield Put(
                "evidence",
                {"mentor_id": fact.mentor_id, "item": "suspension", "proof": fact.suspended_on.isoformat()},
                {"valid_until": fact.lifted_on - timedelta(days=1)},
            )
        case MentorCleared():
            cleared = {"deployable": True, "since": fact.cleared_on}
            yield Put("standings", {"mentor_id": fact.mentor_id}, cleared)
        case MentorStoodDown():
            stood_down = {"deployable": False, "since": fact.stood_down_on}
            yield Put("standings", {"mentor_id": fact.mentor_id}, stood_down)
        case _:
            assert_never(fact)


ELIGIBILITY = Projection("eligibility", EVIDENCE, ("evidence", "standings"), eligibility, opens=NO_CLASS)
