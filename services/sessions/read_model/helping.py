"""The sessions in which a mentor helped another pupil in passing."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.sessions.domain.incidental_help import WITHIN, Helped
from services.sessions.read_model.tables import sessions
from shared.contracts.sessions.session_amendment import SessionAmended
from shared.contracts.sessions.session_log import SessionLogged
from shared.kernel.recorded import Recorded


async def helped_in_passing(
    db: AsyncConnection, recorded: Recorded[SessionLogged | SessionAmended]
) -> tuple[Helped, ...]:
    """Sessions of the mentor near the one that was logged, with incidental help, in the order of their begin."""
    fact = recorded.fact
    this = select(sessions.c.starts_at).where(sessions.c.session_id == fact.session_id).scalar_subquery()
    asked = (
        select(sessions.c.session_id, sessions.c.child_id, sessions.c.school_id, sessions.c.starts_at)
        .where(
            sessions.c.mentor_id == fact.mentor_id,
            sessions.c.incidental_help,
            sessions.c.state != "voided",
            sessions.c.starts_at > this - WITHIN,
            sessions.c.starts_at < this + WITHIN,
        )
        .order_by(sessions.c.starts_at, sessions.c.session_id)
    )
    return tuple(Helped(*row) for row in await db.execute(asked))
