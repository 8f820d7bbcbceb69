"""How a mentor stands, on what evidence, and who stands how."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.training.read_model.tables import evidence, mentors
from shared.contracts.eligibility import NAMES, REQUIRED, Evidence, shortfalls


async def how_stands(db: AsyncConnection, mentor_id: UUID, on: date) -> dict[str, Any] | None:
    """Each required item on that day: its state, its proofs with their dates; and what falls short.

    None when the mentor was neither engaged nor ever showed anything.
    """
    found = await db.execute(select(mentors).where(mentors.c.mentor_id == mentor_id))
    mentor = found.mappings().one_or_none()
    if mentor is None:
        return None
    asked = select(evidence).where(evidence.c.mentor_id == mentor_id).order_by(evidence.c.valid_from)
    proofs = [dict(row) for row in (await db.execute(asked)).mappings()]
    shown = [_evidence(proof) for proof in proofs]
    lacking = {shortfall.item: shortfall for shortfall in shortfalls(shown, on)}
    items = [
        {
            "item": item,
            "name": NAMES[item],
            "state": lacking[item].status if item in lacking else "valid",
            "since": lacking[item].since if item in lacking else None,
            "valid_until": _last_day(shown, item, on),
            "proofs": [proof for proof in proofs if proof["item"] == item],
        }
        for item in REQUIRED
    ]
    short = [
        {"item": found.item, "status": found.status, "since": found.since, "detail": str(found)}
        for found in lacking.values()
    ]
    return {**mentor, "on": on, "deployable": not lacking, "items": items, "shortfalls": short}


async def who_stands(
    db: AsyncConnection, *, state: str | None, after: UUID | None, limit: int
) -> Sequence[dict[str, Any]]:
    """Mentors by id, with how they stand as training last decided."""
    asked = select(mentors).order_by(mentors.c.mentor_id).limit(limit)
    if state is not None:
        asked = asked.where(mentors.c.state == state)
    if after is not None:
        asked = asked.where(mentors.c.mentor_id > after)
    return [dict(row) for row in (await db.execute(asked)).mappings()]


def _evidence(proof: dict[str, Any]) -> Evidence:
    return Evidence(proof["item"], proof["valid_from"], proof["valid_until"], proof["withdrawn_on"])


def _last_day(shown: Sequence[Evidence], item: str, on: date) -> date | None:
    """The last day of what counts on that day; None when nothing does, or it is for good."""
    ends = [proof.valid_until or date.max for proof in shown if proof.item == item and proof.counts(on)]
    last = max(ends, default=date.max)
    return None if last == date.max else last
