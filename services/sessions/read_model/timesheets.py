"""What is paid and billed: the lines of each pay period, and what they come to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, and_, column, false, func, or_, select, true, tuple_, union_all
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.selectable import Subquery

from services.sessions.read_model.tables.pay import pay_periods
from services.sessions.read_model.timesheet_lines import booked_after, lines
from shared.contracts.sessions.pay_period import Total

Found = Sequence[dict[str, Any]]
Place = tuple[date, UUID, int, str]

COLUMNS = (
    "line_id",
    "kind",
    "day",
    "minutes",
    "session_id",
    "amendment",
    "mentor_id",
    "child_id",
    "school_id",
    "assignment_id",
    "cover",
    "reason",
    "booked_at",
    "locked_at",
    "position",
)
"""Of a line, in this order, also in the CSV: a column may be added at the end, none ever moves."""


@dataclass(frozen=True, slots=True)
class Window:
    """Which lines a period has: of days up to `ends_on` and counted up to `counted_to`, but not the previous's."""

    ends_on: date
    counted_to: int | None
    before: "Window | None" = None


async def find_window(db: AsyncConnection, period_id: UUID) -> Window | None:
    """The window of a period; None when there is no such period."""
    p = pay_periods.c
    asked = select(p.period_id, p.ends_on, p.counted_to).order_by(p.ends_on)
    before: Window | None = None
    for row in await db.execute(asked):
        # The period before's own `before` is of no interest: everything earlier lies in its rectangle too.
        window = Window(row.ends_on, row.counted_to, before)
        if row.period_id == period_id:
            return window
        before = Window(row.ends_on, row.counted_to)
    return None


async def timesheet_lines(
    db: AsyncConnection, window: Window, *, mentor_id: UUID | None, after: Place | None, limit: int
) -> Found:
    """The lines of a period by day, each with what it is for."""
    found = _within(window, mentor_id)
    order = (found.c.day, found.c.session_id, found.c.position, found.c.kind)
    asked = select(found).order_by(*order).limit(limit)
    if after is not None:
        asked = asked.where(tuple_(*order) > tuple_(*after))
    return [_named(row) for row in (await db.execute(asked)).mappings()]


async def totals_of(
    db: AsyncConnection, window: Window, *, mentor_id: UUID | None = None
) -> tuple[Total, ...]:
    """What the lines of a period come to, for each kind."""
    found = _within(window, mentor_id)
    asked = (
        select(found.c.kind, func.count().label("n"), func.sum(found.c.minutes).label("minutes"))
        .group_by(found.c.kind)
        .order_by(found.c.kind)
    )
    return tuple(
        Total(kind=row.kind, lines=row.n, minutes=int(row.minutes or 0)) for row in await db.execute(asked)
    )


def _within(window: Window, mentor_id: UUID | None) -> Subquery:
    """The lines whose day and place lie in the window, and not those of what undoes them, or what they undo.

    Two questions, each with an index of its own: the days of the period, and what came late for earlier days.
    """
    day, before = lines.c.day, window.before
    parts = [and_(day <= window.ends_on, _inside(window, lines.c.position))]
    if before is not None:
        parts = [and_(day > before.ends_on, parts[0])]
        if before.counted_to is not None:
            place = lines.c.position
            found = booked_after.bindparams(place=before.counted_to).columns(column("session_id", Uuid))
            late = and_(_inside(window, place), _after(before, place), lines.c.session_id.in_(found))
            parts.append(and_(day <= before.ends_on, late))
    whose = lines.c.mentor_id == mentor_id if mentor_id is not None else true()
    undone = func.coalesce(_own(window, lines.c.pair), False)
    return union_all(*(select(lines).where(part, whose, ~undone) for part in parts)).subquery("found")


def _own(window: Window, position: ColumnElement[int]) -> ColumnElement[bool]:
    """In the window by its place, and by day or place not in that of the period before."""
    inside, before = _inside(window, position), window.before
    if before is None:
        return inside
    return and_(inside, or_(lines.c.day > before.ends_on, _after(before, position)))


def _inside(window: Window, position: ColumnElement[int]) -> ColumnElement[bool]:
    return position.is_not(None) if window.counted_to is None else position <= window.counted_to


def _after(window: Window, position: ColumnElement[int]) -> ColumnElement[bool]:
    return false() if window.counted_to is None else position > window.counted_to


def _named(row: Any) -> dict[str, Any]:
    line_id = f"{row['session_id']}/{row['position']}/{row['kind']}"
    return {name: line_id if name == "line_id" else row[name] for name in COLUMNS}
