"""Which courses there are, and what each role has to be trained in."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from services.training.read_model.tables import courses, programmes

Found = Sequence[dict[str, Any]]


async def list_of_courses(
    db: AsyncConnection,
    *,
    track: str | None,
    states: Sequence[str],
    after: tuple[str, str, int] | None,
    limit: int,
) -> Found:
    """Courses in one of these states, by track, title and version."""
    order = (courses.c.track, courses.c.title, courses.c.version)
    asked = select(courses).where(courses.c.state.in_(states)).order_by(*order).limit(limit)
    if track is not None:
        asked = asked.where(courses.c.track == track)
    if after is not None:
        asked = asked.where(tuple_(*order) > tuple_(*after))
    return [dict(row) for row in (await db.execute(asked)).mappings()]


async def find_course(db: AsyncConnection, course_id: UUID) -> dict[str, Any] | None:
    found = await db.execute(select(courses).where(courses.c.course_id == course_id))
    row = found.mappings().one_or_none()
    return dict(row) if row else None


async def taken_courses(db: AsyncConnection) -> Found:
    """Every course that was ever published: what a completion can be of."""
    asked = select(courses).where(courses.c.published_on.is_not(None))
    return [dict(row) for row in (await db.execute(asked)).mappings()]


async def newest_courses(db: AsyncConnection) -> dict[str, UUID]:
    """The course of each track that may be assigned; of several the one that was published last."""
    asked = (
        select(courses.c.track, courses.c.course_id)
        .where(courses.c.state == "published")
        .order_by(courses.c.published_on, courses.c.version, courses.c.course_id)
    )
    return {row.track: row.course_id for row in await db.execute(asked)}


async def programme_on(db: AsyncConnection, role: str, on: date) -> dict[str, Any] | None:
    """What the role has to be trained in on that day; None when nothing was set."""
    asked = (
        select(programmes)
        .where(programmes.c.role == role, programmes.c.effective_from <= on)
        .order_by(programmes.c.effective_from.desc())
        .limit(1)
    )
    row = (await db.execute(asked)).mappings().one_or_none()
    return dict(row) if row else None


async def programmes_by_role(
    db: AsyncConnection, *, role: str | None, after: tuple[str, date] | None, limit: int
) -> Found:
    """Every programme that was set, by role and first day."""
    order = (programmes.c.role, programmes.c.effective_from)
    asked = select(programmes).order_by(*order).limit(limit)
    if role is not None:
        asked = asked.where(programmes.c.role == role)
    if after is not None:
        asked = asked.where(tuple_(*order) > tuple_(*after))
    return [dict(row) for row in (await db.execute(asked)).mappings()]
