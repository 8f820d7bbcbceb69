"""What a search for cover led to, and what it still wants: asked by the policies that stand a mentor in."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.assignments.policies.standing_in import Begun, LetGo, Step, Substitute, Wanted
from services.assignments.read_model.absence import Days, by_cover, within
from services.assignments.read_model.children import standing_of_child
from services.assignments.read_model.mentors import standing_of_mentor
from services.assignments.read_model.tables import assignments, cover_days, covers
from shared.contracts.assignments.assignment import AssignmentEnded
from shared.contracts.assignments.cover import (
    CoverAccepted,
    CoverCancelled,
    CoverGivenBack,
    CoverPartiallyAccepted,
    CoverRequested,
)
from shared.kernel.recorded import Recorded

IN_FORCE = ("active", "paused", "handover_pending")


async def stood_in(db: AsyncConnection, recorded: Recorded[Step]) -> Wanted | Substitute | LetGo | None:
    """What the next step of a search has to know: what is still wanted, who agreed, what it led to."""
    fact, d, today = recorded.fact, cover_days.c, recorded.recorded_at.date()
    match fact:
        case CoverRequested():
            still = select(d.day).where(d.cover_id == fact.cover_id, d.state.in_(("open", "taken")))
            return Wanted(tuple(sorted((await db.execute(still)).scalars())))
        case CoverAccepted() | CoverPartiallyAccepted():
            found = await _substitute(db, fact.cover_id, fact.child_id, fact.mentor_id, today)
            return replace(found, days=await _taken_by(db, fact.cover_id, fact.mentor_id))
        case CoverCancelled() | CoverGivenBack():
            return await _let_go(db, fact, today)


async def _taken_by(db: AsyncConnection, cover_id: UUID, mentor_id: UUID) -> tuple[date, ...]:
    d = cover_days.c
    taken = select(d.day).where(d.cover_id == cover_id, d.state == "taken", d.mentor_id == mentor_id)
    return tuple(sorted((await db.execute(taken)).scalars()))


async def _let_go(db: AsyncConnection, fact: CoverCancelled | CoverGivenBack, today: date) -> LetGo:
    """What a cover led to, and whose days it was for."""
    a = assignments.c
    wanted = select(assignments).where(a.cover_id == fact.cover_id, a.status.in_(IN_FORCE))
    begun = []
    for row in (await db.execute(wanted.order_by(a.effective_from))).mappings().all():
        begun.append(
            Begun(
                row["assignment_id"],
                row["effective_from"],
                row["effective_until"],
                await _taken_by(db, fact.cover_id, row["mentor_id"]),
                row["mentor_slot"] or 1,
                await _substitute(db, fact.cover_id, row["child_id"], row["mentor_id"], today),
            )
        )
    primary_id = await db.scalar(select(covers.c.assignment_id).where(covers.c.cover_id == fact.cover_id))
    return LetGo(primary_id, begun)


async def days_after_end(db: AsyncConnection, recorded: Recorded[AssignmentEnded]) -> Days | None:
    """The days an ended cover assignment would still have had, by search."""
    fact = recorded.fact
    if fact.role != "cover":
        return None
    a, d = assignments.c, cover_days.c
    row = (
        (await db.execute(select(assignments).where(a.assignment_id == fact.assignment_id)))
        .mappings()
        .one_or_none()
    )
    if row is None or row["cover_id"] is None:
        return None
    wanted = select(d.cover_id, d.day).where(
        d.cover_id == row["cover_id"],
        d.mentor_id == fact.mentor_id,
        d.state == "taken",
        within(d.day, max(fact.ended_on, row["effective_from"]), row["effective_until"]),
    )
    return await by_cover(db, wanted)


async def _substitute(
    db: AsyncConnection, cover_id: UUID, child_id: UUID, mentor_id: UUID, today: date
) -> Substitute:
    slot = await db.scalar(select(covers.c.child_slot).where(covers.c.cover_id == cover_id))
    child, mentor = await standing_of_child(db, child_id, today), await standing_of_mentor(db, mentor_id)
    return Substitute(child, mentor, slot or 1)
