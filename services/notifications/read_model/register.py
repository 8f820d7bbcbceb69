"""Who can be told something."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifications.read_model.tables import recipients


async def find_recipient(db: AsyncConnection, recipient_id: UUID) -> dict[str, Any] | None:
    found = await db.execute(select(recipients).where(recipients.c.recipient_id == recipient_id))
    row = found.mappings().one_or_none()
    return dict(row) if row else None


async def registered(
    db: AsyncConnection,
    *,
    role: str | None,
    mentor_id: UUID | None,
    child_id: UUID | None,
    school_id: UUID | None,
    removed: bool,
    after: UUID | None,
    limit: int,
) -> Sequence[dict[str, Any]]:
    """Recipients by id, of a role or linked to a mentor, child or school; `removed`: those who were."""
    gone = recipients.c.removed_at
    asked = select(recipients).where(gone.is_not(None) if removed else gone.is_(None))
    if role is not None:
        asked = asked.where(recipients.c.role == role)
    if mentor_id is not None:
        asked = asked.where(recipients.c.mentor_id == mentor_id)
    if child_id is not None:
        asked = asked.where(recipients.c.child_id == child_id)
    if school_id is not None:
        asked = asked.where(recipients.c.school_id == school_id)
    if after is not None:
        asked = asked.where(recipients.c.recipient_id > after)
    found = await db.execute(asked.order_by(recipients.c.recipient_id).limit(limit))
    return [dict(row) for row in found.mappings()]
