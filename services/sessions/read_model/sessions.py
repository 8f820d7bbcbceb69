"""Which sessions there are, which are coming, and when a mentor was used for the whole class."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from services.sessions.read_model.tables import breaches, sessions

Found = Sequence[dict[str, Any]]
Place = tuple[datetime, UUID]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which sessions are asked for; None is any."""

    mentor_id: UUID | None = None
    child_id: UUID | None = None
    school_id: UUID | None = None
    day: date | None = None
    state: str | None = None


async def planned_sessions(db: AsyncConnection, wanted: Wanted, *, after: Place | None, limit: int) -> Found:
    """Sessions in the order of their start."""
    order = (sessions.c.starts_at, sessions.c.session_id)
    asked = select(sessions).order_by(*order).limit(limit)
    for name in Wanted.__dataclass_fields__:
        value = getattr(wanted, name)
        if value is not None:
            asked = asked.where(sessions.c[name] == value)
    if after is not None:
        asked = asked.where(tuple_(*order) > tuple_(*after))
    return [dict(row) for row in (await db.execute(asked)).mappings()]


async def find_session(db: AsyncConnection, session_id: UUID) -> dict[str, Any] | None:
    """One session, with the attempts to log work with the whole class that were refused."""
    found = await db.execute(select(sessions).where(sessions.c.session_id == session_id))
    row = found.mappings().one_or_none()
    if row is None:
        return None
    attempts = (
        select(breaches.c.attempted_at, breaches.c.activities)
        .where(breaches.c.session_id == session_id)
        .order_by(breaches.c.attempted_at)
    )
    return {**row, "breaches": [dict(attempt) for attempt in (await db.execute(attempts)).mappings()]}


async def used_for_the_whole_class(
    db: AsyncConnection, *, school_id: UUID | None, after: Place | None, limit: int
) -> Found:
    """Every refused attempt, newest first: where, when, whom."""
    asked = (
        select(breaches).order_by(breaches.c.attempted_at.desc(), breaches.c.session_id.desc()).limit(limit)
    )
    if school_id is not None:
        asked = asked.where(breaches.c.school_id == school_id)
    if after is not None:
        asked = asked.where(tuple_(breaches.c.attempted_at, breaches.c.session_id) < tuple_(*after))
    return [dict(row) for row in (await db.execute(asked)).mappings()]
