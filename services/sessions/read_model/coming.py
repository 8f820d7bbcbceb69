"""The sessions that have not begun, for the policies that cancel them."""

import asyncio
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Text, column, select, table
from sqlalchemy.ext.asyncio import AsyncConnection

from services.sessions.read_model.tables import sessions
from shared.contracts.assignments import AssignmentEnded
from shared.contracts.training import MentorStoodDown
from shared.kernel.recorded import Recorded

# The kernel's: how far this service's own facts go, and how far the sessions table has taken them in.
_head = table("store_head", column("name", Text), column("position", BigInteger))
_checkpoints = table(
    "checkpoints", column("projection", Text), column("source", Text), column("position", BigInteger)
)

PATIENCE_SECONDS = 5.0
_PAUSE_SECONDS = 0.01


async def coming_sessions_of_mentor(
    db: AsyncConnection, recorded: Recorded[MentorStoodDown]
) -> tuple[UUID, ...]:
    """Sessions of the mentor that start after this was recorded."""
    await _caught_up(db)
    return await _ids(
        db,
        sessions.c.mentor_id == recorded.fact.mentor_id,
        sessions.c.starts_at >= recorded.recorded_at,
    )


async def coming_sessions_of_assignment(
    db: AsyncConnection, recorded: Recorded[AssignmentEnded]
) -> tuple[UUID, ...]:
    """Sessions of the assignment on or after the first day without it."""
    await _caught_up(db)
    return await _ids(
        db,
        sessions.c.assignment_id == recorded.fact.assignment_id,
        sessions.c.day >= recorded.fact.ended_on,
    )


async def _ids(db: AsyncConnection, *which: ColumnElement[bool]) -> tuple[UUID, ...]:
    asked = select(sessions.c.session_id).where(sessions.c.state == "planned", *which)
    return tuple((await db.scalars(asked.order_by(sessions.c.starts_at, sessions.c.session_id))).all())


async def _caught_up(db: AsyncConnection) -> None:
    """Until the table knows every session scheduled so far. TimeoutError, so: try again, if it takes long."""
    head = await db.scalar(select(_head.c.position).where(_head.c.name == "store"))
    taken_in = select(_checkpoints.c.position).where(
        _checkpoints.c.projection == "sessions", _checkpoints.c.source == "sessions"
    )
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (await db.scalar(taken_in) or 0) < (head or 0):
            await asyncio.sleep(_PAUSE_SECONDS)
