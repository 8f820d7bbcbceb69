"""The sessions that have not begun, for the policies that cancel them."""

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.sessions.policies.coming import Away
from services.sessions.read_model.tables import assignments, sessions
from shared.contracts.assignments.assignment import AssignmentEnded, AssignmentPaused, PrimaryStoodAside
from shared.contracts.assignments.child import ChildAbsenceReported
from shared.contracts.assignments.cover import CoverCancelled, CoverGivenBack
from shared.contracts.assignments.mentor import MentorAbsenceReported, MentorWentOnLeave
from shared.contracts.training.standing import MentorStoodDown, MentorSuspended
from shared.kernel.recorded import Recorded

_c = sessions.c


async def coming_sessions(db: AsyncConnection, recorded: Recorded[Away]) -> tuple[UUID, ...]:
    """The sessions that this ends: those that were to begin afterwards, or on its days, and have not."""
    return await _ids(db, _ended_by(recorded), _c.state == "scheduled")


def _ended_by(recorded: Recorded[Away]) -> ColumnElement[bool]:
    fact = recorded.fact
    later = _c.starts_at >= recorded.recorded_at
    match fact:
        case MentorStoodDown():
            return and_(_c.mentor_id == fact.mentor_id, later)
        case MentorSuspended():
            return and_(_c.mentor_id == fact.mentor_id, later, _c.day >= fact.suspended_on)
        case MentorWentOnLeave():
            back = fact.expected_back_on or date.max
            return and_(_c.mentor_id == fact.mentor_id, _c.day >= fact.leave_from, _c.day < back)
        case AssignmentEnded():
            return and_(_c.assignment_id == fact.assignment_id, _c.day >= fact.ended_on)
        case AssignmentPaused():
            return and_(_c.assignment_id == fact.assignment_id, _c.day >= fact.paused_from)
        case PrimaryStoodAside():
            # What should have begun by now is not called off: it is overdue, and may be missed.
            return and_(_c.assignment_id == fact.assignment_id, _c.day.in_(fact.days), later)
        case CoverGivenBack():
            of_mentor = and_(_of_cover(fact.cover_id), _c.mentor_id == fact.mentor_id)
            return and_(of_mentor, _c.day.in_(fact.days))
        case CoverCancelled():
            return and_(_of_cover(fact.cover_id), _c.day.in_(fact.days))


async def sessions_of_absent_mentor(
    db: AsyncConnection, recorded: Recorded[MentorAbsenceReported]
) -> tuple[UUID, ...]:
    """Sessions of the mentor on the days of absence that have not begun."""
    fact = recorded.fact
    away = and_(_c.mentor_id == fact.mentor_id, _c.day >= fact.absent_from, _c.day < fact.absent_until)
    return await _ids(db, away, _c.state == "scheduled")


async def sessions_of_absent_child(
    db: AsyncConnection, recorded: Recorded[ChildAbsenceReported]
) -> tuple[UUID, ...]:
    """Sessions of the child on the days of absence that did not take place, missed ones among them."""
    fact = recorded.fact
    away = and_(_c.child_id == fact.child_id, _c.day >= fact.absent_from, _c.day < fact.absent_until)
    return await _ids(db, away, _c.state.in_(("scheduled", "missed")))


def _of_cover(cover_id: UUID) -> ColumnElement[bool]:
    covering = select(assignments.c.assignment_id).where(assignments.c.cover_id == cover_id)
    return _c.assignment_id.in_(covering)


async def _ids(db: AsyncConnection, *which: ColumnElement[bool]) -> tuple[UUID, ...]:
    asked = select(_c.session_id).where(*which)
    return tuple((await db.scalars(asked.order_by(_c.starts_at, _c.session_id))).all())
