"""When a mentor was used for the whole class, and whose help in passing became a pattern."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from services.sessions.read_model.sessions import Found, Place
from services.sessions.read_model.tables import breaches, patterns, sessions


@dataclass(frozen=True, slots=True)
class Attempts:
    """Which attempts are asked for: on the days of the sessions, both included; None is any."""

    since: date | None = None
    until: date | None = None
    mentor_id: UUID | None = None
    school_id: UUID | None = None


async def used_for_the_whole_class(
    db: AsyncConnection, wanted: Attempts, *, after: Place | None, limit: int
) -> Found:
    """Every refused attempt to log such work, newest first: where, when, whom, and who tried."""
    order = (breaches.c.attempted_at, breaches.c.session_id)
    asked = (
        select(breaches, sessions.c.day, sessions.c.starts_at, sessions.c.ends_at)
        .join(sessions, sessions.c.session_id == breaches.c.session_id)
        .order_by(*(column.desc() for column in order))
        .limit(limit)
    )
    if wanted.since is not None:
        asked = asked.where(sessions.c.day >= wanted.since)
    if wanted.until is not None:
        asked = asked.where(sessions.c.day <= wanted.until)
    if wanted.mentor_id is not None:
        asked = asked.where(breaches.c.mentor_id == wanted.mentor_id)
    if wanted.school_id is not None:
        asked = asked.where(breaches.c.school_id == wanted.school_id)
    if after is not None:
        asked = asked.where(tuple_(*order) < tuple_(*after))
    return [dict(row) for row in (await db.execute(asked)).mappings()]


async def help_patterns(
    db: AsyncConnection, *, mentor_id: UUID | None, after: Place | None, limit: int
) -> Found:
    """Every pattern of help in passing that was found, newest first."""
    order = (patterns.c.found_at, patterns.c.mentor_id)
    asked = select(patterns).order_by(*(column.desc() for column in order)).limit(limit)
    if mentor_id is not None:
        asked = asked.where(patterns.c.mentor_id == mentor_id)
    if after is not None:
        asked = asked.where(tuple_(*order) < tuple_(*after))
    return [dict(row) for row in (await db.execute(asked)).mappings()]
