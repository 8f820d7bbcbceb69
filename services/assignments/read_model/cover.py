"""Questions about cover: what is asked for, who covers, and who may read a child's plan because of it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, and_, exists, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from services.assignments.read_model.tables import assignments, cover_answers, cover_days, covers

BEFORE_THE_FIRST_DAY = timedelta(days=1)


async def cover(db: AsyncConnection, cover_id: UUID) -> RowMapping | None:
    """One search for cover."""
    return (await db.execute(select(covers).where(covers.c.cover_id == cover_id))).mappings().first()


async def days_of(db: AsyncConnection, cover_id: UUID) -> list[RowMapping]:
    """Each day it is for, and who covers."""
    wanted = select(cover_days).where(cover_days.c.cover_id == cover_id).order_by(cover_days.c.day)
    return list((await db.execute(wanted)).mappings())


async def answers_of(db: AsyncConnection, cover_id: UUID) -> list[RowMapping]:
    """What each mentor who was asked said."""
    wanted = select(cover_answers).where(cover_answers.c.cover_id == cover_id)
    return list((await db.execute(wanted.order_by(cover_answers.c.mentor_id))).mappings())


async def covers_by_request(
    db: AsyncConnection,
    status: str | None,
    child_id: UUID | None,
    mentor_id: UUID | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[RowMapping]:
    """Searches for cover, the oldest first; of a mentor: those they were asked or answered, and open broadcasts."""
    c, d = covers.c, cover_answers.c
    wanted = select(covers).order_by(c.requested_at, c.cover_id).limit(limit)
    if status is not None:
        wanted = wanted.where(c.status == status)
    if child_id is not None:
        wanted = wanted.where(c.child_id == child_id)
    if mentor_id is not None:
        theirs = exists(select(d.cover_id).where(d.cover_id == c.cover_id, d.mentor_id == mentor_id))
        open_ = and_(
            c.form == "broadcast",
            c.status.in_(("requested", "partially_accepted")),
            or_(c.absent_mentor_id.is_(None), c.absent_mentor_id != mentor_id),
        )
        wanted = wanted.where(or_(theirs, open_))
    if after:
        wanted = wanted.where(tuple_(c.requested_at, c.cover_id) > tuple_(*after))
    return list((await db.execute(wanted)).mappings())


async def slots_of_mentor(db: AsyncConnection, mentor_id: UUID, days: tuple[date, ...]) -> set[int]:
    """The places of a mentor that are taken on any of these days, as far as is known here."""
    a, d = assignments.c, cover_days.c
    taken = select(d.mentor_slot).where(d.mentor_id == mentor_id, d.state == "taken", d.day.in_(days))
    primary = select(a.mentor_slot).where(
        a.mentor_id == mentor_id,
        a.role == "primary",
        a.effective_from <= max(days),
        or_(a.ended_on.is_(None), a.ended_on > min(days)),
    )
    return {slot or 1 for wanted in (taken, primary) for slot in (await db.execute(wanted)).scalars()}


async def primary_of(db: AsyncConnection, child_id: UUID, on: date) -> RowMapping | None:
    """The child's own mentor on a day, whether there or not."""
    a = assignments.c
    wanted = select(assignments).where(
        a.child_id == child_id,
        a.role == "primary",
        a.effective_from <= on,
        or_(a.ended_on.is_(None), a.ended_on > on),
    )
    return (await db.execute(wanted.order_by(a.effective_from))).mappings().first()


@dataclass(frozen=True, slots=True)
class Access:
    """Whether a mentor may read a child's plan on a day, in which role, and for how long; or why not."""

    role: str | None
    until: date | None
    why_not: str | None


async def access_to_plan(db: AsyncConnection, child_id: UUID, mentor_id: UUID, on: date) -> Access:
    """The primary while it lasts; who covers from the day before their first day to their last."""
    a = assignments.c
    wanted = select(assignments).where(
        a.child_id == child_id, a.mentor_id == mentor_id, a.effective_from.is_not(None)
    )
    rows: list[Any] = list((await db.execute(wanted.order_by(a.effective_from))).mappings())
    coming: list[date] = []
    over: list[date] = []
    for row in rows:
        first = row["effective_from"] - BEFORE_THE_FIRST_DAY
        ends = [day for day in (row["ended_on"], row["effective_until"]) if day is not None]
        until = min(ends, default=None)
        if until is not None and until <= row["effective_from"]:
            continue  # it was undone
        if first <= on and (until is None or on < until):
            return Access(row["role"], until, None)
        if on < first:
            coming.append(first)
        elif until is not None:
            over.append(until)
    if coming:
        return Access(None, None, f"you support this child later; the plan opens for you on {min(coming)}")
    if over:
        last = max(over) - timedelta(days=1)
        return Access(None, None, f"your last day with this child was {last}; the plan closed with it")
    return Access(None, None, "you neither support nor cover this child; ask your coordinator")
