"""Every fact that concerns somebody, across services, in the order in which they were recorded."""

from collections.abc import Mapping, Sequence
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
    literal,
    not_,
    null,
    or_,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from services.audit.read_model.known import Known
from services.audit.read_model.known import positions as positions
from services.audit.read_model.tables import concerns, facts, supports

Place: TypeAlias = tuple[datetime, str, int]
"""Where a page ended: recorded_at, source and position of its last fact."""

Found: TypeAlias = Sequence[dict[str, Any]]

_IN_ORDER = (concerns.c.recorded_at, concerns.c.source, concerns.c.position)


async def timeline_of_child(
    db: AsyncConnection,
    child_id: UUID,
    *,
    known_at: datetime,
    after: Place | None,
    limit: int,
    up_to: Mapping[str, int] | None = None,
) -> Found:
    """What concerns the child, and what concerned its mentors (and no child at all) while they were assigned.

    As known at `known_at`: facts recorded up to then, and assignments as they were on record then. `through`
    is the mentor by whom a fact belongs here, or None when it concerns the child itself.
    """
    known = Known(known_at, up_to)
    own = _concerning("child", child_id, known, after, limit)
    through = _through_mentors(child_id, known, after, limit)
    return await _page(db, union_all(own, through), limit)


async def timeline_of_mentor(
    db: AsyncConnection,
    mentor_id: UUID,
    *,
    known_at: datetime,
    after: Place | None,
    limit: int,
    up_to: Mapping[str, int] | None = None,
) -> Found:
    """What concerns the mentor, recorded up to `known_at`."""
    return await _page(db, _concerning("mentor", mentor_id, Known(known_at, up_to), after, limit), limit)


def _concerning(kind: str, subject_id: UUID, known: Known, after: Place | None, limit: int) -> Select[Any]:
    asked = (
        select(
            concerns.c.recorded_at,
            concerns.c.source,
            concerns.c.position,
            null().cast(Uuid()).label("through"),
        )
        .where(
            concerns.c.kind == kind, concerns.c.subject_id == subject_id, known.holds(concerns), _since(after)
        )
        .order_by(*_IN_ORDER)
        .limit(limit)
    )
    return select(asked.subquery("own"))


def _through_mentors(child_id: UUID, known: Known, after: Place | None, limit: int) -> Select[Any]:
    """Each assignment's part is found and cut by itself: the index of a mentor's facts has them in order."""
    # An end that was not on record at `known_at` leaves nothing out: `until` is never before its recording.
    over = concerns.c.recorded_at >= supports.c.until
    meanwhile = (
        select(concerns.c.recorded_at, concerns.c.source, concerns.c.position)
        .where(
            concerns.c.kind == "mentor",
            concerns.c.subject_id == supports.c.mentor_id,
            concerns.c.recorded_at >= supports.c.since,
            or_(supports.c.until.is_(None), not_(over), not_(_told("AssignmentEnded", known))),
            known.holds(concerns),
            _since(after),
            not_(concerns.c.about_child),
        )
        .order_by(*_IN_ORDER)
        .limit(limit)
        .correlate(supports)
        .lateral("meanwhile")
    )
    return (
        select(
            meanwhile.c.recorded_at,
            meanwhile.c.source,
            meanwhile.c.position,
            supports.c.mentor_id.label("through"),
        )
        .select_from(supports.join(meanwhile, true()))
        .where(
            supports.c.child_id == child_id,
            supports.c.recorded_at <= known.at,
            _told("MentorAssigned", known),
        )
        .distinct()
    )


def _told(name: str, known: Known) -> ColumnElement[bool]:
    """Whether this fact of the assignment was known; only asked where more than its time decides."""
    if known.up_to is None:
        return true()
    return (
        select(facts.c.id)
        .where(
            facts.c.stream == supports.c.assignment_id,
            facts.c.type.startswith(f"assignments.{name}.v"),
            known.holds(facts),
        )
        .correlate(supports)
        .exists()
    )


def _since(after: Place | None) -> ColumnElement[bool]:
    if after is None:
        return true()
    moment, source, position = after
    last = tuple_(literal(moment, DateTime(timezone=True)), literal(source), literal(position))
    return tuple_(concerns.c.recorded_at, concerns.c.source, concerns.c.position) > last


async def _page(db: AsyncConnection, asked: Select[Any] | CompoundSelect[Any], limit: int) -> Found:
    places = asked.subquery("places")
    wanted = select(places).order_by(places.c.recorded_at, places.c.source, places.c.position).limit(limit)
    chosen = wanted.subquery("chosen")
    whole = (
        select(facts, chosen.c.through)
        .join(chosen, and_(facts.c.source == chosen.c.source, facts.c.position == chosen.c.position))
        .order_by(facts.c.recorded_at, facts.c.source, facts.c.position)
    )
    return [dict(row) for row in (await db.execute(whole)).mappings()]
