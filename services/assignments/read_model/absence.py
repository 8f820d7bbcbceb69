"""Whose days need cover, and which cover needs nobody: asked by the policies of cover."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from services.assignments.policies.absence import Loss, NoNeed, Spell, Unneeded, spell_of, unneeded
from services.assignments.policies.cover import Away, StoodInFor
from services.assignments.policies.standing_in import Begun, LetGo, Substitute
from services.assignments.read_model.children import standing_of_child
from services.assignments.read_model.mentors import standing_of_mentor
from services.assignments.read_model.tables import assignments, cover_days, covers, pauses
from shared.contracts.assignments.assignment import AssignmentEnded
from shared.contracts.assignments.cover import (
    CoverAccepted,
    CoverCancelled,
    CoverGivenBack,
    CoverPartiallyAccepted,
)
from shared.kernel.recorded import Recorded

IN_FORCE = ("active", "paused", "handover_pending")
Days = dict[UUID, tuple[date, ...]]


async def away(db: AsyncConnection, recorded: Recorded[Loss]) -> Away | None:
    """The children of an absent mentor with the days nobody is looked for yet, and the mentor's own cover."""
    spell = spell_of(recorded.fact)
    if spell is None:
        return None
    days = spell.school_days(recorded.recorded_at.date())
    stood_in_for = [found async for found in _children_without(db, spell, days)] if days else []
    return Away(stood_in_for, await _to_give_back(db, spell, recorded.recorded_at.date()))


async def _children_without(db: AsyncConnection, spell: Spell, days: tuple[date, ...]) -> Any:
    a = assignments.c
    wanted = select(assignments).where(
        a.mentor_id == spell.mentor_id, a.role == "primary", a.effective_from.is_not(None)
    )
    for row in (await db.execute(wanted.order_by(a.offered_at))).mappings().all():
        ended_on = row["ended_on"]
        if row["reason"] == "mentor_left" and spell.reason == "mentor_left":
            ended_on = None  # the very end that leaves the child without anybody
        theirs = {
            day for day in days if row["effective_from"] <= day and (ended_on is None or day < ended_on)
        }
        theirs -= await _spoken_for(db, row["child_id"], row["assignment_id"], theirs)
        if theirs:
            child = await standing_of_child(db, row["child_id"])
            slot = row["child_slot"] or 1
            yield StoodInFor(row["assignment_id"], child, slot, tuple(sorted(theirs)))


async def _spoken_for(
    db: AsyncConnection, child_id: UUID, assignment_id: UUID, days: Iterable[date]
) -> set[date]:
    """The days of these on which cover is asked for already, support is paused, or there is another primary."""
    asked = select(cover_days.c.day).where(
        cover_days.c.child_id == child_id, cover_days.c.state.in_(("open", "taken"))
    )
    found = set((await db.execute(asked)).scalars())
    paused = select(pauses).where(pauses.c.assignment_id == assignment_id)
    spans = [(row["paused_from"], row["resumed_on"]) for row in (await db.execute(paused)).mappings()]
    a = assignments.c
    others = select(a.effective_from, a.ended_on).where(
        a.child_id == child_id,
        a.role == "primary",
        a.effective_from.is_not(None),
        a.assignment_id != assignment_id,
    )
    spans += [(row[0], row[1]) for row in await db.execute(others)]
    return found | {
        day for day in days for since, until in spans if since <= day and (until is None or day < until)
    }


async def _to_give_back(db: AsyncConnection, spell: Spell, today: date) -> Days:
    d = cover_days.c
    wanted = select(d.cover_id, d.day).where(
        d.mentor_id == spell.mentor_id,
        d.state == "taken",
        _within(d.day, max(spell.since, today), spell.until),
    )
    return await _by_cover(db, wanted)


async def needless(db: AsyncConnection, recorded: Recorded[NoNeed]) -> Days | None:
    """The days of cover that are not needed because of a fact, by search."""
    found: Unneeded | None = unneeded(recorded.fact)
    if found is None:
        return None
    d, c = cover_days.c, covers.c
    wanted = (
        select(d.cover_id, d.day)
        .join(covers, c.cover_id == d.cover_id)
        .where(
            d.state.in_(("open", "given_up", "taken") if found.taken_too else ("open", "given_up")),
            _within(d.day, found.since, found.until),
        )
    )
    if found.child_id is not None:
        wanted = wanted.where(d.child_id == found.child_id)
    if found.absent_mentor_id is not None:
        wanted = wanted.where(c.absent_mentor_id == found.absent_mentor_id)
    if found.asked_because:
        wanted = wanted.where(c.reason.in_(found.asked_because))
    return await _by_cover(db, wanted)


async def substitute(
    db: AsyncConnection, recorded: Recorded[CoverAccepted | CoverPartiallyAccepted]
) -> Substitute | None:
    """Who agreed to cover, and for whom."""
    fact = recorded.fact
    return await _substitute(db, fact.cover_id, fact.child_id, fact.mentor_id)


async def let_go(db: AsyncConnection, recorded: Recorded[CoverCancelled | CoverGivenBack]) -> LetGo | None:
    """What a cover led to, and whose days it was for."""
    fact = recorded.fact
    a, d = assignments.c, cover_days.c
    wanted = select(assignments).where(a.cover_id == fact.cover_id, a.status.in_(IN_FORCE))
    begun = []
    for row in (await db.execute(wanted.order_by(a.effective_from))).mappings().all():
        taken = select(d.day).where(
            d.cover_id == fact.cover_id, d.state == "taken", d.mentor_id == row["mentor_id"]
        )
        begun.append(
            Begun(
                row["assignment_id"],
                row["effective_from"],
                row["effective_until"],
                tuple(sorted((await db.execute(taken)).scalars())),
                row["mentor_slot"] or 1,
                await _substitute(db, fact.cover_id, row["child_id"], row["mentor_id"]),
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
        _within(d.day, max(fact.ended_on, row["effective_from"]), row["effective_until"]),
    )
    return await _by_cover(db, wanted)


async def _substitute(db: AsyncConnection, cover_id: UUID, child_id: UUID, mentor_id: UUID) -> Substitute:
    slot = await db.scalar(select(covers.c.child_slot).where(covers.c.cover_id == cover_id))
    child, mentor = await standing_of_child(db, child_id), await standing_of_mentor(db, mentor_id)
    return Substitute(child, mentor, slot or 1)


async def _by_cover(db: AsyncConnection, wanted: Any) -> Days:
    found: dict[UUID, list[date]] = {}
    for cover_id, day in await db.execute(wanted.order_by("cover_id", "day")):
        found.setdefault(cover_id, []).append(day)
    return {cover_id: tuple(days) for cover_id, days in found.items()}


def _within(day: Any, since: date, until: date | None) -> ColumnElement[bool]:
    return and_(day >= since, true() if until is None else day < until)
