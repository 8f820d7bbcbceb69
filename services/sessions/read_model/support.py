"""What the gate needs: who supports whom, where, and what a mentor can show."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.sessions.domain.permission import Support, school_day
from services.sessions.policies.coming import Known
from services.sessions.read_model.tables import assignments, eligibility, schools
from shared.contracts.eligibility import Evidence
from shared.contracts.sessions.session import SessionScheduled
from shared.kernel.recorded import Recorded

HOME = "Europe/London"
"""The time zone of a school that the register has not told of."""


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
    places = []
    for row in (await db.execute(asked)).mappings():
        support = Support(**{name: row[name] for name in Support.__dataclass_fields__})
        places.append(Place(support, row["time_zone"] or HOME))
    for place in places:
        if place.support and place.support.covers(school_day(at, place.time_zone)):
            return place
    return places[0] if places else Place(None, HOME)


async def find_support(db: AsyncConnection, assignment_id: UUID) -> Support | None:
    """The assignment, as heard of."""
    found = await db.execute(select(assignments).where(assignments.c.assignment_id == assignment_id))
    row = found.mappings().one_or_none()
    return Support(**row) if row else None


async def shown(db: AsyncConnection, mentor_id: UUID) -> tuple[Evidence, ...]:
    """Everything a mentor can show."""
    found = await db.execute(select(eligibility).where(eligibility.c.mentor_id == mentor_id))
    return tuple(Evidence(row.item, row.valid_from, row.valid_until, row.withdrawn_on) for row in found)


async def known_of(db: AsyncConnection, recorded: Recorded[SessionScheduled]) -> Known:
    """What is known now of the mentor of a session that was scheduled."""
    planned = recorded.fact
    return Known(await find_support(db, planned.assignment_id), await shown(db, planned.mentor_id))
