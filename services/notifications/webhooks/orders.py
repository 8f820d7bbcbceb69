"""What somebody has sent again: one delivery, those of a filter, everything that is missing since a time; and tests."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.notifications.webhooks.lane import TEST
from services.notifications.webhooks.origins import OriginOf, facts_since
from services.notifications.webhooks.queueing import CHANNEL, Wanted, Wants, put

_TESTS = UUID("5b7c1c62-0a5e-5f0f-9d0e-2f9f5f1f7a11")


@dataclass(frozen=True, slots=True)
class Which:
    """Deliveries of one endpoint; None asks for all. `since` is in, `until` is out."""

    delivery_id: int | None = None
    states: tuple[str, ...] = ("failed", "dropped")
    topic: str | None = None
    since: datetime | None = None
    until: datetime | None = None


async def redeliver(engine: AsyncEngine, endpoint_id: UUID, which: Which, *, dry_run: bool = False) -> int:
    """Send these again, from the first try on, under the ids they had; how many. A dry run only counts."""
    where = (
        "endpoint_id = :endpoint AND state = ANY (:states) "
        "AND (CAST(:id AS bigint) IS NULL OR delivery_id = :id) "
        "AND (CAST(:topic AS text) IS NULL OR topic = :topic) "
        "AND (CAST(:since AS timestamptz) IS NULL OR recorded_at >= :since) "
        "AND (CAST(:until AS timestamptz) IS NULL OR recorded_at < :until)"
    )
    asked = {
        "endpoint": endpoint_id,
        "states": list(which.states),
        "id": which.delivery_id,
        "topic": which.topic,
        "since": which.since,
        "until": which.until,
    }
    async with engine.begin() as db:
        if dry_run:
            counted = await db.scalar(text(f"SELECT count(*) FROM webhook_deliveries WHERE {where}"), asked)
            return int(counted or 0)
        done = await db.execute(
            text(
                "UPDATE webhook_deliveries SET state = 'waiting', tries = 0, due_at = 'epoch', "
                f"ended_at = NULL, error = NULL, status = NULL WHERE {where}"
            ),
            asked,
        )
        await _wake(db)
        return done.rowcount


@dataclass(frozen=True, slots=True)
class Recovery:
    """What there was to recover: `failed` deliveries, and facts that were `missing`: never queued."""

    failed: int
    missing: int


async def recover(
    engine: AsyncEngine,
    origin_of: OriginOf,
    to: Wants,
    topics: tuple[str, ...],
    since: datetime,
    missing_since: datetime,
    *,
    dry_run: bool = False,
) -> Recovery:
    """Send what failed since a time, and what was never queued since another: safe to repeat, and to break off."""
    missing = 0
    for source in sorted({topic.split(".")[0] for topic in topics}):
        of_source = [topic for topic in topics if topic.startswith(f"{source}.")]
        async for some in facts_since(origin_of(source), source, of_source, missing_since):
            wanted = [one for one in some if to.of(one.read.region)]
            if wanted:
                missing += await _queue(engine, to.endpoint_id, wanted, dry_run)
    which = Which(states=("failed", "dropped"), since=since)
    failed = await redeliver(engine, to.endpoint_id, which, dry_run=dry_run)
    return Recovery(failed, missing)


async def _queue(engine: AsyncEngine, endpoint_id: UUID, wanted: list[Wanted], dry_run: bool) -> int:
    async with engine.begin() as db:
        if dry_run:
            known = await db.scalar(
                text(
                    "SELECT count(*) FROM webhook_deliveries WHERE endpoint_id = :to AND event_id = ANY (:ids)"
                ),
                {"to": endpoint_id, "ids": [one.read.id for one in wanted]},
            )
            return len(wanted) - int(known or 0)
        raw = await db.get_raw_connection()
        connection: Any = raw.driver_connection
        return await put(connection, [(one, endpoint_id) for one in wanted])


async def send_test(engine: AsyncEngine, endpoint_id: UUID, region: str, key: str, at: datetime) -> UUID:
    """Queue an event that only tries the way; the same key is the same event. Its id."""
    event_id = uuid5(_TESTS, f"{endpoint_id}:{key}")
    body = msgspec.json.encode(
        {
            "specversion": "1.0",
            "id": event_id,
            "source": f"/{region}/notifications",
            "type": TEST,
            "subject": f"webhook/{endpoint_id}",
            "time": at.astimezone(UTC),
            "datacontenttype": "application/json",
            "region": region,
            "data": {"endpoint_id": str(endpoint_id), "text": "This is only a test."},
        }
    )
    told = {"event": event_id, "to": endpoint_id, "type": TEST, "region": region, "at": at, "body": body}
    async with engine.begin() as db:
        await db.execute(
            text(
                "INSERT INTO webhook_facts (event_id, source, topic, region, recorded_at, body) "
                "VALUES (:event, 'test', :type, :region, :at, :body) ON CONFLICT DO NOTHING"
            ),
            told,
        )
        await db.execute(
            text(
                "INSERT INTO webhook_deliveries (endpoint_id, event_id, topic, recorded_at) "
                "VALUES (:to, :event, :type, :at) ON CONFLICT DO NOTHING"
            ),
            told,
        )
        await _wake(db)
    return event_id


async def go_on(engine: AsyncEngine, endpoint_id: UUID) -> None:
    """It was enabled again: what waits goes out now, and what was before is forgiven."""
    told = {"to": endpoint_id}
    async with engine.begin() as db:
        await db.execute(text("DELETE FROM webhook_health WHERE endpoint_id = :to"), told)
        await db.execute(
            text("DELETE FROM due WHERE kind LIKE 'webhook%' AND key = :to"), {"to": str(endpoint_id)}
        )
        await db.execute(
            text(
                "UPDATE webhook_deliveries SET due_at = 'epoch' WHERE endpoint_id = :to AND state = 'waiting'"
            ),
            told,
        )
        await _wake(db)


async def ordered_before(db: AsyncConnection, key: str) -> dict[str, Any] | None:
    """What was answered when this was asked under the same key."""
    found = await db.scalar(text("SELECT answer FROM webhook_orders WHERE key = :key"), {"key": key})
    return dict(found) if found is not None else None


async def note_order(
    engine: AsyncEngine, key: str, endpoint_id: UUID, what: str, by: str, at: datetime, answer: dict[str, Any]
) -> None:
    """Who had what sent again."""
    async with engine.begin() as db:
        await db.execute(
            text(
                "INSERT INTO webhook_orders (key, endpoint_id, what, asked_by, asked_at, answer) "
                "VALUES (:key, :to, :what, :by, :at, CAST(:answer AS jsonb)) ON CONFLICT DO NOTHING"
            ),
            {"key": key, "to": endpoint_id, "what": what, "by": by, "at": at, "answer": json.dumps(answer)},
        )


async def _wake(db: AsyncConnection) -> None:
    await db.execute(text("SELECT pg_notify(:channel, '')"), {"channel": CHANNEL})
