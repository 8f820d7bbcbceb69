"""All that decides what a timetable is made into, and which timetables news is about: for the policies."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.sessions.domain.expansion import PASSING, Made, MadeState
from services.sessions.domain.occasions import Known
from services.sessions.domain.permission import Support
from services.sessions.domain.slots import Version
from services.sessions.policies.timetables import Drawn
from services.sessions.read_model.away import away_of, cut_short
from services.sessions.read_model.calendars import school_days
from services.sessions.read_model.support import find_support, shown
from services.sessions.read_model.tables import assignments
from services.sessions.read_model.tables.pay import session_accounts as accounts
from services.sessions.read_model.tables.timetables import (
    school_authorities,
    timetable_versions,
    timetables,
)
from shared.contracts.assignments.assignment import (
    AssignmentEnded,
    AssignmentResumed,
    MentorAssigned,
    PrimaryStoodBack,
)
from shared.contracts.assignments.child import ChildAbsenceReported, ChildResumed
from shared.contracts.assignments.mentor import MentorAbsenceReported
from shared.contracts.sessions.calendar import CalendarPublished
from shared.contracts.sessions.timetable import Slot, TimetableExpanded
from shared.kernel.recorded import Recorded

LOOK_BACK = timedelta(days=70)
"""Before the horizon: far enough for every session that may still be moved."""


async def drawn_for(db: AsyncConnection, recorded: Recorded[TimetableExpanded]) -> Drawn | None:
    """The timetable that is to be made into sessions, with the days that this was recorded for."""
    return await draw(db, recorded.fact.timetable_id, recorded.region)


async def draw(db: AsyncConnection, timetable_id: UUID, region: str) -> Drawn | None:
    """A timetable, everything that decides what becomes of it, and the sessions made of it so far."""
    asked = select(timetables).where(timetables.c.timetable_id == timetable_id)
    row = (await db.execute(asked)).mappings().one_or_none()
    if row is None or row["expanded_until"] is None:
        return None
    supports = await supports_of_child(db, row["child_id"])
    mentors = {support.mentor_id for support in supports}
    known = Known(
        timetable_id=timetable_id,
        assignment_id=row["assignment_id"],
        child_id=row["child_id"],
        versions=await _versions(db, timetable_id),
        ended_on=row["ended_on"],
        expanded_until=row["expanded_until"],
        newest=await _newest(db, row["child_id"]) == timetable_id,
        supports=supports,
        away=await away_of(db, {row["child_id"], *mentors}),
        school=await school_days(db, row["school_id"], region),
        evidence={mentor_id: await shown(db, mentor_id) for mentor_id in mentors},
    )
    return Drawn(known, await _made(db, timetable_id, row["expanded_until"] - LOOK_BACK))


async def supports_of_child(db: AsyncConnection, child_id: UUID) -> tuple[Support, ...]:
    """Every assignment of the child, as heard of."""
    asked = select(assignments.c.assignment_id).where(assignments.c.child_id == child_id)
    ids = (await db.scalars(asked.order_by(assignments.c.effective_from, assignments.c.assignment_id))).all()
    found = [await find_support(db, assignment_id) for assignment_id in ids]
    return tuple(support for support in found if support is not None)


async def affected_by(db: AsyncConnection, recorded: Recorded[Any]) -> tuple[UUID, ...]:
    """The timetables that this news may open or close days for."""
    fact = recorded.fact
    t = timetables.c
    match fact:
        case CalendarPublished():
            return await _ids(db, _in_scope(fact), _going_on(recorded))
        case MentorAssigned(child_id=child_id) | PrimaryStoodBack(child_id=child_id):
            return await _with_cover(db, child_id)
        case AssignmentEnded(role="cover", child_id=child_id):
            return await _with_cover(db, child_id)
        case AssignmentEnded(assignment_id=assignment_id) | AssignmentResumed(assignment_id=assignment_id):
            return await _ids(db, t.assignment_id == assignment_id)
        case ChildResumed(child_id=child_id):
            return await _ids(db, t.child_id == child_id, _going_on(recorded))
        case ChildAbsenceReported(child_id=child_id):
            again = await cut_short(db, recorded)
            return await _ids(db, t.child_id == child_id, _going_on(recorded)) if again else ()
        case MentorAbsenceReported() if not await cut_short(db, recorded):
            return ()
        case _:
            pass
    # A mentor may be with a child again: their own, and whom they cover.
    covered = select(assignments.c.child_id).where(
        assignments.c.mentor_id == fact.mentor_id, assignments.c.role == "cover"
    )
    whose = or_(t.mentor_id == fact.mentor_id, t.child_id.in_(covered))
    return await _ids(db, whose, _going_on(recorded))


def _in_scope(fact: CalendarPublished) -> ColumnElement[bool]:
    if fact.scope == "school":
        return timetables.c.school_id == UUID(fact.scope_key)
    if fact.scope == "local_authority":
        schools = school_authorities.c
        there = select(schools.school_id).where(schools.local_authority == fact.scope_key)
        return timetables.c.school_id.in_(there)
    return timetables.c.timetable_id.is_not(None)


def _going_on(recorded: Recorded[Any]) -> ColumnElement[bool]:
    """Not ended, or so lately that somebody may still cover by it."""
    ended = timetables.c.ended_on
    return or_(ended.is_(None), ended > (recorded.recorded_at - LOOK_BACK).date())


async def _ids(db: AsyncConnection, *which: ColumnElement[bool]) -> tuple[UUID, ...]:
    asked = select(timetables.c.timetable_id).where(*which).order_by(timetables.c.timetable_id)
    return tuple((await db.scalars(asked)).all())


async def _with_cover(db: AsyncConnection, child_id: UUID) -> tuple[UUID, ...]:
    """The child's timetables that are going on; when there is none, the newest, which tells what is covered."""
    going_on = await _ids(db, timetables.c.child_id == child_id, timetables.c.ended_on.is_(None))
    newest = await _newest(db, child_id)
    return tuple(dict.fromkeys((*going_on, *(() if newest is None else (newest,)))))


async def _newest(db: AsyncConnection, child_id: UUID) -> UUID | None:
    v = timetable_versions.c
    asked = (
        select(v.timetable_id)
        .join(timetables, timetables.c.timetable_id == v.timetable_id)
        .where(timetables.c.child_id == child_id)
        .group_by(v.timetable_id)
        .order_by(func.min(v.position).desc())
        .limit(1)
    )
    found: UUID | None = await db.scalar(asked)
    return found


async def _versions(db: AsyncConnection, timetable_id: UUID) -> tuple[Version, ...]:
    v = timetable_versions.c
    asked = select(timetable_versions).where(v.timetable_id == timetable_id).order_by(v.position)
    return tuple(
        Version(
            tuple(Slot(**slot) for slot in row["slots"]),
            row["effective_from"],
            row["effective_until"],
            row["time_zone"],
        )
        for row in (await db.execute(asked)).mappings()
    )


async def _made(db: AsyncConnection, timetable_id: UUID, since: date) -> tuple[Made, ...]:
    a = accounts.c
    which = (a.timetable_id == timetable_id, a.day >= since)
    asked = select(accounts).where(*which).order_by(a.starts_at, a.session_id)
    return tuple(
        Made(
            row["session_id"],
            row["day"],
            row["starts_at"],
            row["ends_at"],
            _state(row),
            row["by_hand"],
        )
        for row in (await db.execute(asked)).mappings()
    )


def _state(row: Any) -> MadeState:
    if row["state"] == "coming":
        return "coming"
    called_off = row["state"] == "cancelled" and not (row["by_hand"] or row["chargeable"])
    return "passing" if called_off and row["cancel_reason"] in PASSING else "settled"
