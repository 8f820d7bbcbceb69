"""What policies look up before they act on a child: its request, and what is still open for it."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.assignments.policies.leaving import Exit, Gone
from services.assignments.policies.requests import Link
from services.assignments.read_model.children import child
from services.assignments.read_model.tables import assignments
from shared.contracts.assignments.child import ChildPaused, ChildResumed
from shared.kernel.recorded import Recorded


async def request_of_child(db: AsyncConnection, recorded: Recorded[Link]) -> UUID | None:
    """The request on which the child is here."""
    found = await child(db, recorded.fact.child_id)
    request_id: UUID | None = found["request_id"] if found else None
    return request_id


async def gone(db: AsyncConnection, recorded: Recorded[Exit]) -> Gone | None:
    """What has to end because a child left; None when the child has not."""
    child_id = recorded.fact.child_id
    found = await child(db, child_id)
    if found is None or found["status"] != "exited":
        return None
    return Gone(found["since"], found["reason"], await open_for_child(db, child_id, found["since"]))


async def resting(
    db: AsyncConnection, recorded: Recorded[ChildPaused | ChildResumed]
) -> list[Mapping[str, Any]]:
    """The assignments that rest, or go on, with the child."""
    begun = await open_for_child(db, recorded.fact.child_id)
    return [row for row in begun if row["effective_from"] is not None]


async def open_for_child(
    db: AsyncConnection, child_id: UUID, beyond: date = date.max
) -> list[Mapping[str, Any]]:
    """The offers and assignments of a child that are neither cancelled nor ended; or that end beyond that day."""
    a = assignments.c
    goes_on = or_(a.status.not_in(("cancelled", "ended")), a.ended_on > beyond)
    wanted = select(assignments).where(a.child_id == child_id, goes_on)
    found = (await db.execute(wanted.order_by(assignments.c.offered_at))).mappings()
    return [dict(row) for row in found]
