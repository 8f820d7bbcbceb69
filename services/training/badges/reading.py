"""What is on record of credentials."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.training.badges.tables import badges


async def find_badge(db: AsyncConnection, certification_id: UUID) -> dict[str, Any] | None:
    row = await db.execute(select(badges).where(badges.c.certification_id == certification_id))
    found = row.mappings().one_or_none()
    return dict(found) if found else None


async def badges_of(
    db: AsyncConnection, *, mentor_id: UUID | None, after: UUID | None, limit: int
) -> Sequence[dict[str, Any]]:
    """In the order of their ids; without those of people who were erased."""
    asked = select(badges).order_by(badges.c.certification_id).limit(limit)
    if mentor_id is not None:
        asked = asked.where(badges.c.mentor_id == mentor_id)
    if after is not None:
        asked = asked.where(badges.c.certification_id > after)
    gone = text("NOT EXISTS (SELECT FROM erased_subjects e WHERE e.subject_id = badges.mentor_id "
                "AND e.keep = 'employment')")  # fmt: skip
    return [dict(row) for row in (await db.execute(asked.where(gone))).mappings()]


async def is_erased(db: AsyncConnection, mentor_id: UUID) -> bool:
    """Whether what is kept of the mentor's employment was erased: then they have no credential any more."""
    asked = text("SELECT 1 FROM erased_subjects WHERE subject_id = :who AND keep = 'employment'")
    return await db.scalar(asked, {"who": mentor_id}) is not None


async def revoked_in(db: AsyncConnection, number: int) -> list[int] | None:
    """The places of a list that are revoked; None when there is no such list yet."""
    last = await db.scalar(select(func.max(badges.c.list_number)))
    if number > (last or 0):
        return None
    asked = (
        select(badges.c.list_index)
        .where(badges.c.list_number == number, badges.c.revoked_on.is_not(None))
        .order_by(badges.c.list_index)
    )
    return list((await db.scalars(asked)).all())
