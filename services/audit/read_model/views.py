"""Who was shown the record of a child or a mentor, by any service."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, and_, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from services.audit.read_model.tables import concerns, facts
from services.audit.read_model.timelines import Place


async def who_viewed(
    db: AsyncConnection,
    kind: str,
    subject_id: UUID,
    *,
    since: datetime | None,
    until: datetime | None,
    known_at: datetime,
    after: Place | None,
    limit: int,
) -> list[dict[str, Any]]:
    """The views of a subject that were on record at `known_at`, shown in [since, until), the earliest first."""
    place = tuple_(concerns.c.recorded_at, concerns.c.source, concerns.c.position)
    asked = (
        select(facts)
        .join(concerns, and_(facts.c.source == concerns.c.source, facts.c.position == concerns.c.position))
        .where(
            concerns.c.kind == f"{kind}_viewed",
            concerns.c.subject_id == subject_id,
            concerns.c.recorded_at <= known_at,
        )
    )
    if since is not None:
        asked = asked.where(concerns.c.recorded_at >= since)
    if until is not None:
        asked = asked.where(concerns.c.recorded_at < until)
    if after is not None:
        moment, source, position = after
        last = tuple_(literal(moment, DateTime(timezone=True)), literal(source), literal(position))
        asked = asked.where(place > last)
    asked = asked.order_by(concerns.c.recorded_at, concerns.c.source, concerns.c.position).limit(limit)
    return [dict(row) for row in (await db.execute(asked)).mappings()]
