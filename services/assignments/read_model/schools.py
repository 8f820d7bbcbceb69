"""Questions about schools."""

from uuid import UUID

from sqlalchemy import RowMapping, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from services.assignments.read_model.tables import schools


async def school(db: AsyncConnection, school_id: UUID) -> RowMapping | None:
    """One school."""
    return (await db.execute(select(schools).where(schools.c.school_id == school_id))).mappings().first()


async def schools_named(
    db: AsyncConnection,
    name: str | None,
    status: str | None,
    urn: int | None,
    after: tuple[str, UUID] | None,
    limit: int,
) -> list[RowMapping]:
    """Schools by name; those whose name holds `name`, in any case."""
    wanted = select(schools).order_by(schools.c.name, schools.c.school_id).limit(limit)
    if name:
        wanted = wanted.where(schools.c.name.icontains(name, autoescape=True))
    if status:
        wanted = wanted.where(schools.c.status == status)
    if urn is not None:
        wanted = wanted.where(schools.c.urn == urn)
    if after:
        wanted = wanted.where(tuple_(schools.c.name, schools.c.school_id) > tuple_(*after))
    return list((await db.execute(wanted)).mappings())
