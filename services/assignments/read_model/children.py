"""Questions about children and what they are to get."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from services.assignments.domain.gate import ChildStanding
from services.assignments.read_model.tables import (
    child_absences,
    child_profiles,
    children,
    provisions,
    reviews,
)
from shared.contracts.words.privacy import Unreadable

SUPPORTED = ("accepted", "active", "paused")


async def child(db: AsyncConnection, child_id: UUID) -> RowMapping | None:
    """One child."""
    return (await db.execute(select(children).where(children.c.child_id == child_id))).mappings().first()


async def provisions_of(db: AsyncConnection, child_id: UUID) -> list[Mapping[str, Any]]:
    """Every provision specified for a child, by the day on which it begins."""
    wanted = select(provisions).where(provisions.c.child_id == child_id).order_by(provisions.c.effective_from)
    return [_readable(row, "outcomes") for row in (await db.execute(wanted)).mappings()]


async def profile_of(db: AsyncConnection, child_id: UUID) -> Mapping[str, Any] | None:
    """What a mentor of this child has to bring; None when nobody has said."""
    wanted = select(child_profiles).where(child_profiles.c.child_id == child_id)
    row = (await db.execute(wanted)).mappings().first()
    return _readable(row, "needs", "languages") if row else None


def _readable(row: RowMapping, *names: str) -> Mapping[str, Any]:
    """The row; what always had a value and has none now was erased."""
    return {**row, **{name: Unreadable.ERASED for name in names if row[name] is None}}


async def reviews_of(db: AsyncConnection, child_id: UUID, after: int | None, limit: int) -> list[RowMapping]:
    """The reviews of a child's provision, in the order in which they were recorded."""
    wanted = select(reviews).where(reviews.c.child_id == child_id).order_by(reviews.c.number).limit(limit)
    if after is not None:
        wanted = wanted.where(reviews.c.number > after)
    return list((await db.execute(wanted)).mappings())


async def absences_of(
    db: AsyncConnection, child_id: UUID, since: date | None, after: int | None, limit: int
) -> list[RowMapping]:
    """The absences of a child that last beyond a day, in the order in which they were reported."""
    absences = child_absences.c
    wanted = select(child_absences).where(absences.child_id == child_id)
    wanted = wanted.order_by(absences.number).limit(limit)
    if since is not None:
        wanted = wanted.where(absences.absent_until > since)
    if after is not None:
        wanted = wanted.where(absences.number > after)
    return list((await db.execute(wanted)).mappings())


async def children_by_name(
    db: AsyncConnection,
    status: str | None,
    school_id: UUID | None,
    region: str | None,
    after: tuple[str, UUID] | None,
    limit: int,
) -> list[RowMapping]:
    """The children of the agency."""
    wanted = select(children).order_by(children.c.name, children.c.child_id).limit(limit)
    asked = {"status": status, "school_id": school_id, "region": region}
    for column, value in asked.items():
        if value is not None:
            wanted = wanted.where(children.c[column] == value)
    if after:
        wanted = wanted.where(tuple_(children.c.name, children.c.child_id) > tuple_(*after))
    return list((await db.execute(wanted)).mappings())


async def reviews_due(
    db: AsyncConnection, due_by: date, school_id: UUID | None, after: tuple[date, UUID] | None, limit: int
) -> list[RowMapping]:
    """The children whose provision is to be reviewed by a day, the longest overdue first."""
    wanted = select(children).where(children.c.next_review_on <= due_by, children.c.status.in_(SUPPORTED))
    wanted = wanted.order_by(children.c.next_review_on, children.c.child_id).limit(limit)
    if school_id is not None:
        wanted = wanted.where(children.c.school_id == school_id)
    if after:
        wanted = wanted.where(tuple_(children.c.next_review_on, children.c.child_id) > tuple_(*after))
    return list((await db.execute(wanted)).mappings())


async def standing_of_child(db: AsyncConnection, child_id: UUID, today: date) -> ChildStanding:
    """What the gate has to know of a child. Whom the agency does not support has no school to it.

    A child who is to leave on a day ahead is still here, and may need cover until then.
    """
    found = await child(db, child_id)
    leaves_later = (
        found is not None and found["accepted_on"] and found["status"] == "exited" and found["since"] > today
    )
    if found is None or not (found["status"] in SUPPORTED or leaves_later):
        return ChildStanding(child_id)
    return ChildStanding(child_id, found["school_id"], bool(await provisions_of(db, child_id)))
