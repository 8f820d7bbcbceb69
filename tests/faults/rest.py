"""When a hurt system has healed: nothing is on its way any more."""

import asyncio
import time
from collections.abc import Mapping

import nats
import psycopg
from nats.errors import Error as NatsError

from tests.faults.checker import Place

REST_SECONDS = 60.0
_OVERDUE = """
SELECT count(*) FROM due WHERE fired_for IS DISTINCT FROM due_at
AND due_at <= now() + coalesce((SELECT ahead FROM clock), interval '0')
"""


class Restless(AssertionError):
    """It did not come to rest; the message says what is behind."""


async def until_at_rest(place: Place, seconds: float = REST_SECONDS) -> None:
    """Returns when every stream and every listener stands at its store's head, and nothing is overdue."""
    until = time.monotonic() + seconds
    why = "not looked at yet"
    while time.monotonic() < until:
        try:
            why = await _restless(place)
        except (psycopg.Error, NatsError, OSError, TimeoutError) as error:
            why = f"{type(error).__name__}: {error}"
        if not why:
            return
        await asyncio.sleep(0.1)
    raise Restless(f"after {seconds:.0f} s: {why}")


async def _restless(place: Place) -> str:
    """What is still on its way; empty when nothing is."""
    before, behind = _heads(place), []
    connection = await nats.connect(
        place.nats_url, connect_timeout=2, allow_reconnect=False, error_cb=_unheard
    )
    try:
        js = connection.jetstream(timeout=2)
        for service, head in before.items():
            name = f"EV_{place.region}_{service}".upper().replace("-", "_")
            last = (await js.stream_info(name)).state.last_seq
            if last != head:
                behind.append(f"stream of {service} ends at {last} of {head}")
    finally:
        await connection.close()
    for service, url in place.databases.items():
        with psycopg.connect(url, connect_timeout=2) as database:
            found = database.execute("SELECT projection, source, position FROM checkpoints").fetchall()
            at = {(listener, source): position for listener, source, position in found}
            wanted = dict.fromkeys(place.listeners.get(service, ()), 0) | at
            for (listener, source), _ in wanted.items():
                if source in before and at.get((listener, source), 0) != before[source]:
                    told = f"{service} {listener} stands at {at.get((listener, source))} of {source}"
                    behind.append(f"{told} {before[source]}")
            overdue = database.execute(_OVERDUE).fetchone()
            if overdue and overdue[0]:
                behind.append(f"{overdue[0]} overdue in {service}")
    if _heads(place) != before:
        behind.append("something was recorded meanwhile")
    return "; ".join(behind)


def _heads(place: Place) -> Mapping[str, int]:
    heads = {}
    for service, url in place.databases.items():
        with psycopg.connect(url, connect_timeout=2) as database:
            row = database.execute("SELECT position FROM store_head WHERE name = 'store'").fetchone()
            heads[service] = int(row[0]) if row else 0
    return heads


async def _unheard(error: Exception) -> None:
    """What goes wrong shows in what is asked."""
