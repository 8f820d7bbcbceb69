"""Questions about safeguarding concerns; only the designated safeguarding lead may ask them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import RowMapping, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from services.assignments.read_model.tables import concerns


async def concern(db: AsyncConnection, concern_id: UUID) -> RowMapping | None:
    """One concern."""
    return (await db.execute(select(concerns).where(concerns.c.concern_id == concern_id))).mappings().first()


async def concerns_by_time(
    db: AsyncConnection,
    child_id: UUID | None,
    status: str | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[RowMapping]:
    """Concerns, the oldest first."""
    wanted = select(concerns).order_by(concerns.c.raised_at, concerns.c.concern_id).limit(limit)
    if child_id is not None:
        wanted = wanted.where(concerns.c.child_id == child_id)
    if status is not None:
        wanted = wanted.where(concerns.c.status == status)
    if after:
        wanted = wanted.where(tuple_(concerns.c.raised_at, concerns.c.concern_id) > tuple_(*after))
    return list((await db.execute(wanted)).mappings())
