"""Support requests: received, accepted, declined, withdrawn."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import orjson
from fastapi import APIRouter, Response
from pydantic import BaseModel

from services.assignments.api.asking import Name, Prose, by_time, known, listed
from services.assignments.domain.child import child
from services.assignments.domain.provision import Provision
from services.assignments.domain.support_request import (
    Accepted,
    AcceptRequest,
    DeclineRequest,
    ReceiveRequest,
    WithdrawRequest,
    support_request,
)
from services.assignments.policies.children import child_of
from services.assignments.read_model.requests import request, requests_by_arrival
from services.assignments.read_model.schools import school
from shared.contracts.words.support import Area, DeclineReason, Requester, WithdrawalReason
from shared.kernel.call import Call, CommandCall, Reads, allows, seen
from shared.kernel.commands import execute
from shared.kernel.envelope import Origin
from shared.kernel.paging import Cursor, Limit
from shared.kernel.problems import NotFound

router = APIRouter(prefix="/support-requests", tags=["support requests"])

Status = Literal["received", "accepted", "declined", "withdrawn"]

MADE_BY_ACCEPTING = 2
"""The first facts of a child: that it is accepted, and with which provision."""


class ReceiveBody(BaseModel):
    school_id: UUID
    requester_kind: Requester
    child_name: Name
    needs: Prose


class AcceptBody(BaseModel):
    birth_date: date
    minutes_per_week: int
    areas: tuple[Area, ...]
    effective_from: date


class DeclineBody(BaseModel):
    reason: DeclineReason


class WithdrawBody(BaseModel):
    reason: WithdrawalReason


class RequestView(BaseModel):
    """A request, and what became of it."""

    request_id: UUID
    child_id: UUID
    school_id: UUID
    requester_kind: Requester
    child_name: str
    needs: str
    status: Status
    received_at: datetime
    answered_at: datetime | None
    reason: str | None


class RequestPage(BaseModel):
    items: list[RequestView]
    next: str | None


@router.post("", status_code=201, dependencies=[allows("coordinator", "manager", "school", "parent")])
async def receive(body: ReceiveBody, call: Call) -> Response:
    """Ask for support of a child."""
    request_id, child_id = call.new_id(), call.new_id()
    found = await call.reads(school, body.school_id)
    command = ReceiveRequest(
        request_id=request_id,
        child_id=child_id,
        school_id=body.school_id,
        school_status=found["status"] if found else None,
        requester_kind=body.requester_kind,
        child_name=body.child_name,
        needs=body.needs,
        at=call.now,
    )
    return await call.decide(
        support_request,
        request_id,
        command,
        status=201,
        location="/assignments/support-requests/{id}",
        show={"request_id": request_id, "child_id": child_id},
        new=True,
    )


@router.post("/{request_id}/accept", dependencies=[allows("coordinator", "manager")])
async def accept(request_id: UUID, body: AcceptBody, call: Call) -> Response:
    """Take the request on: its child is accepted with this provision."""
    provision = Provision(body.minutes_per_week, body.areas, body.effective_from)
    command = AcceptRequest(body.birth_date, provision, call.now)
    answer = await call.decide(support_request, request_id, command)
    return answer if answer.status_code >= 400 else await _accept_child(call, request_id, answer)


async def _accept_child(call: CommandCall, request_id: UUID, answer: Response) -> Response:
    """Accept the child before answering. Should this process die here, the policy accept_child does it."""
    state = await known(call, support_request, request_id)
    assert isinstance(state, Accepted)
    child_id = state.accepted.child_id
    origin = Origin(
        call.region, call.running.service, str(call.actor), call.now, call.correlation_id, str(request_id)
    )
    store = call.running.store
    await execute(store, child, child_id, child_of(state.accepted), origin=origin)
    # What accepting made, whoever came first: so the same key gets the same answer, however often it is sent.
    made = (await store.load(child_id))[:MADE_BY_ACCEPTING]
    position = str(made[-1].position)
    body: dict[str, Any] = orjson.loads(bytes(answer.body))
    body |= {
        "child_id": str(child_id),
        "position": made[-1].position,
        "facts": [*body["facts"], *(event.topic for event in made)] if body["facts"] else [],
    }
    headers = {"ETag": answer.headers["ETag"], "Alongside-Position": position}
    headers["Location"] = f"/assignments/children/{child_id}"
    return Response(orjson.dumps(body), answer.status_code, headers, "application/json")


@router.post("/{request_id}/decline", dependencies=[allows("coordinator", "manager")])
async def decline(request_id: UUID, body: DeclineBody, call: Call) -> Response:
    """Do not take the request on."""
    return await call.decide(support_request, request_id, DeclineRequest(body.reason, call.now))


@router.post("/{request_id}/withdraw", dependencies=[allows("coordinator", "manager", "school", "parent")])
async def withdraw(request_id: UUID, body: WithdrawBody, call: Call) -> Response:
    """No longer ask."""
    return await call.decide(support_request, request_id, WithdrawRequest(body.reason, call.now))


@router.get("", dependencies=[allows("coordinator", "manager", "auditor"), seen("requests")])
async def list_requests(
    reads: Reads, status: Status | None = None, cursor: Cursor = None, limit: Limit = 50
) -> RequestPage:
    """Requests, the oldest first."""
    found = await reads(requests_by_arrival, status, by_time(cursor), limit + 1)
    return RequestPage.model_validate(listed(found, limit, "received_at", "request_id"))


@router.get(
    "/{request_id}",
    dependencies=[allows("coordinator", "manager", "auditor"), seen("requests")],
    response_model=RequestView,
)
async def show_request(request_id: UUID, reads: Reads) -> Any:
    """One request."""
    found = await reads(request, request_id)
    if found is None:
        raise NotFound("support request", request_id)
    return dict(found)
