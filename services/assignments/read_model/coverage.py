"""Questions about who supports whom: on which day, and as known at which moment."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Select, and_, case, exists, or_, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from services.assignments.read_model.tables import assignments, days_aside

OPEN = ("proposed", "accepted", "active", "paused", "handover_pending")


async def assignment(db: AsyncConnection, assignment_id: UUID) -> RowMapping | None:
    """One offer or assignment."""
    wanted = select(assignments).where(assignments.c.assignment_id == assignment_id)
    return (await db.execute(wanted)).mappings().first()


async def assignments_by_offer(
    db: AsyncConnection,
    child_id: UUID | None,
    mentor_id: UUID | None,
    status: str | None,
    role: str | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[RowMapping]:
    """Offers and assignments, the oldest first."""
    wanted = select(assignments).order_by(assignments.c.offered_at, assignments.c.assignment_id).limit(limit)
    asked = (("child_id", child_id), ("mentor_id", mentor_id), ("status", status), ("role", role))
    for column, value in asked:
        if value is not None:
            wanted = wanted.where(assignments.c[column] == value)
    if after:
        wanted = wanted.where(tuple_(assignments.c.offered_at, assignments.c.assignment_id) > tuple_(*after))
    return list((await db.execute(wanted)).mappings())


async def coverage_of(
    db: AsyncConnection, child_id: UUID, on: date | None = None, known_at: datetime | None = None
) -> list[RowMapping]:
    """Every span of support of a child; only those in force on a day, only as recorded by a moment.

    On a day that a primary stood aside from, the primary is not there.
    """
    wanted = _spans(known_at).where(assignments.c.child_id == child_id)
    if on is not None:
        wanted = wanted.where(_in_force(on, known_at), ~_aside(on, known_at))
    return list((await db.execute(wanted)).mappings())


async def who_supported(
    db: AsyncConnection, child_id: UUID, on: date, known_at: datetime | None = None
) -> list[UUID]:
    """The mentors in force for a child on a day, as known at a moment; the primary first."""
    return [row["mentor_id"] for row in await coverage_of(db, child_id, on, known_at)]


async def open_for_mentor(db: AsyncConnection, mentor_id: UUID, beyond: date) -> list[RowMapping]:
    """The offers and assignments of a mentor that are neither cancelled nor ended, or that end beyond that day."""
    goes_on = or_(assignments.c.status.in_(OPEN), assignments.c.ended_on > beyond)
    wanted = select(assignments).where(assignments.c.mentor_id == mentor_id, goes_on)
    return list((await db.execute(wanted.order_by(assignments.c.offered_at))).mappings())


def _spans(known_at: datetime | None) -> Select[Any]:
    a = assignments.c
    end_known = _end_known(known_at)
    agreed = case((a.role == "cover", a.effective_until))
    wanted = (
        select(
            a.assignment_id,
            a.child_id,
            a.mentor_id,
            a.school_id,
            a.role,
            a.cover_id,
            a.effective_from,
            case((end_known, a.ended_on), else_=agreed).label("ended_on"),
            case((end_known, a.reason)).label("reason"),
            a.assigned_recorded_at,
            case((end_known, a.ended_recorded_at)).label("ended_recorded_at"),
        )
        .where(a.effective_from.is_not(None))
        .order_by(a.role.desc(), a.effective_from, a.assignment_id)
    )
    return wanted if known_at is None else wanted.where(a.assigned_recorded_at <= known_at)


def _in_force(on: date, known_at: datetime | None) -> ColumnElement[bool]:
    a = assignments.c
    not_over = or_(a.ended_on.is_(None), a.ended_on > on, ~_end_known(known_at))
    as_agreed = or_(a.effective_until.is_(None), a.effective_until > on)
    return and_(a.effective_from <= on, not_over, as_agreed)


def _aside(on: date, known_at: datetime | None) -> ColumnElement[bool]:
    """Stood aside from for a cover, and not come back since."""
    aside, back = days_aside.alias("aside"), days_aside.alias("back")
    came_back = exists(
        select(back.c.day).where(
            back.c.assignment_id == aside.c.assignment_id,
            back.c.day == aside.c.day,
            back.c.back_recorded_at >= aside.c.aside_recorded_at,
            true() if known_at is None else back.c.back_recorded_at <= known_at,
        )
    )
    return exists(
        select(aside.c.day).where(
            aside.c.assignment_id == assignments.c.assignment_id,
            aside.c.day == on,
            true() if known_at is None else aside.c.aside_recorded_at <= known_at,
            ~came_back,
        )
    )


def _end_known(known_at: datetime | None) -> ColumnElement[bool]:
    recorded = assignments.c.ended_recorded_at
    return recorded.is_not(None) if known_at is None else and_(recorded.is_not(None), recorded <= known_at)
