"""What went out on which channel, and what did not, latest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import DateTime, Text, Uuid, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifications.read_model.inbox import CONCERN, Found
from services.notifications.read_model.tables import deliveries, notifications

Place: TypeAlias = tuple[datetime, UUID, str]
"""Where a page ended: when something last became of its last delivery, and which it is."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which deliveries are asked for; None asks for all. `since` is in, `until` is out."""

    status: str | None = None
    channel: str | None = None
    type: str | None = None
    recipient_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    concerns: bool = False


async def delivery_log(db: AsyncConnection, asked: Asked, *, after: Place | None, limit: int) -> Found:
    """Each delivery as it stands."""
    query = select(
        deliveries,
        notifications.c.type,
        notifications.c.urgent,
        notifications.c.held_for,
        notifications.c.deliver_after,
        notifications.c.requested_at,
    ).join(notifications, notifications.c.notification_id == deliveries.c.notification_id)
    for name in ("status", "channel", "recipient_id"):
        if getattr(asked, name) is not None:
            query = query.where(deliveries.c[name] == getattr(asked, name))
    if asked.type is not None:
        query = query.where(notifications.c.type == asked.type)
    if asked.since is not None:
        query = query.where(deliveries.c.at >= asked.since)
    if asked.until is not None:
        query = query.where(deliveries.c.at < asked.until)
    if not asked.concerns:
        query = query.where(notifications.c.type != CONCERN)
    order = (deliveries.c.at, deliveries.c.notification_id, deliveries.c.channel)
    if after is not None:
        at, notification_id, channel = after
        ended = (
            literal(at, DateTime(timezone=True)), literal(notification_id, Uuid()), literal(channel, Text())
        )  # fmt: skip
        query = query.where(tuple_(*order) < tuple_(*ended))
    query = query.order_by(*(each.desc() for each in order)).limit(limit)
    return [dict(row) for row in (await db.execute(query)).mappings()]
