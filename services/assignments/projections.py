"""Facts in, rows out: schools, requests, children, mentors, what mentors can show, and who supports whom."""

from collections.abc import Iterator
from typing import assert_never

from services.assignments.domain.assignment import AssignmentFact
from services.assignments.domain.child import ChildFact
from services.assignments.domain.mentor import MentorFact
from services.assignments.domain.school import SchoolFact
from services.assignments.domain.support_request import RequestFact
from services.assignments.subscriptions import EVIDENCE, EvidenceFact
from shared.contracts.assignments.assignment import (
    AssignmentEnded,
    MentorAssigned,
    MentorOffered,
    OfferCancelled,
)
from shared.contracts.assignments.child import ChildAccepted, ProvisionSpecified
from shared.contracts.assignments.mentor import MentorEngaged, MentorLeft
from shared.contracts.assignments.school import SchoolDetailsChanged, SchoolRegistered
from shared.contracts.assignments.support_request import (
    SupportRequestAccepted,
    SupportRequestDeclined,
    SupportRequestReceived,
    SupportRequestWithdrawn,
)
from shared.contracts.training.certification import CertificationGranted, CertificationRevoked
from shared.contracts.training.clearance import ClearanceRecorded
from shared.contracts.training.standing import MentorCleared, MentorStoodDown
from shared.kernel.projection import Projection
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Put, Row


def schools(recorded: Recorded[SchoolFact]) -> Iterator[Row]:
    """Every school as the register last told of it."""
    details = dict(recorded.fact)
    yield Put("schools", {"school_id": details.pop("school_id")}, details)


def requests(recorded: Recorded[RequestFact]) -> Iterator[Row]:
    """Every request for support, and what became of it."""
    fact = recorded.fact
    key = {"request_id": fact.request_id}
    match fact:
        case SupportRequestReceived():
            yield Put(
                "support_requests",
                key,
                {
                    "child_id": fact.child_id,
                    "school_id": fact.school_id,
                    "requester_kind": fact.requester_kind,
                    "child_name": fact.child_name,
                    "needs": fact.needs,
                    "status": "received",
                    "received_at": fact.received_at,
                },
            )
        case SupportRequestAccepted():
            yield Put("support_requests", key, {"status": "accepted", "answered_at": fact.accepted_at})
        case SupportRequestDeclined():
            answer = {"status": "declined", "answered_at": fact.declined_at, "reason": fact.reason}
            yield Put("support_requests", key, answer)
        case SupportRequestWithdrawn():
            answer = {"status": "withdrawn", "answered_at": fact.withdrawn_at, "reason": fact.reason}
            yield Put("support_requests", key, answer)
        case _:
            assert_never(fact)


def children(recorded: Recorded[ChildFact]) -> Iterator[Row]:
    """The children of the agency, with every provision specified for them."""
    fact = recorded.fact
    match fact:
        case ChildAccepted():
            details = dict(fact)
            yield Put("children", {"child_id": details.pop("child_id")}, details)
        case ProvisionSpecified():
            yield Put(
                "provisions",
                {"child_id": fact.child_id, "effective_from": fact.effective_from},
                {
                    "minutes_per_week": fact.minutes_per_week,
                    "areas": fact.areas,
                    "specified_at": recorded.recorded_at,
                },
            )
        case _:
            assert_never(fact)


def mentors(recorded: Recorded[MentorFact]) -> Iterator[Row]:
    """Who works for the agency, and who did."""
    fact = recorded.fact
    key = {"mentor_id": fact.mentor_id}
    match fact:
        case MentorEngaged():
            yield Put("mentors", key, {"name": fact.name, "email": fact.email, "engaged_on": fact.engaged_on})
        case MentorLeft():
            yield Put("mentors", key, {"left_on": fact.left_on})
        case _:
            assert_never(fact)


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
                {"valid_from": fact.issued_on, "valid_until": fact.recheck_due_on},
            )
        case MentorCleared():
            cleared = {"deployable": True, "since": fact.cleared_on}
            yield Put("standings", {"mentor_id": fact.mentor_id}, cleared)
        case MentorStoodDown():
            stood_down = {"deployable": False, "since": fact.stood_down_on}
            yield Put("standings", {"mentor_id": fact.mentor_id}, stood_down)
        case _:
            assert_never(fact)


def coverage(recorded: Recorded[AssignmentFact]) -> Iterator[Row]:
    """Who was proposed, who supports whom since when, and when each of it was recorded."""
    fact = recorded.fact
    key = {"assignment_id": fact.assignment_id}
    match fact:
        case MentorOffered():
            yield Put(
                "assignments",
                key,
                {
                    "child_id": fact.child_id,
                    "mentor_id": fact.mentor_id,
                    "school_id": fact.school_id,
                    "role": fact.role,
                    "status": "offered",
                    "offered_at": fact.offered_at,
                },
            )
        case OfferCancelled():
            cancelled = {"status": "cancelled", "reason": fact.reason, "cancelled_at": fact.cancelled_at}
            yield Put("assignments", key, cancelled)
        case MentorAssigned():
            yield Put(
                "assignments",
                key,
                {
                    "school_id": fact.school_id,
                    "status": "active",
                    "effective_from": fact.effective_from,
                    "assigned_recorded_at": recorded.recorded_at,
                },
            )
        case AssignmentEnded():
            yield Put(
                "assignments",
                key,
                {
                    "status": "ended",
                    "reason": fact.reason,
                    "ended_on": fact.ended_on,
                    "ended_recorded_at": recorded.recorded_at,
                },
            )
        case _:
            assert_never(fact)


PROJECTIONS = (
    Projection("schools", (SchoolRegistered, SchoolDetailsChanged), ("schools",), schools),
    Projection(
        "requests",
        (SupportRequestReceived, SupportRequestAccepted, SupportRequestDeclined, SupportRequestWithdrawn),
        ("support_requests",),
        requests,
    ),
    Projection("children", (ChildAccepted, ProvisionSpecified), ("children", "provisions"), children),
    Projection("mentors", (MentorEngaged, MentorLeft), ("mentors",), mentors),
    Projection(
        "eligibility",
        EVIDENCE,
        ("evidence", "standings"),
        eligibility,
    ),
    Projection(
        "coverage",
        (MentorOffered, OfferCancelled, MentorAssigned, AssignmentEnded),
        ("assignments",),
        coverage,
    ),
)
