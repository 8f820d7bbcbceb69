"""What a recipient has been told, newest first; and what became of each notification."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import DateTime, Select, Uuid, and_, func, literal, literal_column, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifications.read_model.tables import (
    children,
    deliveries,
    mentors,
    notifications,
    recipients,
    sessions,
)

Found: TypeAlias = Sequence[dict[str, Any]]
Place: TypeAlias = tuple[datetime, UUID]
"""Where a page ended: when its last notification was requested, and its id."""

_deliveries = (
    select(
        func.coalesce(
            func.json_agg(
                func.json_build_object(
                    "channel", deliveries.c.channel,
                    "status", deliveries.c.status,
                    "attempt", deliveries.c.attempt,
                    "at", deliveries.c.at,
                    "reason", deliveries.c.reason,
                    "retry_at", deliveries.c.retry_at,
                )
            ),
            literal_column("'[]'::json"),
        )
    )
    .where(deliveries.c.notification_id == notifications.c.notification_id)
    .scalar_subquery()
)  # fmt: skip


def _shown() -> Select[Any]:
    """A notification with the names of whom it is about, and its deliveries."""
    return (
        select(
            notifications,
            recipients.c.role.label("recipient_role"),
            children.c.name.label("child_name"),
            mentors.c.name.label("mentor_name"),
            sessions.c.starts_at.label("session_at"),
            _deliveries.label("deliveries"),
        )
        .join(recipients, recipients.c.recipient_id == notifications.c.recipient_id, isouter=True)
        .join(children, children.c.child_id == notifications.c.child_id, isouter=True)
        .join(mentors, mentors.c.mentor_id == notifications.c.mentor_id, isouter=True)
        .join(sessions, sessions.c.session_id == notifications.c.session_id, isouter=True)
    )


async def inbox(
    db: AsyncConnection, recipient_id: UUID, *, unread: bool, after: Place | None, limit: int
) -> Found:
    """What this recipient was told, newest first; `unread`: not acknowledged yet."""
    asked = _shown().where(notifications.c.recipient_id == recipient_id)
    if unread:
        asked = asked.where(notifications.c.acknowledged_at.is_(None))
    return await _newest_first(db, asked, after, limit)


async def told(
    db: AsyncConnection,
    *,
    type: str | None,
    status: str | None,
    child_id: UUID | None,
    mentor_id: UUID | None,
    after: Place | None,
    limit: int,
) -> Found:
    """Every notification, newest first; `status` is that of any of its channels."""
    asked = _shown()
    if type is not None:
        asked = asked.where(notifications.c.type == type)
    if child_id is not None:
        asked = asked.where(notifications.c.child_id == child_id)
    if mentor_id is not None:
        asked = asked.where(notifications.c.mentor_id == mentor_id)
    if status is not None:
        on_a_channel = and_(
            deliveries.c.notification_id == notifications.c.notification_id, deliveries.c.status == status
        )
        asked = asked.where(select(1).select_from(deliveries).where(on_a_channel).exists())
    return await _newest_first(db, asked, after, limit)


async def find_notification(db: AsyncConnection, notification_id: UUID) -> dict[str, Any] | None:
    found = await db.execute(_shown().where(notifications.c.notification_id == notification_id))
    row = found.mappings().one_or_none()
    return dict(row) if row else None


async def _newest_first(db: AsyncConnection, asked: Select[Any], after: Place | None, limit: int) -> Found:
    order = tuple_(notifications.c.requested_at, notifications.c.notification_id)
    if after is not None:
        asked = asked.where(
            order < tuple_(literal(after[0], DateTime(timezone=True)), literal(after[1], Uuid()))
        )
    asked = asked.order_by(notifications.c.requested_at.desc(), notifications.c.notification_id.desc())
    return [dict(row) for row in (await db.execute(asked.limit(limit))).mappings()]
