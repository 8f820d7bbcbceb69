"""Questions of the records office: where erasures and holds stand, and what a decision or a certificate needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Select, and_, literal, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from services.audit.read_model.tables import facts
from services.audit.records.domain.commands import Subject
from services.audit.records.tables import approvals, erasures, forgotten, holds, people, recipients


@dataclass(frozen=True, slots=True)
class Standing:
    """What a decision needs to know of a person: since when they are gone, and who is told on their account."""

    ended_on: date | None
    recipient_ids: tuple[UUID, ...]


async def standing(db: AsyncConnection, subject: Subject) -> Standing:
    """Of whom nothing is known yet counts as being with us: nobody is forgotten because we are late to hear."""
    mine = and_(people.c.kind == subject.kind, people.c.person_id == subject.id)
    row = (await db.execute(select(people.c.ended_on).where(mine))).one_or_none()
    if subject.kind == "recipient":
        return Standing(row.ended_on if row else None, ())
    told = recipients.c.child_id if subject.kind == "child" else recipients.c.mentor_id
    found = await db.execute(
        select(recipients.c.recipient_id).where(told == subject.id).order_by("recipient_id")
    )
    return Standing(row.ended_on if row else None, tuple(found.scalars()))


async def erasure(db: AsyncConnection, erasure_id: UUID) -> dict[str, Any] | None:
    """One erasure, with those who approved its latest decision and those who have forgotten."""
    found = await db.execute(select(erasures).where(erasures.c.erasure_id == erasure_id))
    row = found.mappings().one_or_none()
    return None if row is None else (await _with_people(db, [dict(row)]))[0]


async def erasures_of(
    db: AsyncConnection,
    *,
    person_id: UUID | None,
    certified: bool,
    commitment: str | None = None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[dict[str, Any]]:
    """Erasures, the oldest first: all, a person's, or those with a certificate in the order of these.

    A certificate is told of when its fact can be shown: the ledger is another read model and may be behind.
    """
    moment = erasures.c.certified_at if certified else erasures.c.requested_at
    asked = select(erasures).where(moment.is_not(None))
    if certified:
        shown = and_(facts.c.source == "audit", facts.c.position == erasures.c.certificate)
        asked = asked.where(select(facts.c.position).where(shown).exists())
    if person_id is not None:
        asked = asked.where(erasures.c.person_id == person_id)
    if commitment is not None:
        asked = asked.where(erasures.c.commitment == commitment)
    rows = await db.execute(_page(asked, moment, erasures.c.erasure_id, after, limit))
    return await _with_people(db, [dict(row) for row in rows.mappings()])


async def holds_on(
    db: AsyncConnection,
    *,
    person_id: UUID | None,
    standing_only: bool,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[dict[str, Any]]:
    """Legal holds, the oldest first."""
    asked = select(holds)
    if person_id is not None:
        asked = asked.where(holds.c.person_id == person_id)
    if standing_only:
        asked = asked.where(holds.c.lifted_at.is_(None))
    rows = await db.execute(_page(asked, holds.c.placed_at, holds.c.hold_id, after, limit))
    return [dict(row) for row in rows.mappings()]


async def hold(db: AsyncConnection, hold_id: UUID) -> dict[str, Any] | None:
    """One legal hold."""
    row = (await db.execute(select(holds).where(holds.c.hold_id == hold_id))).mappings().one_or_none()
    return dict(row) if row else None


async def to_certify(db: AsyncConnection, recorded: Any) -> Mapping[str, Any] | None:
    """The erasure that a fact of it belongs to, as `erasure` gives it; a follower has its first one's ground."""
    found = await erasure(db, recorded.fact.erasure_id)
    if found and found["follows"]:
        first = await erasure(db, found["follows"])
        return {**found, "ground": first["ground"]} if first else None
    return found


async def _with_people(db: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    ids = [row["erasure_id"] for row in rows]
    agreed = await db.execute(
        select(approvals).where(approvals.c.erasure_id.in_(ids)).order_by("approved_at", "approved_by")
    )
    heard = await db.execute(select(forgotten).where(forgotten.c.erasure_id.in_(ids)).order_by("service"))
    by_erasure: dict[UUID, dict[str, Any]] = {
        row["erasure_id"]: {**row, "approved_by": [], "acknowledged": []} for row in rows
    }
    for one in agreed.mappings():
        found = by_erasure[one["erasure_id"]]
        # A decision taken anew is to be approved anew.
        if found["decided_at"] and one["approved_at"] >= found["decided_at"]:
            found["approved_by"].append(one["approved_by"])
    for one in heard.mappings():
        by_erasure[one["erasure_id"]]["acknowledged"].append(dict(one))
    return list(by_erasure.values())


def _page(
    asked: Select[Any], moment: Any, last: Any, after: tuple[datetime, UUID] | None, limit: int
) -> Select[Any]:
    if after is not None:
        at, key = after
        begun = literal(at, DateTime(timezone=True))
        asked = asked.where(or_(moment > begun, and_(moment == begun, tuple_(last) > tuple_(literal(key)))))
    return asked.order_by(moment, last).limit(limit)
