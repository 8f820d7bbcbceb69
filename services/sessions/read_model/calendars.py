"""Which calendars were published, and which days are school days for a school."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, literal, or_, select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from services.sessions.read_model.tables.timetables import calendars, school_authorities
from shared.contracts.school_days import Calendar, SchoolDays
from shared.contracts.sessions.calendar import Closure, Term
from shared.contracts.words.calendar import CalendarScope

Found = Sequence[dict[str, Any]]
Place = tuple[int, UUID]


async def school_days(
    db: AsyncConnection, school_id: UUID, region: str, known_at: datetime | None = None
) -> SchoolDays:
    """The school days of a school: by the calendars of region, local authority and school, as known then."""
    authority = select(school_authorities.c.local_authority).where(
        school_authorities.c.school_id == school_id
    )
    wider = tuple_(calendars.c.scope, calendars.c.scope_key)
    asked = (
        select(calendars)
        .where(
            or_(
                wider == tuple_(literal("region"), literal(region)),
                wider == tuple_(literal("local_authority"), authority.scalar_subquery()),
                wider == tuple_(literal("school"), literal(str(school_id))),
            )
        )
        .ext(distinct_on(calendars.c.calendar_id))
        .order_by(calendars.c.calendar_id, calendars.c.position.desc())
    )
    if known_at is not None:
        asked = asked.where(calendars.c.recorded_at <= known_at)
    return SchoolDays(_calendar(row) for row in (await db.execute(asked)).mappings())


async def published_calendars(
    db: AsyncConnection,
    *,
    scope: CalendarScope | None,
    school_year: int | None,
    after: Place | None,
    limit: int,
) -> Found:
    """Every calendar as it is now, the newest school year first."""
    newest = (
        select(calendars.c.calendar_id, func.max(calendars.c.position).label("position"))
        .group_by(calendars.c.calendar_id)
        .subquery()
    )
    same = (calendars.c.calendar_id == newest.c.calendar_id) & (calendars.c.position == newest.c.position)
    order = (calendars.c.school_year, calendars.c.calendar_id)
    asked = select(calendars).join(newest, same).order_by(*(column.desc() for column in order)).limit(limit)
    if scope is not None:
        asked = asked.where(calendars.c.scope == scope)
    if school_year is not None:
        asked = asked.where(calendars.c.school_year == school_year)
    if after is not None:
        asked = asked.where(tuple_(*order) < tuple_(*after))
    return [dict(row) for row in (await db.execute(asked)).mappings()]


async def school_known(db: AsyncConnection, school_id: UUID) -> bool:
    """Whether the register has told of this school."""
    asked = select(literal(True)).where(school_authorities.c.school_id == school_id)
    return (await db.scalar(asked)) is True


async def authority_known(db: AsyncConnection, local_authority: str) -> bool:
    """Whether the register has told of a school in this local authority."""
    asked = select(literal(True)).where(school_authorities.c.local_authority == local_authority).limit(1)
    return (await db.scalar(asked)) is True


def _calendar(row: Any) -> Calendar:
    return Calendar(
        row["scope"],
        row["school_year"],
        tuple(Term(**term) for term in row["terms"]),
        tuple(Closure(**closure) for closure in row["closures"]),
    )
