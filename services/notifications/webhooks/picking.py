"""What is due: endpoints for which something waits, and the next of it for each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection

from services.notifications.webhooks.domain.health import Health


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint as the deliverer sees it."""

    endpoint_id: UUID
    owner: str
    url: str
    ordered: bool
    generation: int
    old_until: datetime | None
    enabled_at: datetime | None
    health: Health


@dataclass(frozen=True, slots=True)
class Delivery:
    """One fact on its way to one endpoint. `attempt` counts all that were made, `tries` those of this round."""

    delivery_id: int
    event_id: UUID
    topic: str
    region: str
    attempt: int
    tries: int
    body: bytes


_DUE = """
SELECT e.endpoint_id, e.owner, e.url, e.ordered, e.generation, e.old_until, e.enabled_at,
       coalesce(h.failures, 0), h.failing_since, h.probe_at, h.taken_at, h.failed_at
FROM webhook_endpoints e LEFT JOIN webhook_health h USING (endpoint_id)
WHERE e.stands = 'enabled' AND e.endpoint_id <> ALL (%(under_way)s)
  AND (h.probe_at IS NULL OR h.probe_at <= %(now)s OR h.failing_since < e.enabled_at)
  AND CASE WHEN e.ordered THEN
        (SELECT due_at <= %(now)s FROM webhook_deliveries d WHERE d.endpoint_id = e.endpoint_id
         AND state = 'waiting' ORDER BY delivery_id LIMIT 1)
      ELSE EXISTS (SELECT FROM webhook_deliveries d WHERE d.endpoint_id = e.endpoint_id
         AND state = 'waiting' AND due_at <= %(now)s) END
"""
_NEXT = """
SELECT d.delivery_id, d.event_id, d.topic, f.region, d.attempt, d.tries, f.body
FROM (SELECT * FROM webhook_deliveries WHERE endpoint_id = %(endpoint)s AND state = 'waiting'
      AND due_at <= %(now)s AND delivery_id <> ALL (%(under_way)s)
      ORDER BY due_at, delivery_id LIMIT %(most)s) d
JOIN webhook_facts f USING (event_id) ORDER BY d.due_at, d.delivery_id
"""
_NEXT_IN_ORDER = """
SELECT d.delivery_id, d.event_id, d.topic, f.region, d.attempt, d.tries, f.body, d.due_at <= %(now)s
FROM (SELECT * FROM webhook_deliveries WHERE endpoint_id = %(endpoint)s AND state = 'waiting'
      ORDER BY delivery_id LIMIT %(most)s) d
JOIN webhook_facts f USING (event_id) ORDER BY d.delivery_id
"""


async def endpoints_due(
    connection: AsyncConnection[Any], now: datetime, under_way: Iterable[UUID]
) -> list[Endpoint]:
    """Enabled endpoints for which something is due, but for those that are at work already."""
    cursor = await connection.execute(_DUE, {"now": now, "under_way": list(under_way)}, prepare=True)
    found = await cursor.fetchall()
    return [_endpoint(*row) for row in found]


def _endpoint(
    endpoint_id: UUID,
    owner: str,
    url: str,
    ordered: bool,
    generation: int,
    old_until: datetime | None,
    enabled_at: datetime | None,
    *health: Any,
) -> Endpoint:
    return Endpoint(endpoint_id, owner, url, ordered, generation, old_until, enabled_at, Health(*health))


async def next_due(
    connection: AsyncConnection[Any], to: Endpoint, now: datetime, most: int, under_way: Iterable[int]
) -> list[Delivery]:
    """What is to be sent there now; in strict order only what nothing earlier stands before."""
    asked = {"endpoint": to.endpoint_id, "now": now, "most": most, "under_way": list(under_way)}
    cursor = await connection.execute(_NEXT_IN_ORDER if to.ordered else _NEXT, asked, prepare=True)
    found: list[Delivery] = []
    for row in await cursor.fetchall():
        if to.ordered and not row[7]:
            break
        found.append(Delivery(*row[:7]))
    return found
