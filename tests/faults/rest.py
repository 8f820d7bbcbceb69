"""When a hurt system has healed: nothing is on its way any more."""

import asyncio
import time
from collections.abc import Mapping
from contextlib import ExitStack

import nats
import psycopg
from nats.errors import Error as NatsError

from tests.faults.checker import Place

REST_SECONDS, SLOW_SECONDS = 60.0, 8.0
# What falls due while the system is examined would disturb the examination.
_SOON = """
SELECT count(*) FROM due WHERE fired_for IS DISTINCT FROM due_at
AND due_at <= now() + coalesce((SELECT ahead FROM clock), interval '0') + interval '4 seconds'
"""


class Restless(AssertionError):
    """It did not come to rest; the message says what is behind."""


async def until_at_rest(place: Place, seconds: float = REST_SECONDS) -> None:
    """Returns when every stream and every listener stands at its store's head, and nothing is due."""
    began, why, told = time.monotonic(), "not looked at yet", 0.0
    while time.monotonic() < began + seconds:
        try:
            why = await _restless(place)
        except (psycopg.Error, NatsError, OSError, TimeoutError) as error:
            why = f"{type(error).__name__}: {error}"
        if not why:
            return
        if time.monotonic() - began > told + SLOW_SECONDS:
            told = time.monotonic() - began
            print(f"after {told:.0f} s still: {why[:300]}")
        await asyncio.sleep(0.1)
    raise Restless(f"after {seconds:.0f} s: {why}")


async def _restless(place: Place) -> str:
    """What is still on its way; empty when nothing is."""
    with ExitStack() as stack:
        databases = {
            service: stack.enter_context(psycopg.connect(url, connect_timeout=2, autocommit=True))
            for service, url in place.databases.items()
        }
        heads = {service: _head(database) for service, database in databases.items()}
        behind = await _streams_behind(place, heads)
        for service, database in databases.items():
            found = database.execute("SELECT projection, source, position FROM checkpoints").fetchall()
            at = dict.fromkeys(place.listeners.get(service, ()), 0)
            at |= {(listener, source): position for listener, source, position in found}
            behind += [
                f"{service} {listener} stands at {position} of {source} {heads[source]}"
                for (listener, source), position in at.items()
                if source in heads and position != heads[source]
            ]
            soon = database.execute(_SOON).fetchone()
            if soon and soon[0]:
                behind.append(f"{soon[0]} due in {service}")
        if any(_head(database) != heads[service] for service, database in databases.items()):
            behind.append("something was recorded meanwhile")
    return "; ".join(behind)


async def _streams_behind(place: Place, heads: Mapping[str, int]) -> list[str]:
    bus = await nats.connect(
        place.nats_url,
        connect_timeout=2,
        allow_reconnect=False,
        error_cb=_unheard,
        nkeys_seed_str=place.nats_seed,
    )
    try:
        js, behind = bus.jetstream(timeout=2), []
        for service, head in heads.items():
            name = f"EV_{place.region}_{service}".upper().replace("-", "_")
            last = (await js.stream_info(name)).state.last_seq
            if last != head:
                behind.append(f"stream of {service} ends at {last} of {head}")
        return behind
    finally:
        await bus.close()


def _head(database: psycopg.Connection) -> int:
    row = database.execute("SELECT position FROM store_head WHERE name = 'store'").fetchone()
    return int(row[0]) if row else 0


async def _unheard(error: Exception) -> None:
    """What goes wrong shows in what is asked."""
