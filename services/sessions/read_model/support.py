"""What the gate needs: who supports whom, where, on which days, and what a mentor can show."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.sessions.domain.permission import Pause, Support, school_day
from services.sessions.policies.coming import Known
from services.sessions.read_model.away import away_of
from services.sessions.read_model.tables import (
    assignments,
    cover_days,
    days_aside,
    eligibility,
    outcomes,
    pauses,
    schools,
)
from shared.contracts.eligibility import Evidence
from shared.contracts.sessions.session import SessionRescheduled, SessionScheduled
from shared.kernel.recorded import Recorded

HOME = "Europe/London"
"""The time zone of a school that the register has not told of."""

_PLAIN = (
    "assignment_id",
    "mentor_id",
    "child_id",
    "school_id",
    "effective_from",
    "ended_on",
    "role",
    "effective_until",
)


@dataclass(frozen=True, slots=True)
class Place:
    """The support of a child by a mentor, if there is any at that moment, and the school's time zone."""

    support: Support | None
    time_zone: str


async def support_at(db: AsyncConnection, mentor_id: UUID, child_id: UUID, at: datetime) -> Place:
    """The assignment of this mentor and this child that holds at that moment; else the newest one."""
    asked = (
        select(assignments, schools.c.time_zone)
        .join(schools, schools.c.school_id == assignments.c.school_id, isouter=True)
        .where(assignments.c.mentor_id == mentor_id, assignments.c.child_id == child_id)
        .order_by(assignments.c.effective_from.desc(), assignments.c.assignment_id.desc())
    )
    places = [
        Place(await _support(db, row), row["time_zone"] or HOME)
        for row in (await db.execute(asked)).mappings().all()
    ]
    for place in places:
        if place.support and place.support.covers(school_day(at, place.time_zone)):
            return place
    return places[0] if places else Place(None, HOME)


async def find_support(db: AsyncConnection, assignment_id: UUID) -> Support | None:
    """The assignment, as heard of."""
    found = await db.execute(select(assignments).where(assignments.c.assignment_id == assignment_id))
    row = found.mappings().one_or_none()
    return await _support(db, row) if row else None


async def shown(db: AsyncConnection, mentor_id: UUID) -> tuple[Evidence, ...]:
    """Everything a mentor can show."""
    found = await db.execute(select(eligibility).where(eligibility.c.mentor_id == mentor_id))
    return tuple(Evidence(row.item, row.valid_from, row.valid_until, row.withdrawn_on) for row in found)


async def outcomes_of(db: AsyncConnection, child_id: UUID) -> frozenset[UUID]:
    """The outcomes of the child's provision."""
    found = await db.scalar(select(outcomes.c.outcome_ids).where(outcomes.c.child_id == child_id))
    return frozenset(UUID(outcome_id) for outcome_id in found or ())


async def known_of(db: AsyncConnection, recorded: Recorded[SessionScheduled | SessionRescheduled]) -> Known:
    """What is known now of the mentor of a session that was planned, and of who is away."""
    planned = recorded.fact
    return Known(
        await find_support(db, planned.assignment_id),
        await shown(db, planned.mentor_id),
        await away_of(db, (planned.mentor_id, planned.child_id)),
    )


async def _support(db: AsyncConnection, row: Mapping[Any, Any]) -> Support:
    assignment_id = row["assignment_id"]
    changes = (
        select(pauses.c.paused_from, pauses.c.resumed_on)
        .where(pauses.c.assignment_id == assignment_id)
        .order_by(pauses.c.position)
    )
    aside = select(days_aside.c.day, days_aside.c.since).where(days_aside.c.assignment_id == assignment_id)
    days: frozenset[date] | None = None
    if row["cover_id"] is not None:
        taken = select(cover_days.c.day, cover_days.c.given_back).where(
            cover_days.c.cover_id == row["cover_id"], cover_days.c.mentor_id == row["mentor_id"]
        )
        if found := (await db.execute(taken)).all():
            days = frozenset(day for day, given_back in found if not given_back)
    return Support(
        **{name: row[name] for name in _PLAIN},
        days=days,
        pauses=paused([(start, back) for start, back in await db.execute(changes)]),
        aside=dict((await db.execute(aside)).all()),
    )


def paused(changes: list[tuple[date | None, date | None]]) -> tuple[Pause, ...]:
    """The pauses that these facts add up to, in their order: (paused_from, None) or (None, resumed_on)."""
    found: list[Pause] = []
    for paused_from, resumed_on in changes:
        if paused_from is not None:
            found.append(Pause(paused_from))
        elif found and found[-1].resumed_on is None:
            found[-1] = Pause(found[-1].paused_from, resumed_on)
    return tuple(found)
