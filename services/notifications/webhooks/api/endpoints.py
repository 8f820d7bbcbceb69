"""Endpoints over HTTP: added, shown, changed, rotated, disabled, enabled, removed."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from services.notifications.webhooks import orders, reading
from services.notifications.webhooks.api.callers import (
    ALL,
    MOST_ENDPOINTS,
    OFFICE,
    owner_of,
    secret_key,
    target,
    theirs,
)
from services.notifications.webhooks.api.shown import (
    Endpoint,
    EndpointAdded,
    EndpointAsked,
    Endpoints,
    EndpointWhole,
)
from services.notifications.webhooks.domain.endpoint import (
    Add,
    Change,
    Disable,
    Enable,
    Remove,
    Rotate,
    endpoint,
)
from services.notifications.webhooks.domain.signing import secret
from services.notifications.webhooks.lane import AGENCY
from shared.kernel.call import Call, Reads, allows, seen
from shared.kernel.paging import Cursor, Limit, after, page, wrong_cursor
from shared.kernel.problems import Problem

router = APIRouter(prefix="/webhooks", tags=["webhooks"])


@router.post("", status_code=201, dependencies=[allows(*ALL)])
async def add(body: EndpointAdded, request: Request, call: Call) -> Response:
    """Send facts to an address from now on.

    The secret that signs is told once; when this command is repeated under its key, it is null. Whoever missed it
    rotates it.
    """
    mine = owner_of(call.actor)
    owner = mine or body.owner or AGENCY
    if mine is not None and body.owner not in (None, mine):
        raise Problem(403, "not_allowed", f"{mine} adds its own endpoints only")
    running = call.running
    found, warnings = target(running, body, owner)
    key = secret_key()
    if await call.reads(reading.how_many, owner) >= MOST_ENDPOINTS:
        raise Problem(409, "too_many_webhooks", f"{owner} has {MOST_ENDPOINTS} endpoints: remove one first")
    endpoint_id = call.new_id()
    return await call.decide(
        endpoint,
        endpoint_id,
        Add(endpoint_id, owner, found, str(call.actor), call.now),
        status=201,
        location="/notifications/webhooks/{id}",
        show={"endpoint_id": str(endpoint_id), "facts_sent": found.facts, "warnings": warnings},
        once={"secret": secret(key, endpoint_id, 1)},
        new=True,
    )


@router.get("", dependencies=[allows(*ALL, "auditor"), seen("webhooks")])
async def list_webhooks(
    request: Request,
    reads: Reads,
    owner: Annotated[str | None, Query(description="an integrator's name, or `agency`")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Endpoints:
    """Every endpoint that was not removed, the oldest first; an integrator sees its own."""
    mine = owner_of(request.state.actor)
    place = after(cursor)
    try:
        start = None if place is None else UUID(place[0])
    except (ValueError, IndexError, AttributeError, TypeError):
        raise wrong_cursor() from None
    found = await reads(reading.list_endpoints, mine or owner, after=start, limit=limit + 1)
    shown = [Endpoint.model_validate(row) for row in found]
    return Endpoints(**page(shown, limit, lambda one: [str(one.endpoint_id)]))


@router.get("/{endpoint_id}", dependencies=[allows(*ALL, "auditor"), seen("webhooks")])
async def show_webhook(endpoint_id: UUID, request: Request, reads: Reads) -> EndpointWhole:
    """One endpoint: where what is sent, how it does, and how many deliveries stand how."""
    found = await theirs(request, reads, endpoint_id)
    counted = await reads(reading.count_deliveries, endpoint_id)
    return EndpointWhole.model_validate({**found, "deliveries": counted})


@router.put("/{endpoint_id}", dependencies=[allows(*ALL)])
async def change(endpoint_id: UUID, body: EndpointAsked, request: Request, call: Call) -> Response:
    """Send other facts, or to another address, from now on; what waits goes to the new one."""
    known = await theirs(request, call.reads, endpoint_id)
    found, warnings = target(call.running, body, known["owner"])
    show = {"endpoint_id": str(endpoint_id), "facts_sent": found.facts, "warnings": warnings}
    return await call.decide(endpoint, endpoint_id, Change(found, str(call.actor), call.now), show=show)


@router.post("/{endpoint_id}/rotate", dependencies=[allows(*ALL)])
async def rotate(endpoint_id: UUID, request: Request, call: Call) -> Response:
    """Sign with a new secret, which is told once. The one before signs along for a day."""
    known = await theirs(request, call.reads, endpoint_id)
    made = secret(secret_key(), endpoint_id, known["generation"] + 1)
    command = Rotate(str(call.actor), call.now)
    return await call.decide(endpoint, endpoint_id, command, once={"secret": made})


@router.post("/{endpoint_id}/disable", dependencies=[allows(*ALL)])
async def disable(endpoint_id: UUID, request: Request, call: Call) -> Response:
    """Send nothing there for now. What waits, waits; what is recorded meanwhile can be recovered later."""
    await theirs(request, call.reads, endpoint_id)
    return await call.decide(endpoint, endpoint_id, Disable("asked", str(call.actor), call.now))


@router.post("/{endpoint_id}/enable", dependencies=[allows(*ALL)])
async def enable(endpoint_id: UUID, request: Request, call: Call) -> Response:
    """Send there again, at once what waits."""
    await theirs(request, call.reads, endpoint_id)
    answer = await call.decide(endpoint, endpoint_id, Enable(str(call.actor), call.now))
    if answer.status_code < 400:
        await orders.go_on(call.running.engine, endpoint_id)
    return answer


@router.delete("/{endpoint_id}", dependencies=[allows(*OFFICE, "integrator")])
async def remove(endpoint_id: UUID, request: Request, call: Call) -> Response:
    """It is no endpoint any more. What waits is not sent; the log stays for its time."""
    await theirs(request, call.reads, endpoint_id)
    return await call.decide(endpoint, endpoint_id, Remove(str(call.actor), call.now))
