"""Questions about requests for support."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import RowMapping, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from services.assignments.read_model.tables import requests


async def request(db: AsyncConnection, request_id: UUID) -> RowMapping | None:
    """One request."""
    return (await db.execute(select(requests).where(requests.c.request_id == request_id))).mappings().first()


async def requests_by_arrival(
    db: AsyncConnection,
    status: str | None,
    urgency: str | None,
    school_id: UUID | None,
    child_id: UUID | None,
    next_step_by: date | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[RowMapping]:
    """Requests, the oldest first."""
    wanted = select(requests).order_by(requests.c.received_at, requests.c.request_id).limit(limit)
    asked = {"status": status, "urgency": urgency, "school_id": school_id, "child_id": child_id}
    for column, value in asked.items():
        if value is not None:
            wanted = wanted.where(requests.c[column] == value)
    if next_step_by is not None:
        wanted = wanted.where(requests.c.next_step_on <= next_step_by)
    if after:
        wanted = wanted.where(tuple_(requests.c.received_at, requests.c.request_id) > tuple_(*after))
    return list((await db.execute(wanted)).mappings())
