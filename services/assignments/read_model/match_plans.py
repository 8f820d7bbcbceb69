"""Questions about plans of matches: what was proposed, and what became of each row."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import RowMapping, case, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from services.assignments.read_model.tables import assignments, match_plans, matches


async def plans_by_time(
    db: AsyncConnection, after: tuple[datetime, UUID] | None, limit: int
) -> list[RowMapping]:
    """The plans, the newest first."""
    key = tuple_(match_plans.c.proposed_at, match_plans.c.plan_id)
    wanted = select(match_plans).order_by(match_plans.c.proposed_at.desc(), match_plans.c.plan_id.desc())
    if after:
        wanted = wanted.where(key < tuple_(*after))
    return list((await db.execute(wanted.limit(limit))).mappings())


async def find_plan(db: AsyncConnection, plan_id: UUID) -> RowMapping | None:
    """One plan."""
    return (await db.execute(select(match_plans).where(match_plans.c.plan_id == plan_id))).mappings().first()


async def matches_of(
    db: AsyncConnection, plan_id: UUID, status: str | None, after: UUID | None, limit: int
) -> list[RowMapping]:
    """The rows of a plan by child, each with what became of it: unmatched, proposed, set_aside or taken_up."""
    became = case(
        (matches.c.mentor_id.is_(None), "unmatched"),
        (assignments.c.assignment_id.is_not(None), "taken_up"),
        (matches.c.set_aside.is_not(None), "set_aside"),
        else_="proposed",
    ).label("status")
    wanted = (
        select(matches, became, assignments.c.status.label("assignment_status"))
        .outerjoin(assignments, assignments.c.assignment_id == matches.c.assignment_id)
        .where(matches.c.plan_id == plan_id)
        .order_by(matches.c.child_id)
        .limit(limit)
    )
    if status is not None:
        wanted = wanted.where(became == status)
    if after is not None:
        wanted = wanted.where(matches.c.child_id > after)
    return list((await db.execute(wanted)).mappings())
