"""Support requests: received, taken on, declined, withdrawn; listed and shown."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from services.assignments.api.asking import Name, Prose, by_time, known, listed
from services.assignments.api.speaking import their_child
from services.assignments.api.specifying import ProvisionBody
from services.assignments.domain.child import Child, Exited, NotKnown, Referred, Supported, child
from services.assignments.domain.support_request import (
    ChildHere,
    DeclineRequest,
    ReceiveRequest,
    TakeOnRequest,
    WithdrawRequest,
    support_request,
)
from services.assignments.policies.children import child_of
from services.assignments.read_model.requests import request, requests_by_arrival
from services.assignments.read_model.schools import school
from shared.contracts.assignments.child import ChildAccepted, ChildReopened
from shared.contracts.assignments.support_request import SupportRequestReceived, SupportRequestTakenOn
from shared.contracts.words.requests import RequestStage, Urgency
from shared.contracts.words.support import Area, DeclineReason, Requester, WithdrawalReason
from shared.kernel.call import Call, CommandCall, Reads, allows, seen
from shared.kernel.commands import execute
from shared.kernel.decider import Refused
from shared.kernel.envelope import Origin
from shared.kernel.paging import Cursor, Limit
from shared.kernel.problems import NotFound
from shared.kernel.sealing.batches import facts_in
from shared.kernel.sealing.sealer import Sealer
from shared.kernel.sight import SeenAs
from shared.kernel.store import StoredEvent

router = APIRouter(prefix="/support-requests", tags=["support requests"])

MADE_BY_TAKING_ON = 2
"""What taking on does to a child: it is accepted or comes back, and with which provision."""


class ReceiveBody(BaseModel):
    """`child_id` names a child who is known here: one who was supported before, and left."""

    school_id: UUID
    requester_kind: Requester
    child_name: Name
    needs: Prose
    requester_name: Name | None = None
    child_id: UUID | None = None


class TakeOnBody(ProvisionBody):
    """`urgency` is for a request that nobody triaged."""

    birth_date: date
    urgency: Urgency = "routine"


class DeclineBody(BaseModel):
    reason: DeclineReason


class WithdrawBody(BaseModel):
    reason: WithdrawalReason


class RequestView(BaseModel):
    """A request and where it stands. `next_step_on`: when an answer is due, or the waiting list looked at."""

    request_id: UUID
    child_id: UUID
    school_id: UUID
    requester_kind: Requester
    requester_name: Annotated[str | None, SeenAs("contact")]
    child_name: Annotated[str, SeenAs("profile")]
    needs: Annotated[str, SeenAs("casework")]
    status: RequestStage
    urgency: Urgency | None
    areas: list[Area] | None
    received_at: datetime
    answered_at: datetime | None
    next_step_on: date | None
    assignment_id: UUID | None = Field(description="what was last offered, or what fulfils the request")
    fulfilled_on: date | None
    reason: str | None


class RequestPage(BaseModel):
    items: list[RequestView]
    next: str | None


@router.post("", status_code=201, dependencies=[allows("coordinator", "manager", "school", "parent")])
async def receive(body: ReceiveBody, call: Call) -> Response:
    """Ask for support of a child."""
    request_id, child_id = call.new_id(), body.child_id or call.new_id()
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
        requester_name=body.requester_name,
        child_here=await _here(call, body.child_id) if body.child_id else "unknown",
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


async def _here(call: CommandCall, child_id: UUID) -> ChildHere:
    state: Child = await known(call, child, child_id)
    match state:
        case NotKnown():
            raise NotFound("child", child_id)
        case Referred():
            return "referred"
        case Supported():
            return "supported"
        case Exited(_, exited):
            return "transferred" if exited.reason == "transferred" else "exited"


@router.post("/{request_id}/take-on", dependencies=[allows("coordinator", "manager")])
async def take_on(request_id: UUID, body: TakeOnBody, call: Call) -> Response:
    """Take the request on: its child is accepted with this provision, and a mentor is sought."""
    asked = await received(call, request_id)
    here: Child = await known(call, child, asked.child_id)
    if isinstance(here, Supported) and here.request_id != request_id:
        message = (
            "this child was accepted on another request; decline this one, and change the child's provision"
        )
        raise Refused("child_already_accepted", message)
    provision = body.provision(asked.child_id)
    command = TakeOnRequest(body.birth_date, provision, call.now, body.urgency)
    answer = await call.decide(support_request, request_id, command)
    return answer if answer.status_code >= 400 else await _accept_child(call, request_id, answer)


async def received(call: CommandCall, request_id: UUID) -> SupportRequestReceived:
    """The request as it was made, if the caller may speak of it. Raises Problem 403 and 404."""
    states = [event.state for event in (await call.running.store.load(request_id))[:1]]
    for found in await facts_in(call.running.sealer, states):
        if isinstance(found, SupportRequestReceived):
            their_child(call.actor, found.child_id, found.school_id)
            return found
    raise NotFound("support request", request_id)


async def _accept_child(call: CommandCall, request_id: UUID, answer: Response) -> Response:
    """Accept the child before answering. Should this process die here, the policy follow_request does it."""
    store, sealer = call.running.store, call.running.sealer
    facts = await facts_in(sealer, [event.state for event in await store.load(request_id)])
    taken_on = next(fact for fact in facts if isinstance(fact, SupportRequestTakenOn))
    child_id = taken_on.child_id
    made = await _made(sealer, await store.load(child_id), request_id)
    if not made:
        origin = Origin(
            call.region, call.running.service, str(call.actor), call.now, call.correlation_id, str(request_id)
        )
        await execute(store, child, child_id, child_of(taken_on), origin=origin, sealer=sealer)
        made = await _made(sealer, await store.load(child_id), request_id)
    # What taking on made, whoever came first: so the same key gets the same answer, however often it is sent.
    body: dict[str, Any] = orjson.loads(bytes(answer.body))
    body |= {
        "child_id": str(child_id),
        "position": made[-1].position,
        "facts": [*body["facts"], *(event.topic for event in made)] if body["facts"] else [],
    }
    headers = {"ETag": answer.headers["ETag"], "Alongside-Position": str(made[-1].position)}
    headers["Location"] = f"/assignments/children/{child_id}"
    return Response(orjson.dumps(body), answer.status_code, headers, "application/json")


async def _made(sealer: Sealer | None, history: list[StoredEvent], request_id: UUID) -> list[StoredEvent]:
    """The facts of a child that say that it is here on this request, and with which provision."""
    for place, fact in enumerate(await facts_in(sealer, [event.state for event in history])):
        if isinstance(fact, ChildAccepted | ChildReopened) and fact.request_id == request_id:
            return history[place : place + MADE_BY_TAKING_ON]
    return []


@router.post("/{request_id}/decline", dependencies=[allows("coordinator", "manager")])
async def decline(request_id: UUID, body: DeclineBody, call: Call) -> Response:
    """Do not take the request on."""
    return await call.decide(support_request, request_id, DeclineRequest(body.reason, call.now))


@router.post("/{request_id}/withdraw", dependencies=[allows("coordinator", "manager", "school", "parent")])
async def withdraw(request_id: UUID, body: WithdrawBody, call: Call) -> Response:
    """No longer ask. Offers that are open come to nothing, and a child without a mentor leaves."""
    await received(call, request_id)
    return await call.decide(support_request, request_id, WithdrawRequest(body.reason, call.now))


@router.get("", dependencies=[allows("coordinator", "manager", "auditor"), seen("requests")])
async def list_requests(
    reads: Reads,
    status: RequestStage | None = None,
    urgency: Urgency | None = None,
    school_id: UUID | None = None,
    child_id: UUID | None = None,
    next_step_by: date | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> RequestPage:
    """Requests, the oldest first; `next_step_by` are those on which something is due by that day."""
    found = await reads(
        requests_by_arrival,
        status,
        urgency,
        school_id,
        child_id,
        next_step_by,
        by_time(cursor),
        limit + 1,
    )
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
