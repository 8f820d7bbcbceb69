"""Who leaves, and what is open for them: asked by the policy that lets them go."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.assignments.policies.assignments import Leaving
from services.assignments.read_model.coverage import open_for_mentor
from services.assignments.read_model.tables import mentors
from shared.contracts.assignments.assignment import MentorAssigned, MentorOffered
from shared.contracts.assignments.mentor import MentorLeft
from shared.kernel.recorded import Recorded


async def leaving(
    db: AsyncConnection, recorded: Recorded[MentorLeft | MentorOffered | MentorAssigned]
) -> Leaving | None:
    """What has to end because a mentor left; None when the mentor has not."""
    mentor_id = recorded.fact.mentor_id
    left_on = await db.scalar(select(mentors.c.left_on).where(mentors.c.mentor_id == mentor_id))
    if left_on is None:
        return None
    return Leaving(left_on, [dict(row) for row in await open_for_mentor(db, mentor_id, left_on)])
