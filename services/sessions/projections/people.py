"""Facts in, rows out: what this service has to know of schools, assignments and training."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, TypeAlias

from shared.contracts.assignments.assignment import AssignmentEnded, MentorAssigned
from shared.contracts.assignments.school import SchoolDetailsChanged, SchoolRegistered
from shared.contracts.training.certification import CertificationGranted, CertificationRevoked
from shared.contracts.training.clearance import ClearanceRecorded, ClearanceWithdrawn
from shared.contracts.training.standing import MentorSuspended, SuspensionLifted
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Put, Row

SchoolTold: TypeAlias = SchoolRegistered | SchoolDetailsChanged
SupportTold: TypeAlias = MentorAssigned | AssignmentEnded
Shown: TypeAlias = (
    CertificationGranted
    | CertificationRevoked
    | ClearanceRecorded
    | ClearanceWithdrawn
    | MentorSuspended
    | SuspensionLifted
)


def schools(recorded: Recorded[SchoolTold]) -> Iterator[Row]:
    """In which time zone each school lies."""
    school = recorded.fact
    yield Put("schools", {"school_id": school.school_id}, {"time_zone": school.time_zone})


def assignments(recorded: Recorded[SupportTold]) -> Iterator[Row]:
    """Who supports whom, from when until when."""
    match recorded.fact:
        case MentorAssigned() as assigned:
            support = assigned.model_dump(exclude={"assignment_id", "role"})
            yield Put("assignments", {"assignment_id": assigned.assignment_id}, support)
        case AssignmentEnded(assignment_id=assignment_id, ended_on=day):
            yield Put("assignments", {"assignment_id": assignment_id}, {"ended_on": day})


def eligibility(recorded: Recorded[Shown]) -> Iterator[Row]:
    """What each mentor can show, from when until when."""
    match recorded.fact:
        case CertificationGranted(valid_from=start, valid_until=end) as granted:
            yield Put("eligibility", _certified(granted), {"valid_from": start, "valid_until": end})
        case CertificationRevoked(revoked_on=day) as revoked:
            yield Put("eligibility", _certified(revoked), {"withdrawn_on": day})
        case ClearanceRecorded(mentor_id=mentor_id, kind=kind, issued_on=start, recheck_due_on=end):
            key = {"mentor_id": mentor_id, "item": kind, "proof": start.isoformat()}
            yield Put("eligibility", key, {"valid_from": start, "valid_until": end, "withdrawn_on": None})
        case ClearanceWithdrawn(mentor_id=mentor_id, kind=kind, issued_on=start, withdrawn_on=day):
            key = {"mentor_id": mentor_id, "item": kind, "proof": start.isoformat()}
            yield Put("eligibility", key, {"withdrawn_on": day})
        case MentorSuspended(suspended_on=start) as suspended:
            yield Put("eligibility", _suspension(suspended), {"valid_from": start, "valid_until": None})
        case SuspensionLifted(lifted_on=day) as lifted:
            yield Put("eligibility", _suspension(lifted), {"valid_until": day - timedelta(days=1)})


def _certified(fact: CertificationGranted | CertificationRevoked) -> dict[str, Any]:
    return {"mentor_id": fact.mentor_id, "item": fact.track, "proof": str(fact.certification_id)}


def _suspension(fact: MentorSuspended | SuspensionLifted) -> dict[str, Any]:
    return {"mentor_id": fact.mentor_id, "item": "suspension", "proof": fact.suspended_on.isoformat()}
