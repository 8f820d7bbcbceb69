"""A fact that is wanted somewhere: its bytes once, and a delivery for each endpoint that wants it."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import structlog
from psycopg import AsyncConnection

from shared.kernel import envelope
from shared.kernel.envelope import Envelope

CHANNEL = "alongside_webhooks"
"""Tells the deliverer that there is something to do."""

log = structlog.get_logger(__name__)


class Wants(NamedTuple):
    """An endpoint, and the regions whose facts it wants; none: of all."""

    endpoint_id: UUID
    regions: Sequence[str]

    def of(self, region: str) -> bool:
        return not self.regions or region in self.regions


class Wanted(NamedTuple):
    """A fact and its stored bytes."""

    source: str
    position: int | None
    read: Envelope
    state: bytes


async def take(connection: AsyncConnection[Any], source: str, batch: Sequence[tuple[int, bytes]]) -> None:
    """Queue what of a batch somebody wants, in the caller's transaction."""
    cursor = await connection.execute(
        "SELECT endpoint_id, facts, regions FROM webhook_endpoints WHERE stands = 'enabled'", prepare=True
    )
    by_topic: dict[str, list[Wants]] = {}
    for endpoint_id, topics, regions in await cursor.fetchall():
        for topic in topics:
            by_topic.setdefault(topic, []).append(Wants(endpoint_id, regions))
    if not by_topic:
        return
    found: list[tuple[Wanted, UUID]] = []
    for position, state in batch:
        try:
            read = envelope.read(state)
        except (msgspec.MsgspecError, ValueError):
            log.warning("no envelope, so nobody's", source=source, position=position)
            continue
        wanted = Wanted(source, position, read, state)
        found += [(wanted, one.endpoint_id) for one in by_topic.get(read.type, ()) if one.of(read.region)]
    if found:
        await put(connection, found)


async def put(connection: AsyncConnection[Any], found: Iterable[tuple[Wanted, UUID]]) -> int:
    """A delivery for each pair, in their order; how many there were not yet."""
    pairs = list(found)
    facts = {one.read.id: one for one, _ in pairs}
    await connection.execute(
        "INSERT INTO webhook_facts (event_id, source, position, topic, region, recorded_at, body) "
        "SELECT * FROM unnest(%s::uuid[], %s::text[], %s::bigint[], %s::text[], %s::text[], "
        "%s::timestamptz[], %s::bytea[]) ON CONFLICT DO NOTHING",
        (
            list(facts),
            [one.source for one in facts.values()],
            [one.position for one in facts.values()],
            [one.read.type for one in facts.values()],
            [one.read.region for one in facts.values()],
            [one.read.time for one in facts.values()],
            [one.state for one in facts.values()],
        ),
    )
    cursor = await connection.execute(
        "INSERT INTO webhook_deliveries (endpoint_id, event_id, topic, recorded_at) "
        "SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::timestamptz[]) ON CONFLICT DO NOTHING",
        (
            [endpoint_id for _, endpoint_id in pairs],
            [one.read.id for one, _ in pairs],
            [one.read.type for one, _ in pairs],
            [one.read.time for one, _ in pairs],
        ),
    )
    await connection.execute("SELECT pg_notify(%s, '')", (CHANNEL,))
    return cursor.rowcount
