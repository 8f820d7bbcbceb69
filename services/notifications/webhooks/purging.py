"""What is over is not kept for ever: bytes, deliveries and attempts go some time after they ended."""

from datetime import datetime
from typing import Any

from psycopg import AsyncConnection

from services.notifications.webhooks.domain.schedule import KEPT


async def purge(connection: AsyncConnection[Any], now: datetime) -> None:
    """Drop what nobody waits for any more. What an endpoint slept through can be recovered from the streams."""
    before = now - KEPT
    async with connection.transaction():
        await connection.execute(
            "UPDATE webhook_deliveries d SET state = 'dropped', error = 'the endpoint was removed', ended_at = %s "
            "FROM webhook_endpoints e WHERE e.endpoint_id = d.endpoint_id AND e.stands = 'removed' "
            "AND d.state = 'waiting'",
            (now,),
        )
        await connection.execute(
            "UPDATE webhook_deliveries d SET state = 'failed', error = 'the endpoint was disabled for too long', "
            "ended_at = %s FROM webhook_endpoints e WHERE e.endpoint_id = d.endpoint_id "
            "AND e.stands = 'disabled' AND e.disabled_at < %s AND d.state = 'waiting'",
            (now, before),
        )
        await connection.execute(
            "DELETE FROM webhook_deliveries WHERE state <> 'waiting' AND ended_at < %s", (before,)
        )
        await connection.execute("DELETE FROM webhook_orders WHERE asked_at < %s", (before,))
        await connection.execute(
            "DELETE FROM webhook_facts f WHERE recorded_at < %s "
            "AND NOT EXISTS (SELECT FROM webhook_deliveries d WHERE d.event_id = f.event_id)",
            (before,),
        )
