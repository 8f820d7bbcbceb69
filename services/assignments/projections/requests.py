"""Requests for support, and what became of each."""

from collections.abc import Iterator
from typing import assert_never

from services.assignments.domain.support_request import RequestFact
from shared.contracts.assignments.support_request import (
    SupportRequestAccepted,
    SupportRequestDeclined,
    SupportRequestReceived,
    SupportRequestWithdrawn,
)
from shared.kernel.projection import Projection
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Put, Row


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


REQUESTS = Projection(
    "requests",
    (SupportRequestReceived, SupportRequestAccepted, SupportRequestDeclined, SupportRequestWithdrawn),
    ("support_requests",),
    requests,
)
