"""Which sessions there are, and everything that was said of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Table, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from services.sessions.read_model.tables import amendments, breaches, logs, ratings, returns, sessions

Found = Sequence[dict[str, Any]]
Place = tuple[datetime, UUID]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which sessions are asked for; None is any. Days are those at the school, `since` and `until` included."""

    mentor_id: UUID | None = None
    child_id: UUID | None = None
    school_id: UUID | None = None
    assignment_id: UUID | None = None
    day: date | None = None
    state: str | None = None
    late: bool | None = None
    cover: bool | None = None
    since: date | None = None
    until: date | None = None


async def planned_sessions(db: AsyncConnection, wanted: Wanted, *, after: Place | None, limit: int) -> Found:
    """Sessions in the order of their start."""
    order = (sessions.c.starts_at, sessions.c.session_id)
    asked = _asked(select(sessions), wanted).order_by(*order).limit(limit)
    if after is not None:
        asked = asked.where(tuple_(*order) > tuple_(*after))
    return [dict(row) for row in (await db.execute(asked)).mappings()]


async def find_session(db: AsyncConnection, session_id: UUID) -> dict[str, Any] | None:
    """One session as it counts now."""
    found = await db.execute(select(sessions).where(sessions.c.session_id == session_id))
    row = found.mappings().one_or_none()
    return dict(row) if row else None


async def whole_session(db: AsyncConnection, session_id: UUID) -> dict[str, Any] | None:
    """One session with all that was said of it: every log, return, amendment, rating and refused attempt."""
    found = await find_session(db, session_id)
    if found is None:
        return None
    return {
        **found,
        "amendment_count": found["amendments"],
        "logs": await _said(db, logs, session_id, "submission"),
        "returns": await _said(db, returns, session_id, "returned_at"),
        "amendments": await _said(db, amendments, session_id, "number"),
        "outcomes": await _said(db, ratings, session_id, "rated_at"),
        "breaches": await _said(db, breaches, session_id, "attempted_at"),
    }


def _asked(asked: Select[Any], wanted: Wanted) -> Select[Any]:
    for name in Wanted.__dataclass_fields__:
        value = getattr(wanted, name)
        if value is None or name in ("since", "until"):
            continue
        asked = asked.where(sessions.c[name] == value)
    if wanted.since is not None:
        asked = asked.where(
            sessions.c.day >= wanted.since, sessions.c.starts_at >= _morning(wanted.since, -1)
        )
    if wanted.until is not None:
        asked = asked.where(sessions.c.day <= wanted.until, sessions.c.starts_at < _morning(wanted.until, 2))
    return asked


def _morning(day: date, days: int) -> datetime:
    """Midnight (UTC) so many days off: no time zone is further away. The order by start has an index, days have not."""
    return datetime.combine(day, time(), UTC) + timedelta(days=days)


async def _said(db: AsyncConnection, table: Table, session_id: UUID, order: str) -> Found:
    asked = select(table).where(table.c.session_id == session_id).order_by(table.c[order])
    return [dict(row) for row in (await db.execute(asked)).mappings()]
