"""How many minutes of contact were verified, by ratio; and how many are still to be."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.sessions.read_model.tables import sessions

VERIFIED = ("approved", "locked", "amended")
CLAIMED = ("submitted",)


@dataclass(frozen=True, slots=True)
class Whose:
    """Sessions of these days at the school, both included; None is any."""

    since: date
    until: date
    mentor_id: UUID | None = None
    child_id: UUID | None = None
    school_id: UUID | None = None


async def contact_hours(db: AsyncConnection, whose: Whose) -> dict[str, Any]:
    """Minutes by ratio: `verified` by somebody other than who logged them, and `claimed` by a log alone."""
    c = sessions.c
    verified = c.state.in_(VERIFIED)
    asked = (
        select(verified, c.ratio, func.count(), func.sum(c.contact_minutes))
        .where(c.state.in_((*VERIFIED, *CLAIMED)), c.day.between(whose.since, whose.until))
        .group_by(verified, c.ratio)
    )
    for name in ("mentor_id", "child_id", "school_id"):
        if (value := getattr(whose, name)) is not None:
            asked = asked.where(c[name] == value)
    told = {kind: {"sessions": 0, "one_to_one": 0, "group_with_child": 0} for kind in ("verified", "claimed")}
    for is_verified, ratio, count, minutes in await db.execute(asked):
        of = told["verified" if is_verified else "claimed"]
        of["sessions"] += count
        of[ratio] += minutes
    return told
