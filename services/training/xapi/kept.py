"""Statements as they are kept: found by id through the claims of their deliveries, or by what they are about."""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, text, true
from sqlalchemy.ext.asyncio import AsyncConnection

from services.training.xapi.delivery import LearningFact, claim_of
from services.training.xapi.tables import learned, statements
from shared.contracts.training.learning import LearningStated, LearningVoided
from shared.kernel.envelope import read
from shared.kernel.running import Running
from shared.kernel.sealing.batches import facts_in
from shared.kernel.store import StoredEvent


@dataclass(frozen=True, slots=True)
class Kept:
    """A statement's fact, opened as far as it can be; when it was stored, and by whom it was stated."""

    fact: LearningFact
    stored_at: datetime
    stated_by: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list is asked for; None is everything."""

    mentor_id: UUID | None = None
    verb: str | None = None
    activity: str | None = None
    registration: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    ascending: bool = False
    after: int | None = None
    limit: int = 100


async def deliveries_of(db: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Statement -> the stream that has it, as of now: claims are taken with the facts."""
    keys = {claim_of(one): one for one in ids}
    rows = await db.execute(
        text("SELECT key, owner FROM claims WHERE key = ANY(:keys)"), {"keys": list(keys)}
    )
    return {keys[row.key]: row.owner for row in rows}


async def listed(db: AsyncConnection, asked: Asked) -> Sequence[dict[str, Any]]:
    """Where the statements are that were not voided, latest stored first. One about a match is a match itself.

    One more than the limit, when there are more.
    """
    target = statements.alias("target")
    narrowed = _matches(statements, asked)
    if narrowed:
        about = select(target.c.statement_id).where(*_matches(target, asked))
        wanted: ColumnElement[bool] = or_(and_(*narrowed), statements.c.refers_to.in_(about))
    else:
        wanted = true()
    place = statements.c.position
    found = (
        select(statements)
        .where(wanted, place.is_not(None), statements.c.voided_by.is_(None))
        .order_by(place if asked.ascending else place.desc())
        .limit(asked.limit + 1)
    )
    if asked.since is not None:
        found = found.where(statements.c.stored_at > asked.since)
    if asked.until is not None:
        found = found.where(statements.c.stored_at <= asked.until)
    if asked.after is not None:
        found = found.where(place > asked.after if asked.ascending else place < asked.after)
    return [dict(row) for row in (await db.execute(found)).mappings()]


async def place_of(db: AsyncConnection, statement_id: UUID) -> dict[str, Any] | None:
    """Where one statement is, and whether it was voided; None when it is not known, or not yet."""
    asked = select(statements).where(
        statements.c.statement_id == statement_id, statements.c.position.is_not(None)
    )
    row = (await db.execute(asked)).mappings().one_or_none()
    return dict(row) if row else None


async def consequence_of(db: AsyncConnection, statement_id: UUID) -> dict[str, Any] | None:
    """What followed from a statement; None when the statement is not known."""
    asked = (
        select(statements, learned.c.enrolment_id, learned.c.outcome, learned.c.certification_id)
        .join(learned, learned.c.fact_id == statements.c.fact_id, isouter=True)
        .where(statements.c.statement_id == statement_id, statements.c.position.is_not(None))
    )
    row = (await db.execute(asked)).mappings().first()
    return dict(row) if row else None


async def opened(running: Running, streams: Iterable[UUID]) -> dict[UUID, Kept]:
    """Every statement of these deliveries, by its id."""
    loads = (running.store.load(stream) for stream in dict.fromkeys(streams))
    events: list[StoredEvent] = [event for loaded in await asyncio.gather(*loads) for event in loaded]
    facts = await facts_in(running.sealer, [event.state for event in events], insist=False)
    found = {}
    for event, fact in zip(events, facts, strict=True):
        if isinstance(fact, LearningStated | LearningVoided):
            envelope = read(event.state)
            found[fact.statement_id] = Kept(fact, envelope.time, envelope.actor)
    return found


def _matches(table: Any, asked: Asked) -> list[ColumnElement[bool]]:
    wanted = {name: getattr(asked, name) for name in ("mentor_id", "verb", "activity", "registration")}
    return [table.c[name] == value for name, value in wanted.items() if value is not None]
