"""What came into inboxes, by the position of the fact that brought it: what a reader asks for again by."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index, Table, Text, Uuid, column, select, table
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifications.read_model.inbox import find_notification
from services.notifications.read_model.tables import metadata

PROJECTION, SOURCE = "arrivals", "notifications"

arrivals = Table(
    "arrivals",
    metadata,
    Column("position", BigInteger, primary_key=True),
    Column("recipient_id", Uuid, nullable=False),
    Column("notification_id", Uuid, nullable=False),
    Index("arrivals_of_recipient", "recipient_id", "position"),
)

_checkpoints = table(
    "checkpoints", column("projection", Text), column("source", Text), column("position", BigInteger)
)  # the kernel's


async def arrived_up_to(db: AsyncConnection) -> int:
    """The position up to which every arrival is known."""
    asked = select(_checkpoints.c.position).where(
        _checkpoints.c.projection == PROJECTION, _checkpoints.c.source == SOURCE
    )
    return int(await db.scalar(asked) or 0)


async def rung(db: AsyncConnection, after: int) -> tuple[int, Sequence[UUID]]:
    """For whom something arrived after this position, and the position that this is known up to."""
    upto = await arrived_up_to(db)
    asked = select(arrivals.c.recipient_id).distinct()
    found = await db.scalars(asked.where(arrivals.c.position > after, arrivals.c.position <= upto))
    return upto, found.all()


async def arrived(
    db: AsyncConnection, recipient_id: UUID, after: int, *, concerns: bool, limit: int
) -> Sequence[tuple[int, dict[str, Any] | None]]:
    """What came into this inbox after a position, in order; None for what the caller may not know of."""
    asked = (
        select(arrivals.c.position, arrivals.c.notification_id)
        .where(arrivals.c.recipient_id == recipient_id, arrivals.c.position > after)
        .order_by(arrivals.c.position)
        .limit(limit)
    )
    return [
        (row.position, await find_notification(db, row.notification_id, concerns=concerns))
        for row in (await db.execute(asked)).all()
    ]
