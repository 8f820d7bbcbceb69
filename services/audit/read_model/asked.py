"""The facts that an auditor's question rests on: about somebody, of some kinds, on record at a moment."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import ARRAY, BindParameter, Select, Uuid, and_, any_, literal, select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from services.audit.read_model.known import Known
from services.audit.read_model.tables import concerns, facts, supports
from shared.contracts.fact import Fact, contract_of

Rows: TypeAlias = list[dict[str, Any]]

Kinds: TypeAlias = Collection[type[Fact]]

_SHOWN = (facts.c.source, facts.c.position, facts.c.recorded_at, facts.c.body)
_IN_ORDER = (facts.c.recorded_at, facts.c.source, facts.c.position)


VERSIONS = range(1, 10)


def topics(kinds: Kinds) -> list[str]:
    """The types of these facts in every version, also those that this program is too old to read: they are told."""
    names = (contract_of(kind).topic.rpartition(".v")[0] for kind in kinds)
    return [f"{name}.v{version}" for name in names for version in VERSIONS]


async def about(db: AsyncConnection, kind: str, subjects: Iterable[UUID], kinds: Kinds, known: Known) -> Rows:
    """Facts of these kinds that concern any of the subjects, as far as they were known."""
    asked = (
        select(*_SHOWN)
        .distinct()
        .join(concerns, and_(facts.c.source == concerns.c.source, facts.c.position == concerns.c.position))
        .where(
            concerns.c.kind == kind,
            concerns.c.subject_id == any_(_ids(subjects)),
            known.holds(concerns),
            facts.c.type.in_(topics(kinds)),
        )
        .order_by(*_IN_ORDER)
    )
    return await _rows(db, asked)


async def of_kinds(
    db: AsyncConnection, kinds: Kinds, since: datetime | None, known: Known, limit: int | None = None
) -> Rows:
    """Facts of these kinds recorded at `since` or later, as far as they were known."""
    asked = select(*_SHOWN).where(facts.c.type.in_(topics(kinds)), known.holds(facts))
    if since is not None:
        asked = asked.where(facts.c.recorded_at >= since)
    return await _rows(db, asked.order_by(*_IN_ORDER).limit(limit))


async def of_streams(db: AsyncConnection, streams: Sequence[UUID], kinds: Kinds, known: Known) -> Rows:
    """Facts of these kinds in these streams, as far as they were known."""
    asked = (
        select(*_SHOWN)
        .where(
            facts.c.stream == any_(_ids(streams)),
            facts.c.type.in_(topics(kinds)),
            known.holds(facts),
        )
        .order_by(*_IN_ORDER)
    )
    return await _rows(db, asked)


async def of_child(db: AsyncConnection, child_id: UUID, known: Known) -> Rows:
    """All that a child's state rests on: what concerns it, and all that training knows of its mentors."""
    mentors = select(supports.c.mentor_id).where(
        supports.c.child_id == child_id, supports.c.recorded_at <= known.at
    )
    place = select(concerns.c.source, concerns.c.position).where(known.holds(concerns))
    own = place.where(concerns.c.kind == "child", concerns.c.subject_id == child_id)
    of_mentors = place.where(
        concerns.c.kind == "mentor", concerns.c.subject_id.in_(mentors), concerns.c.source == "training"
    )
    places = union(own, of_mentors).subquery()
    asked = (
        select(*_SHOWN)
        .join(places, and_(facts.c.source == places.c.source, facts.c.position == places.c.position))
        .order_by(*_IN_ORDER)
    )
    return await _rows(db, asked)


def _ids(found: Iterable[UUID]) -> BindParameter[Any]:
    """One array and not a parameter for each id: a month has 90,000 sessions, and a statement 65,535 parameters."""
    return literal([*found], ARRAY(Uuid))


async def _rows(db: AsyncConnection, asked: Select[Any]) -> Rows:
    return [dict(row) for row in (await db.execute(asked)).mappings()]
