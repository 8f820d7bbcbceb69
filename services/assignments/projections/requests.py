"""Requests for support: where each stands, and what it waits for."""

from collections.abc import Iterator, Mapping
from typing import Any, assert_never

from services.assignments.domain.support_request import RequestFact
from shared.contracts.assignments.support_request import (
    InformationReceived,
    InformationRequested,
    SupportRequestAccepted,
    SupportRequestDeclined,
    SupportRequestFulfilled,
    SupportRequestMatchLost,
    SupportRequestOffered,
    SupportRequestReceived,
    SupportRequestResumed,
    SupportRequestTakenOn,
    SupportRequestTriaged,
    SupportRequestWaitlisted,
    SupportRequestWithdrawn,
)
from shared.kernel.projection import Projection
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Put, Row


def requests(recorded: Recorded[RequestFact]) -> Iterator[Row]:
    """Every request for support, and what became of it."""
    yield Put("support_requests", {"request_id": recorded.fact.request_id}, _told(recorded.fact))


def _told(fact: RequestFact) -> Mapping[str, Any]:
    match fact:
        case SupportRequestReceived():
            return {
                "child_id": fact.child_id,
                "school_id": fact.school_id,
                "requester_kind": fact.requester_kind,
                "requester_name": fact.requester_name,
                "child_name": fact.child_name,
                "needs": fact.needs,
                "status": "received",
                "received_at": fact.received_at,
            }
        case SupportRequestTriaged():
            return {"urgency": fact.urgency, "areas": fact.areas, "status": fact.stage}
        case InformationRequested():
            return {"status": "awaiting_information", "next_step_on": fact.answer_due_on}
        case InformationReceived():
            return {"status": "triaged", "next_step_on": None}
        case SupportRequestTakenOn():
            return {
                "status": "matching",
                "areas": fact.areas,
                "answered_at": fact.taken_on_at,
                "next_step_on": None,
            }
        case SupportRequestWaitlisted():
            return {"status": "waitlisted", "reason": fact.reason, "next_step_on": fact.review_on}
        case SupportRequestResumed():
            return {"status": fact.stage, "reason": None, "next_step_on": None}
        case SupportRequestOffered():
            return {"status": fact.stage, "assignment_id": fact.assignment_id}
        case SupportRequestAccepted():
            return {"status": "accepted", "assignment_id": fact.assignment_id}
        case SupportRequestMatchLost():
            lost = {"status": fact.stage, "fulfilled_on": None}
            return {**lost, "assignment_id": None} if fact.stage == "matching" else lost
        case SupportRequestFulfilled():
            return {
                "status": "fulfilled",
                "assignment_id": fact.assignment_id,
                "fulfilled_on": fact.fulfilled_on,
            }
        case SupportRequestDeclined():
            return _closed("declined", fact.reason, fact.declined_at)
        case SupportRequestWithdrawn():
            return _closed("withdrawn", fact.reason, fact.withdrawn_at)
        case _:
            assert_never(fact)


def _closed(status: str, reason: str, at: Any) -> Mapping[str, Any]:
    return {"status": status, "reason": reason, "answered_at": at, "next_step_on": None}


REQUESTS = Projection(
    "requests",
    (
        SupportRequestReceived,
        SupportRequestTriaged,
        InformationRequested,
        InformationReceived,
        SupportRequestTakenOn,
        SupportRequestWaitlisted,
        SupportRequestResumed,
        SupportRequestOffered,
        SupportRequestAccepted,
        SupportRequestMatchLost,
        SupportRequestFulfilled,
        SupportRequestDeclined,
        SupportRequestWithdrawn,
    ),
    ("support_requests",),
    requests,
)
