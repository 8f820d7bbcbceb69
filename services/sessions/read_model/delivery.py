"""What was specified for a child and what was delivered, as it is or was known."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.sessions.domain.child_history import fold
from services.sessions.domain.delivery import Delivery, deliver, together, weeks
from services.sessions.read_model.calendars import school_days
from services.sessions.read_model.tables.pay import child_history
from shared.contracts.sessions.calendar import Term


@dataclass(frozen=True, slots=True)
class Delivered:
    """The whole span, its weeks, and its part of each term."""

    whole: Delivery
    weeks: tuple[Delivery, ...]
    terms: tuple[tuple[Term, Delivery], ...]


async def delivery_of(
    db: AsyncConnection,
    child_id: UUID,
    region: str,
    since: date,
    until: date,
    *,
    now: datetime,
    known_at: datetime | None = None,
) -> Delivered | None:
    """Specified against delivered from `since` to `until`, both included. None when nothing is known of the child."""
    h = child_history.c
    asked = select(child_history).where(h.child_id == child_id)
    if known_at is not None:
        asked = asked.where(h.recorded_at <= known_at)
    # Each service's facts in its own order; between the two nothing depends on which came first.
    rows = (await db.execute(asked.order_by(h.source, h.position))).mappings().all()
    if not rows:
        return None
    history = fold(child_id, ((row["fact"], row["told"]) for row in rows))
    # The school of today: a child that moved keeps its history, but the days are reckoned by the new school's.
    school_ids = [row["told"]["school_id"] for row in rows if "school_id" in row["told"]]
    school = await school_days(db, UUID(school_ids[-1]) if school_ids else child_id, region, known_at)

    def parts(first: date, last: date) -> tuple[Delivery, ...]:
        return tuple(deliver(history, school, *week, as_of=known_at or now) for week in weeks(first, last))

    by_week = parts(since, until)
    by_term = tuple(
        (term, together(parts(max(term.starts_on, since), min(term.ends_on, until))))
        for term in school.terms(since, until)
    )
    return Delivered(together(by_week), by_week, by_term)
