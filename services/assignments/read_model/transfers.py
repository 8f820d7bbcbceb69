"""Questions about transfers to other regions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import RowMapping, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from services.assignments.read_model.tables import transfers


async def transfer(db: AsyncConnection, transfer_id: UUID) -> RowMapping | None:
    """One transfer."""
    wanted = select(transfers).where(transfers.c.transfer_id == transfer_id)
    return (await db.execute(wanted)).mappings().first()


async def transfers_by_time(
    db: AsyncConnection,
    child_id: UUID | None,
    status: str | None,
    to_region: str | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[RowMapping]:
    """Transfers, the oldest first."""
    wanted = select(transfers).order_by(transfers.c.requested_at, transfers.c.transfer_id).limit(limit)
    asked = {"child_id": child_id, "status": status, "to_region": to_region}
    for column, value in asked.items():
        if value is not None:
            wanted = wanted.where(transfers.c[column] == value)
    if after:
        wanted = wanted.where(tuple_(transfers.c.requested_at, transfers.c.transfer_id) > tuple_(*after))
    return list((await db.execute(wanted)).mappings())
