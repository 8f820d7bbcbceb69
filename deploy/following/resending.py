"""Facts sent to webhook endpoints again, through the addresses of the notifications service."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx

from deploy.following.beside import deliveries
from deploy.following.house import House, Unanswered, problem
from deploy.following.told import Told


async def one(
    house: House, client: httpx.AsyncClient, told: Told, endpoint: str | None, *, send: bool
) -> dict[str, Any]:
    """Send one fact again to an endpoint, or to each that it was queued for. Raises Unanswered."""
    found = await deliveries(house, client, told, endpoint)
    if not found:
        where = f"to {endpoint}" if endpoint else "to any endpoint"
        raise Unanswered(
            f"{told.place} was never queued {where}; "
            "./alongside webhooks recover sends what an endpoint missed"
        )
    if send:
        for one in found:
            await _post(house, client, f"deliveries/{one['delivery_id']}/redeliver", None)
    kept = ("delivery_id", "endpoint_id", "state", "attempt", "status")
    shown = [{name: one[name] for name in kept} for one in found]
    return {"queued": len(found), "dry_run": not send, "deliveries": shown}


async def several(
    house: House,
    client: httpx.AsyncClient,
    endpoint: str,
    topics: Sequence[str] | None,
    since: datetime | None,
    states: Sequence[str] | None,
    *,
    send: bool,
) -> dict[str, Any]:
    """Send those of a filter again. Raises Unanswered."""
    queued = 0
    for topic in topics or (None,):
        body: dict[str, Any] = {"dry_run": not send}
        if topic is not None:
            body["topic"] = topic
        if since is not None:
            body["since"] = since.isoformat()
        if states:
            body["states"] = [one for word in states for one in word.split(",")]
        queued += (await _post(house, client, f"{endpoint}/redeliver", body))["queued"]
    return {"queued": queued, "dry_run": not send, "endpoint_id": endpoint}


async def _post(house: House, client: httpx.AsyncClient, path: str, body: Any) -> dict[str, Any]:
    answer = await house.sent(
        client, "POST", f"notifications/webhooks/{path}", json=body, headers={"Idempotency-Key": str(uuid4())}
    )
    if answer.is_error:
        raise Unanswered(f"notifications: {problem(answer)}")
    done: dict[str, Any] = answer.json()
    return done
