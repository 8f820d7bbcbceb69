"""Questions about requests for support."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import RowMapping, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from services.assignments.read_model.tables import requests


async def request(db: AsyncConnection, request_id: UUID) -> RowMapping | None:
    """One request."""
    return (await db.execute(select(requests).where(requests.c.request_id == request_id))).mappings().first()


async def requests_by_arrival(
    db: AsyncConnection, status: str | None, after: tuple[datetime, UUID] | None, limit: int
) -> list[RowMapping]:
    """Requests, the oldest first."""
    wanted = select(requests).order_by(requests.c.received_at, requests.c.request_id).limit(limit)
    if status:
        wanted = wanted.where(requests.c.status == status)
    if after:
        wanted = wanted.where(tuple_(requests.c.received_at, requests.c.request_id) > tuple_(*after))
    return list((await db.execute(wanted)).mappings())
