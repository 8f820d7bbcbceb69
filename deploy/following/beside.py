"""What stands beside a fact elsewhere: its message in the stream, its leaf in the ledger, its deliveries."""

import re
from datetime import timedelta
from typing import Any

import httpx
from nats.errors import Error as BusError

from deploy.following.house import LEDGER, House, Unanswered
from deploy.following.told import Told
from shared.kernel.bus.connection import connect
from shared.kernel.bus.targets import NoTarget, targets
from shared.kernel.envelope import stream_name

BUS_SECONDS = 5


async def message(house: House, told: Told) -> dict[str, Any] | None:
    """Subject and headers of the message that carries it; None when it can't be had from here."""
    if house.here is None:
        return None
    try:
        (target,) = targets(house.here.data, told.service)
        bus = await connect(target.nats_url, "operator", target.nats_seed)
    except (NoTarget, BusError, OSError, ValueError):
        return None
    try:
        stream = stream_name(house.region, told.service)
        found = await bus.jetstream(timeout=BUS_SECONDS).get_msg(stream, seq=told.position)
        same = found.data == told.state
        return {
            "stream": stream, "sequence": found.seq, "subject": found.subject,
            "headers": dict(found.headers or {}), "same_bytes": same,
        }  # fmt: skip
    except (BusError, TimeoutError) as absent:
        return {"error": str(absent) or type(absent).__name__}
    finally:
        await bus.close()


async def leaf(house: House, client: httpx.AsyncClient, told: Told) -> dict[str, Any] | None:
    """Its number in the ledger's newest published tree, and the size of that tree; None when it is not in it yet."""
    if LEDGER not in house.urls:
        return None
    try:
        answer = await house.ask(client, f"{LEDGER}/ledger/proof/{told.place}")
    except Unanswered:
        return None
    if answer.status_code == 404:
        return None
    index = re.search(r"^index (\d+)$", answer.text, re.MULTILINE)
    checkpoint = answer.text.partition("\n\n")[2].splitlines()
    size = checkpoint[1] if len(checkpoint) > 1 and checkpoint[1].isdecimal() else None
    return {
        "index": int(index[1]) if index else None,
        "tree_size": int(size) if size else None,
        "proof": f"/{LEDGER}/ledger/proof/{told.place}",
    }


async def deliveries(
    house: House, client: httpx.AsyncClient, told: Told, endpoint: str | None = None
) -> list[dict[str, Any]]:
    """Its deliveries to webhooks, the last queued first. Raises Unanswered."""
    head = told.envelope
    # what a filter compares may be cut to milliseconds on its way, and its end is not part of it
    since, until = head.time - timedelta(seconds=1), head.time + timedelta(seconds=1)
    found, cursor = [], None
    while True:
        answer = await house.ask(
            client, "notifications/webhooks/deliveries",
            endpoint_id=endpoint, topic=head.type, since=since.isoformat(), until=until.isoformat(),
            cursor=cursor, limit=200,
        )  # fmt: skip
        if answer.status_code == 404:
            return []
        page = answer.json()
        found += [one for one in page["items"] if one["event_id"] == str(head.id)]
        if (cursor := page["next"]) is None:
            return found
