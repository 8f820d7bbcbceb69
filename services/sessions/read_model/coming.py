"""The sessions that have not begun, for the policies that cancel them."""

from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.sessions.read_model.tables import sessions
from shared.contracts.assignments.assignment import AssignmentEnded
from shared.contracts.training.standing import MentorStoodDown
from shared.kernel.recorded import Recorded


async def coming_sessions_of_mentor(
    db: AsyncConnection, recorded: Recorded[MentorStoodDown]
) -> tuple[UUID, ...]:
    """Sessions of the mentor that start after this was recorded."""
    return await _ids(
        db,
        sessions.c.mentor_id == recorded.fact.mentor_id,
        sessions.c.starts_at >= recorded.recorded_at,
    )


async def coming_sessions_of_assignment(
    db: AsyncConnection, recorded: Recorded[AssignmentEnded]
) -> tuple[UUID, ...]:
    """Sessions of the assignment on or after the first day without it."""
    return await _ids(
        db,
        sessions.c.assignment_id == recorded.fact.assignment_id,
        sessions.c.day >= recorded.fact.ended_on,
    )


async def _ids(db: AsyncConnection, *which: ColumnElement[bool]) -> tuple[UUID, ...]:
    asked = select(sessions.c.session_id).where(sessions.c.state == "planned", *which)
    return tuple((await db.scalars(asked.order_by(sessions.c.starts_at, sessions.c.session_id))).all())
