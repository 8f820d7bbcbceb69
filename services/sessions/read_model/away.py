"""Who is away, as it was heard."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.sessions.domain.away import Away, Heard
from services.sessions.read_model.tables.timetables import away
from shared.contracts.assignments.child import ChildAbsenceReported
from shared.contracts.assignments.mentor import MentorAbsenceReported
from shared.kernel.recorded import Recorded


async def away_of(db: AsyncConnection, who: Collection[UUID]) -> Away:
    """All that was heard of these, in the order in which it was heard."""
    asked = select(away).where(away.c.who.in_(who)).order_by(away.c.position)
    return Away(
        Heard(row["who"], row["news"], row["since"], row["until"])
        for row in (await db.execute(asked)).mappings()
    )


async def cut_short(
    db: AsyncConnection, recorded: Recorded[MentorAbsenceReported | ChildAbsenceReported]
) -> bool:
    """Whether an absence of the same first day, reported before, was to last longer."""
    fact, a = recorded.fact, away.c
    who = fact.mentor_id if isinstance(fact, MentorAbsenceReported) else fact.child_id
    before = select(a.position).where(
        a.who == who,
        a.news.in_(("mentor_absent", "child_absent")),
        a.since == fact.absent_from,
        or_(a.until.is_(None), a.until > fact.absent_until),
        a.position < recorded.position,
    )
    return await db.scalar(select(exists(before))) is True
