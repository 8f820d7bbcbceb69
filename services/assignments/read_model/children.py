"""Questions about children and what they are to get."""

from uuid import UUID

from sqlalchemy import RowMapping, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from services.assignments.domain.gate import ChildStanding
from services.assignments.read_model.tables import children, provisions


async def child(db: AsyncConnection, child_id: UUID) -> RowMapping | None:
    """One child."""
    return (await db.execute(select(children).where(children.c.child_id == child_id))).mappings().first()


async def provisions_of(db: AsyncConnection, child_id: UUID) -> list[RowMapping]:
    """Every provision specified for a child, by the day on which it begins."""
    wanted = select(provisions).where(provisions.c.child_id == child_id).order_by(provisions.c.effective_from)
    return list((await db.execute(wanted)).mappings())


async def children_by_name(
    db: AsyncConnection, after: tuple[str, UUID] | None, limit: int
) -> list[RowMapping]:
    """The children of the agency."""
    wanted = select(children).order_by(children.c.name, children.c.child_id).limit(limit)
    if after:
        wanted = wanted.where(tuple_(children.c.name, children.c.child_id) > tuple_(*after))
    return list((await db.execute(wanted)).mappings())


async def standing_of_child(db: AsyncConnection, child_id: UUID) -> ChildStanding:
    """What the gate has to know of a child."""
    found = await child(db, child_id)
    if found is None:
        return ChildStanding(child_id)
    return ChildStanding(child_id, found["school_id"], bool(await provisions_of(db, child_id)))
