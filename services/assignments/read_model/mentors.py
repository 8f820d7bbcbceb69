"""Questions about mentors and what they can show."""

from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from services.assignments.domain.gate import MentorStanding
from services.assignments.read_model.tables import evidence, mentors, standings
from shared.contracts.eligibility import Evidence


def _mentors() -> Select[Any]:
    joined = mentors.outerjoin(standings, standings.c.mentor_id == mentors.c.mentor_id)
    return select(mentors, standings.c.deployable, standings.c.since.label("standing_since")).select_from(
        joined
    )


async def mentor(db: AsyncConnection, mentor_id: UUID) -> RowMapping | None:
    """One mentor; `deployable` is what training last decided, None when it has not yet."""
    found: RowMapping | None = (
        (await db.execute(_mentors().where(mentors.c.mentor_id == mentor_id))).mappings().first()
    )
    return found


async def mentors_by_name(
    db: AsyncConnection, deployable: bool | None, after: tuple[str, UUID] | None, limit: int
) -> list[RowMapping]:
    """The mentors of the agency."""
    wanted = _mentors().order_by(mentors.c.name, mentors.c.mentor_id).limit(limit)
    if deployable is not None:
        wanted = wanted.where(standings.c.deployable.is_(True) == deployable)
    if after:
        wanted = wanted.where(tuple_(mentors.c.name, mentors.c.mentor_id) > tuple_(*after))
    return list((await db.execute(wanted)).mappings())


async def evidence_of(db: AsyncConnection, mentor_id: UUID) -> tuple[Evidence, ...]:
    """Everything training has seen of a mentor."""
    wanted = (
        select(evidence).where(evidence.c.mentor_id == mentor_id).order_by(evidence.c.item, evidence.c.proof)
    )
    return tuple(
        Evidence(row["item"], row["valid_from"], row["valid_until"], row["withdrawn_on"])
        for row in (await db.execute(wanted)).mappings()
        if row["valid_from"] is not None
    )


async def standing_of_mentor(db: AsyncConnection, mentor_id: UUID) -> MentorStanding:
    """What the gate has to know of a mentor."""
    found = await mentor(db, mentor_id)
    if found is None:
        return MentorStanding(mentor_id)
    return MentorStanding(mentor_id, found["engaged_on"], found["left_on"], await evidence_of(db, mentor_id))
