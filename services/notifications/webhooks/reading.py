"""What is asked about webhooks: endpoints, how they do, deliveries and every attempt."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifications.webhooks.tables import attempts, deliveries, endpoints, health

Found: TypeAlias = dict[str, Any]

_HEALTH = [getattr(health.c, name) for name in ("failures", "probe_at", "taken_at", "failed_at")]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which deliveries; None asks for all. `since` is in, `until` is out, both by when the fact was recorded."""

    owner: str | None = None
    endpoint_id: UUID | None = None
    state: str | None = None
    topic: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    event_id: UUID | None = None


async def list_endpoints(
    db: AsyncConnection, owner: str | None, *, after: UUID | None, limit: int
) -> list[Found]:
    """Endpoints, the oldest first; of one owner, or of all. Not those that were removed."""
    query = select(endpoints, *_HEALTH).join(health, _same(health), isouter=True)
    query = query.where(endpoints.c.stands != "removed")
    if owner is not None:
        query = query.where(endpoints.c.owner == owner)
    if after is not None:
        query = query.where(endpoints.c.endpoint_id > after)
    query = query.order_by(endpoints.c.endpoint_id).limit(limit)
    return [dict(row) for row in (await db.execute(query)).mappings()]


async def find_endpoint(db: AsyncConnection, endpoint_id: UUID) -> Found | None:
    """One endpoint as it stands."""
    query = select(endpoints, *_HEALTH).join(health, _same(health), isouter=True)
    row = (await db.execute(query.where(endpoints.c.endpoint_id == endpoint_id))).mappings().first()
    return dict(row) if row else None


async def count_deliveries(db: AsyncConnection, endpoint_id: UUID) -> dict[str, int]:
    """How many deliveries of an endpoint stand how."""
    query = (
        select(deliveries.c.state, func.count())
        .where(deliveries.c.endpoint_id == endpoint_id)
        .group_by(deliveries.c.state)
    )
    return {row[0]: row[1] for row in await db.execute(query)}


async def how_many(db: AsyncConnection, owner: str) -> int:
    """How many endpoints an owner has."""
    query = select(func.count()).where(endpoints.c.owner == owner, endpoints.c.stands != "removed")
    return int(await db.scalar(query) or 0)


async def list_deliveries(db: AsyncConnection, asked: Asked, *, after: int | None, limit: int) -> list[Found]:
    """Deliveries, the last queued first."""
    query = select(deliveries)
    if asked.owner is not None:
        query = query.join(endpoints, _same(deliveries)).where(endpoints.c.owner == asked.owner)
    for name in ("endpoint_id", "state", "topic", "event_id"):
        if getattr(asked, name) is not None:
            query = query.where(deliveries.c[name] == getattr(asked, name))
    if asked.since is not None:
        query = query.where(deliveries.c.recorded_at >= asked.since)
    if asked.until is not None:
        query = query.where(deliveries.c.recorded_at < asked.until)
    if after is not None:
        query = query.where(deliveries.c.delivery_id < after)
    query = query.order_by(deliveries.c.delivery_id.desc()).limit(limit)
    return [_told(dict(row)) for row in (await db.execute(query)).mappings()]


async def find_delivery(db: AsyncConnection, delivery_id: int) -> Found | None:
    """One delivery with every attempt, the first first."""
    one = select(deliveries).where(deliveries.c.delivery_id == delivery_id)
    row = (await db.execute(one)).mappings().first()
    if row is None:
        return None
    made = select(attempts).where(attempts.c.delivery_id == delivery_id).order_by(attempts.c.attempt)
    return _told(dict(row)) | {"attempts": [dict(one) for one in (await db.execute(made)).mappings()]}


def _told(row: Found) -> Found:
    """`due_at` says when it is tried (again): only of what waits."""
    due_at = row.pop("due_at")
    row["next_at"] = due_at if row["state"] == "waiting" and due_at.year > 1970 else None
    return row


def _same(table: Any) -> Any:
    return endpoints.c.endpoint_id == table.c.endpoint_id
