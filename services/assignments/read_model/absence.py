"""Whose days need cover, and which cover needs nobody: asked by the policies of cover."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from services.assignments.policies.absence import (
    LOOKED_AT_AGAIN,
    Loss,
    NoNeed,
    Spell,
    Unneeded,
    back_on,
    spell_of,
    still_away,
    unneeded,
)
from services.assignments.policies.cover import Away, Needless, StoodInFor
from services.assignments.read_model.children import standing_of_child
from services.assignments.read_model.mentors import standing_of_mentor
from services.assignments.read_model.school_days import closed_days
from services.assignments.read_model.tables import assignments, cover_days, covers, pauses, schools
from shared.contracts.assignments.assignment import MentorAssigned
from shared.contracts.sessions.ladder import SessionOverdue
from shared.contracts.sessions.session import SessionStarted
from shared.contracts.sessions.timetable import TimetableExpanded
from shared.contracts.words.mentoring import CoverReason
from shared.kernel.recorded import Recorded

HOME = "Europe/London"  # of a school that the register has not told of
Days = dict[UUID, tuple[date, ...]]


async def away(db: AsyncConnection, recorded: Recorded[Loss]) -> Away | None:
    """The children of an absent mentor with the days nobody is looked for yet, and the mentor's own cover."""
    fact, today = recorded.fact, recorded.recorded_at.date()
    if isinstance(fact, TimetableExpanded):
        return await _away_again(db, fact, today)
    spell = spell_of(fact, await _zone(db, fact))
    if spell is None:
        return None
    children = await _children_without(db, spell.mentor_id, spell.reason, spell.school_days(today), today)
    return Away(spell.mentor_id, spell.reason, children, await _to_give_back(db, spell, today))


async def _away_again(db: AsyncConnection, fact: TimetableExpanded, today: date) -> Away | None:
    """Cover is looked for as far as is sensible, and then further, for as long as the mentor is away.

    A day that somebody decided needs nobody, or that was given up, is not looked at again; after a pause it is.
    """
    if fact.because not in LOOKED_AT_AGAIN:
        return None
    found = still_away(await standing_of_mentor(db, fact.mentor_id), today)
    if found is None:
        return None
    why, days = found
    once = fact.because != "assignment_resumed"
    return Away(fact.mentor_id, why, await _children_without(db, fact.mentor_id, why, days, today, once), {})


async def _zone(db: AsyncConnection, fact: Any) -> str:
    """The time zone of the school that a fact of a session is about; of others nobody asks."""
    if not isinstance(fact, SessionOverdue | SessionStarted):
        return "UTC"
    found: str | None = await db.scalar(
        select(schools.c.time_zone).where(schools.c.school_id == fact.school_id)
    )
    return found or HOME


async def _children_without(
    db: AsyncConnection,
    mentor_id: UUID,
    reason: CoverReason,
    days: tuple[date, ...],
    today: date,
    once: bool = False,
) -> list[StoodInFor]:
    a = assignments.c
    children = []
    wanted = select(assignments).where(
        a.mentor_id == mentor_id, a.role == "primary", a.effective_from.is_not(None)
    )
    for row in (await db.execute(wanted.order_by(a.offered_at))).mappings().all():
        ended_on = row["ended_on"]
        if row["reason"] == "mentor_left" and reason == "mentor_left":
            ended_on = None  # the very end that leaves the child without anybody
        theirs = {
            day for day in days if row["effective_from"] <= day and (ended_on is None or day < ended_on)
        }
        if theirs:
            theirs -= await closed_days(db, row["child_id"], theirs)
        if theirs:
            theirs -= await _spoken_for(db, row["child_id"], row["assignment_id"], theirs, once)
        if theirs:
            child = await standing_of_child(db, row["child_id"], today)
            slot = row["child_slot"] or 1
            children.append(StoodInFor(row["assignment_id"], child, slot, tuple(sorted(theirs))))
    return children


async def _spoken_for(
    db: AsyncConnection, child_id: UUID, assignment_id: UUID, days: Collection[date], once: bool
) -> set[date]:
    """The days of these on which cover is asked for already, support is paused, or there is another primary.

    With `once` also those on which it was asked for and given up, or found needless.
    """
    d = cover_days.c
    asked = select(d.day).where(d.child_id == child_id, d.day.between(min(days), max(days)))
    if not once:
        asked = asked.where(d.state.in_(("open", "taken")))
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
        within(d.day, max(spell.since, today), spell.until),
    )
    return await by_cover(db, wanted)


async def needless(db: AsyncConnection, recorded: Recorded[NoNeed]) -> Needless | None:
    """The days of cover that are not needed because of a fact, by search.

    Who is back from one thing may be away for another: those days are needed all the same.
    """
    found: Unneeded | None = unneeded(recorded.fact, await _zone(db, recorded.fact))
    if found is None:
        return None
    d, c = cover_days.c, covers.c
    wanted = (
        select(d.cover_id, d.day)
        .join(covers, c.cover_id == d.cover_id)
        .where(
            d.state.in_(("open", "given_up", "taken") if found.taken_too else ("open", "given_up")),
            within(d.day, found.since, found.until),
        )
    )
    if found.child_id is not None:
        wanted = wanted.where(d.child_id == found.child_id)
    if found.absent_mentor_id is not None:
        wanted = wanted.where(c.absent_mentor_id == found.absent_mentor_id)
    if found.asked_because:
        wanted = wanted.where(c.reason.in_(found.asked_because))
    if isinstance(recorded.fact, MentorAssigned):  # whoever asked later knew who the primary is
        wanted = wanted.where(c.requested_at <= recorded.recorded_at)
    days = await by_cover(db, wanted)
    if days and found.absent_mentor_id is not None:
        mentor = await standing_of_mentor(db, found.absent_mentor_id)
        there = {
            cover_id: back_on(mentor, theirs, recorded.recorded_at.date())
            for cover_id, theirs in days.items()
        }
        days = {cover_id: theirs for cover_id, theirs in there.items() if theirs}
    return Needless(found.because, found.taken_too, days)


async def by_cover(db: AsyncConnection, wanted: Any) -> Days:
    """The days that this asks for, by search."""
    found: dict[UUID, list[date]] = {}
    for cover_id, day in await db.execute(wanted.order_by("cover_id", "day")):
        found.setdefault(cover_id, []).append(day)
    return {cover_id: tuple(days) for cover_id, days in found.items()}


def within(day: Any, since: date, until: date | None) -> ColumnElement[bool]:
    """From a day up to, without, another; None: for good."""
    return and_(day >= since, true() if until is None else day < until)
