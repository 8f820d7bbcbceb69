"""Facts in, rows out: what this service has to know of schools, assignments and training."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, TypeAlias

from shared.contracts.assignments.assignment import (
    AssignmentEnded,
    AssignmentPaused,
    AssignmentResumed,
    MentorAssigned,
    PrimaryStoodAside,
    PrimaryStoodBack,
)
from shared.contracts.assignments.child import ProvisionSpecified
from shared.contracts.assignments.cover import CoverAccepted, CoverGivenBack, CoverPartiallyAccepted
from shared.contracts.assignments.school import SchoolDetailsChanged, SchoolRegistered
from shared.contracts.training.certification import CertificationGranted, CertificationRevoked
from shared.contracts.training.clearance import ClearanceRecorded, ClearanceWithdrawn
from shared.contracts.training.standing import MentorSuspended, SuspensionLifted
from shared.contracts.words.privacy import readable
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Drop, Put, Row

SchoolTold: TypeAlias = SchoolRegistered | SchoolDetailsChanged
SupportTold: TypeAlias = (
    MentorAssigned
    | AssignmentPaused
    | AssignmentResumed
    | AssignmentEnded
    | PrimaryStoodAside
    | PrimaryStoodBack
    | CoverAccepted
    | CoverPartiallyAccepted
    | CoverGivenBack
)
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
    """Who supports whom, from when until when, and on which days not."""
    match recorded.fact:
        case MentorAssigned(assignment_id=assignment_id) as assigned:
            support = assigned.model_dump(exclude={"assignment_id", "child_slot", "mentor_slot", "days"})
            yield Put("assignments", {"assignment_id": assignment_id}, support)
        case AssignmentEnded(assignment_id=assignment_id, ended_on=day):
            yield Put("assignments", {"assignment_id": assignment_id}, {"ended_on": day})
        case AssignmentPaused(assignment_id=assignment_id, paused_from=day):
            key = {"assignment_id": assignment_id, "position": recorded.position}
            yield Put("pauses", key, {"paused_from": day})
        case AssignmentResumed(assignment_id=assignment_id, resumed_on=day):
            key = {"assignment_id": assignment_id, "position": recorded.position}
            yield Put("pauses", key, {"resumed_on": day})
        case PrimaryStoodAside(assignment_id=assignment_id, cover_id=cover_id, days=days, stood_aside_at=at):
            for day in days:
                aside = {"assignment_id": assignment_id, "day": day}
                yield Put("days_aside", aside, {"cover_id": cover_id, "since": at})
        case PrimaryStoodBack(assignment_id=assignment_id, days=days):
            yield from (Drop("days_aside", {"assignment_id": assignment_id, "day": day}) for day in days)
        case CoverAccepted(days=days) | CoverPartiallyAccepted(days=days) as taken:
            yield from (Put("cover_days", _cover_day(taken, day), {"given_back": False}) for day in days)
        case CoverGivenBack(days=days) as back:
            yield from (Put("cover_days", _cover_day(back, day), {"given_back": True}) for day in days)


def outcomes(recorded: Recorded[ProvisionSpecified]) -> Iterator[Row]:
    """Which outcomes the provision of each child has, by their ids alone."""
    ids = [str(outcome.outcome_id) for outcome in readable(recorded.fact.outcomes, ())]
    yield Put("outcomes", {"child_id": recorded.fact.child_id}, {"outcome_ids": ids})


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


def _cover_day(fact: CoverAccepted | CoverPartiallyAccepted | CoverGivenBack, day: date) -> dict[str, Any]:
    return {"cover_id": fact.cover_id, "mentor_id": fact.mentor_id, "day": day}
