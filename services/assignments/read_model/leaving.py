"""Who leaves, and what is open for them: asked by the policy that lets them go."""

import asyncio
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.assignments.policies import Leaving
from services.assignments.read_model.coverage import open_for_mentor
from services.assignments.read_model.mentors import mentor
from shared.contracts.assignments import MentorAssigned, MentorLeft, MentorOffered
from shared.kernel.recorded import Recorded

PATIENCE_SECONDS = 20.0
PAUSE_SECONDS = 0.01

_REACHED = text(
    "SELECT count(*) FROM checkpoints WHERE projection IN ('mentors', 'coverage') AND source = :source "
    "AND position >= :position"
)


async def leaving(
    db: AsyncConnection, recorded: Recorded[MentorLeft | MentorOffered | MentorAssigned]
) -> Leaving | None:
    """What has to end because a mentor left; None when the mentor has not."""
    await _reached(db, recorded.source, recorded.position)
    mentor_id: UUID = recorded.fact.mentor_id
    found = await mentor(db, mentor_id)
    if found is None or found["left_on"] is None:
        return None
    return Leaving(found["left_on"], [dict(row) for row in await open_for_mentor(db, mentor_id)])


async def _reached(db: AsyncConnection, source: str, position: int) -> None:
    """Wait for the tables read here: a policy may be ahead of them, and would overlook something."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (await db.execute(_REACHED, {"source": source, "position": position})).scalar_one() < 2:
            await asyncio.sleep(PAUSE_SECONDS)
