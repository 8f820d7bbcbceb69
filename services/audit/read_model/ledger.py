"""Single facts and lists of them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    DateTime,
    LargeBinary,
    and_,
    func,
    literal,
    not_,
    or_,
    select,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from services.audit.read_model.tables import facts
from services.audit.read_model.timelines import Place
from shared.contracts.fact import contracts

# That somebody is told of a concern tells of the concern.
TELLING_OF_WHAT = ("Requested", "Escalated")
TOLD_OF_CONCERN = b'"type":"safeguarding_concern"'


def may_be_shown(restricted: bool) -> ColumnElement[bool]:
    """What may be shown to whom few things are hidden from (`restricted`), or to anybody else who may ask."""
    if restricted:
        return literal(True)
    topics = [contract.topic for contract in contracts() if contract.restricted]
    told = and_(
        or_(*(facts.c.type.startswith(f"notifications.Notification{what}.") for what in TELLING_OF_WHAT)),
        func.position(literal(TOLD_OF_CONCERN, LargeBinary).op("IN")(facts.c.body)) > 0,
    )
    return not_(or_(facts.c.type.in_(topics), told))


async def find_fact(
    db: AsyncConnection, source: str, position: int, restricted: bool = False
) -> dict[str, Any] | None:
    """One fact; None also when it is restricted and may not be shown."""
    asked = select(facts).where(
        facts.c.source == source, facts.c.position == position, may_be_shown(restricted)
    )
    row = (await db.execute(asked)).mappings().one_or_none()
    return dict(row) if row else None


async def recorded_facts(
    db: AsyncConnection,
    *,
    source: str | None,
    type: str | None,
    stream: UUID | None,
    correlation_id: str | None,
    after: Place | None,
    limit: int,
    restricted: bool = False,
) -> Sequence[dict[str, Any]]:
    """Facts in the order in which they were recorded; restricted ones only when they may be shown."""
    asked = select(facts).where(may_be_shown(restricted))
    for column, value in (
        (facts.c.source, source),
        (facts.c.type, type),
        (facts.c.stream, stream),
        (facts.c.correlation_id, correlation_id),
    ):
        if value is not None:
            asked = asked.where(column == value)
    if after is not None:
        moment, last_source, position = after
        place = tuple_(facts.c.recorded_at, facts.c.source, facts.c.position)
        asked = asked.where(
            place > tuple_(literal(moment, DateTime(timezone=True)), literal(last_source), literal(position))
        )
    asked = asked.order_by(facts.c.recorded_at, facts.c.source, facts.c.position).limit(limit)
    return [dict(row) for row in (await db.execute(asked)).mappings()]
