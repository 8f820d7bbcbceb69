"""The delivery log over HTTP, and what is sent again."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime

from services.notifications.webhooks import orders, reading
from services.notifications.webhooks.api.callers import ALL, owner_of, theirs
from services.notifications.webhooks.api.shown import (
    Again,
    Asked,
    Deliveries,
    Delivery,
    DeliveryWhole,
    Recover,
    Recovered,
    State,
    Tested,
)
from services.notifications.webhooks.origins import origins
from services.notifications.webhooks.queueing import Wants
from shared.kernel.call import Call, CommandCall, Reads, allows, seen
from shared.kernel.paging import Cursor, Limit, after, page, wrong_cursor
from shared.kernel.problems import NotFound, Problem

router = APIRouter(prefix="/webhooks", tags=["webhooks"])
MOST_ID = 2**63 - 1


@router.get("/deliveries", dependencies=[allows(*ALL, "auditor"), seen("webhook_queue")])
async def list_deliveries(
    request: Request,
    reads: Reads,
    endpoint_id: UUID | None = None,
    state: Annotated[State | None, Query(description="`waiting`, `taken`, `failed` or `dropped`")] = None,
    topic: Annotated[str | None, Query(description="the fact, such as sessions.SessionApproved.v1")] = None,
    since: Annotated[AwareDatetime | None, Query(description="the fact was recorded then or later")] = None,
    until: Annotated[AwareDatetime | None, Query(description="and before then")] = None,
    event_id: Annotated[UUID | None, Query(description="only those of this fact")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Deliveries:
    """What is on its way, was taken, failed or was dropped, the last queued first; an integrator sees its own."""
    asked = reading.Asked(owner_of(request.state.actor), endpoint_id, state, topic, since, until, event_id)
    place = after(cursor)
    if place is not None and not (len(place) == 1 and isinstance(place[0], int)):
        raise wrong_cursor()
    found = await reads(
        reading.list_deliveries, asked, after=None if place is None else place[0], limit=limit + 1
    )
    shown = [Delivery.model_validate(row) for row in found]
    return Deliveries(**page(shown, limit, lambda one: [one.delivery_id]))


@router.get("/deliveries/{delivery_id}", dependencies=[allows(*ALL, "auditor"), seen("webhook_queue")])
async def show_delivery(delivery_id: int, request: Request, reads: Reads) -> DeliveryWhole:
    """One delivery with every attempt: what was sent, what came back, how long it took."""
    return DeliveryWhole.model_validate(await _delivery(request, reads, delivery_id))


@router.post("/deliveries/{delivery_id}/redeliver", dependencies=[allows(*ALL)])
async def redeliver_one(delivery_id: int, request: Request, call: Call) -> Asked:
    """Send it again at once, under the id it had, and try as often as with a new one."""
    found = await _delivery(request, call.reads, delivery_id)
    endpoint_id = found["endpoint_id"]
    which = orders.Which(delivery_id=delivery_id, states=("waiting", "taken", "failed", "dropped"))

    async def do() -> dict[str, Any]:
        return {"queued": await orders.redeliver(call.running.engine, endpoint_id, which), "dry_run": False}

    return Asked(**await _once(request, call, endpoint_id, f"redeliver {delivery_id}", do))


@router.post("/{endpoint_id}/redeliver", dependencies=[allows(*ALL)])
async def redeliver(endpoint_id: UUID, body: Again, request: Request, call: Call) -> Asked:
    """Send those of a filter again; a dry run says how many there are."""
    which = orders.Which(None, tuple(body.states), body.topic, body.since, body.until)

    async def do() -> dict[str, Any]:
        done = await orders.redeliver(call.running.engine, endpoint_id, which, dry_run=body.dry_run)
        return {"queued": done, "dry_run": body.dry_run}

    return Asked(**await _once(request, call, endpoint_id, "redeliver", do))


@router.post("/{endpoint_id}/recover", dependencies=[allows(*ALL)])
async def recover(endpoint_id: UUID, body: Recover, request: Request, call: Call) -> Recovered:
    """Send whatever failed since a time, or was never queued: while disabled, or before it was added, if asked."""
    known = await theirs(request, call.reads, endpoint_id)
    start = body.since if body.before_added else max(body.since, known["added_at"])
    running = call.running

    async def do() -> dict[str, Any]:
        done = await orders.recover(
            running.engine,
            origins(running),
            Wants(endpoint_id, known["regions"]),
            tuple(known["facts"]),
            body.since,
            start,
            dry_run=body.dry_run,
        )
        return {"failed": done.failed, "missing": done.missing, "dry_run": body.dry_run}

    return Recovered(**await _once(request, call, endpoint_id, "recover", do))


@router.post("/{endpoint_id}/test", status_code=202, dependencies=[allows(*ALL)])
async def send_test(endpoint_id: UUID, request: Request, call: Call) -> Tested:
    """Send a signed `alongside.test` event, which is no fact: it is delivered and logged as any other."""

    async def do() -> dict[str, Any]:
        event_id = await orders.send_test(call.running.engine, endpoint_id, call.region, call.key, call.now)
        return {"event_id": str(event_id)}

    return Tested(**await _once(request, call, endpoint_id, "test", do))


async def _delivery(request: Request, reads: Any, delivery_id: int) -> dict[str, Any]:
    found = await reads(reading.find_delivery, delivery_id) if 0 <= delivery_id <= MOST_ID else None
    if found is None:
        raise NotFound("delivery", str(delivery_id))
    await theirs(request, reads, found["endpoint_id"])
    return dict(found)


async def _once(
    request: Request,
    call: CommandCall,
    endpoint_id: UUID,
    what: str,
    do: Callable[[], Awaitable[dict[str, Any]]],
) -> dict[str, Any]:
    """Do it, unless it was done under this key before: then what was answered."""
    known = await theirs(request, call.reads, endpoint_id)
    if known["stands"] == "removed":
        raise Problem(409, "webhook_removed", "The endpoint was removed: add it again.")
    key = f"{call.key}:{endpoint_id}:{what}"
    before = await call.reads(orders.ordered_before, key)
    if before is not None:
        return before
    answer = await do()
    await orders.note_order(call.running.engine, key, endpoint_id, what, str(call.actor), call.now, answer)
    return answer
