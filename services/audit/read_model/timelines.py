"""Every fact that concerns somebody, across services, in the order in which they were recorded."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    DateTime,
    Select,
    Uuid,
    and_,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from services.audit.read_model.tables import concerns, facts, supports

Place: TypeAlias = tuple[datetime, str, int]
"""Where a page ended: recorded_at, source and position of its last fact."""

OUT_OF_STEP = 1000

Found: TypeAlias = Sequence[dict[str, Any]]


async def timeline_of_child(
    db: AsyncConnection, child_id: UUID, *, known_at: datetime, after: Place | None, limit: int
) -> Found:
    """What concerns the child, and what concerned its mentors (and no child at all) while they were assigned.

    As known at `known_at`: facts recorded up to then, and assignments as they were on record then. `through`
    is the mentor by whom a fact belongs here, or None when it concerns the child itself.
    """
    own = _concerning("child", child_id, known_at)
    through = _through_mentors(child_id, known_at)
    return await _page(db, union_all(own, through), after, limit)


async def timeline_of_mentor(
    db: AsyncConnection, mentor_id: UUID, *, known_at: datetime, after: Place | None, limit: int
) -> Found:
    """What concerns the mentor, recorded up to `known_at`."""
    return await _page(db, _concerning("mentor", mentor_id, known_at), after, limit)


def _concerning(kind: str, subject_id: UUID, known_at: datetime) -> Select[Any]:
    return select(
        concerns.c.recorded_at, concerns.c.source, concerns.c.position, null().cast(Uuid()).label("through")
    ).where(concerns.c.kind == kind, concerns.c.subject_id == subject_id, concerns.c.recorded_at <= known_at)


def _through_mentors(child_id: UUID, known_at: datetime) -> Select[Any]:
    of_a_child = concerns.alias("of_a_child")
    about_some_child = exists().where(
        of_a_child.c.source == concerns.c.source,
        of_a_child.c.position == concerns.c.position,
        of_a_child.c.kind == "child",
    )
    # An end that was not on record at `known_at` leaves nothing out: `until` is never before its recording.
    while_assigned: ColumnElement[bool] = and_(
        concerns.c.recorded_at >= supports.c.since,
        or_(supports.c.until.is_(None), concerns.c.recorded_at < supports.c.until),
    )
    return (
        select(
            concerns.c.recorded_at,
            concerns.c.source,
            concerns.c.position,
            supports.c.mentor_id.label("through"),
        )
        .join(
            supports,
            and_(concerns.c.kind == "mentor", concerns.c.subject_id == supports.c.mentor_id, while_assigned),
        )
        .where(
            supports.c.child_id == child_id,
            supports.c.recorded_at <= known_at,
            concerns.c.recorded_at <= known_at,
            ~about_some_child,
        )
        .distinct()
    )


async def _page(
    db: AsyncConnection, asked: Select[Any] | CompoundSelect[Any], after: Place | None, limit: int
) -> Found:
    places = asked.subquery("places")
    order = tuple_(places.c.recorded_at, places.c.source, places.c.position)
    wanted = select(places)
    if after is not None:
        moment, source, position = after
        wanted = wanted.where(
            order > tuple_(literal(moment, DateTime(timezone=True)), literal(source), literal(position))
        )
    wanted = wanted.order_by(places.c.recorded_at, places.c.source, places.c.position).limit(limit)
    chosen = wanted.subquery("chosen")
    whole = (
        select(facts, chosen.c.through)
        .join(chosen, and_(facts.c.source == chosen.c.source, facts.c.position == chosen.c.position))
        .order_by(facts.c.recorded_at, facts.c.source, facts.c.position)
    )
    return [dict(row) for row in (await db.execute(whole)).mappings()]


async def positions(db: AsyncConnection, known_at: datetime, sources: Iterable[str]) -> dict[str, int]:
    """Up to which position of each source the facts recorded until then reach."""
    found: dict[str, int] = {}
    for source in sorted(sources):
        # Positions follow the order of commits, which differs from that of recording by a few facts at most.
        latest = (
            select(facts.c.position)
            .where(facts.c.source == source, facts.c.recorded_at <= known_at)
            .order_by(facts.c.recorded_at.desc(), facts.c.position.desc())
            .limit(OUT_OF_STEP)
            .subquery()
        )
        position = await db.scalar(select(func.max(latest.c.position)))
        if position is not None:
            found[source] = position
    return found
