"""What is paid and billed: the lines of each pay period, and what they come to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    Text,
    Uuid,
    and_,
    column,
    func,
    select,
    text,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from services.sessions.read_model.tables.pay import pay_periods
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


# Of each line `position` is where it was booked, and `pair` that of what undoes it, or of what it undoes.
# A correction is two lines: what counted before, taken back, and what counts instead.
_LINES = """
    SELECT 'contact' AS kind, m.minutes, m.session_id, 0 AS amendment, NULL AS reason, m.at AS booked_at,
           m.position, u.position AS pair
      FROM session_approvals m LEFT JOIN LATERAL (
           SELECT position FROM session_approvals r
            WHERE r.session_id = m.session_id AND r.returned AND r.position > m.position
            ORDER BY r.position LIMIT 1) u ON true
     WHERE NOT m.returned
    UNION ALL
    SELECT 'reversal', -m.minutes, r.session_id, 0, 'returned', r.at, r.position, m.position
      FROM session_approvals r JOIN LATERAL (
           SELECT * FROM session_approvals m
            WHERE m.session_id = r.session_id AND m.position < r.position
            ORDER BY m.position DESC LIMIT 1) m ON NOT m.returned
     WHERE r.returned
    UNION ALL
    SELECT 'chargeable_cancellation', cancelled_minutes, session_id, 0, cancel_reason, cancelled_at,
           cancelled_position, NULL
      FROM session_accounts WHERE chargeable AND cancelled_position IS NOT NULL
    UNION ALL
    SELECT 'reversal', -minutes_before, session_id, number, reason_code, amended_at, position, NULL
      FROM session_corrections WHERE minutes_before > 0
    UNION ALL
    SELECT 'amended_contact', minutes, session_id, number, reason_code, amended_at, position, NULL
      FROM session_corrections
    UNION ALL
    SELECT 'reversal', -a.contact_minutes, a.session_id, 0, a.void_reason, a.voided_at, a.voided_position, NULL
      FROM session_accounts a
     WHERE a.voided_position IS NOT NULL AND (
           EXISTS (SELECT FROM session_corrections c WHERE c.session_id = a.session_id)
        OR (SELECT NOT m.returned FROM session_approvals m WHERE m.session_id = a.session_id
             ORDER BY m.position DESC LIMIT 1))
"""

lines = (
    text(
        f"SELECT l.*, a.day, a.mentor_id, a.child_id, a.school_id, a.assignment_id, a.cover, a.locked_at "
        f"FROM ({_LINES}) l JOIN session_accounts a USING (session_id)"
    )
    .columns(
        column("kind", Text),
        column("minutes", Integer),
        column("session_id", Uuid),
        column("amendment", Integer),
        column("reason", Text),
        column("booked_at", DateTime(timezone=True)),
        column("position", BigInteger),
        column("pair", BigInteger),
        column("day", Date),
        column("mentor_id", Uuid),
        column("child_id", Uuid),
        column("school_id", Uuid),
        column("assignment_id", Uuid),
        column("cover", Boolean),
        column("locked_at", DateTime(timezone=True)),
    )
    .subquery("lines")
)


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
    order = (lines.c.day, lines.c.session_id, lines.c.position, lines.c.kind)
    asked = select(lines).where(_within(window)).order_by(*order).limit(limit)
    if mentor_id is not None:
        asked = asked.where(lines.c.mentor_id == mentor_id)
    if after is not None:
        asked = asked.where(tuple_(*order) > tuple_(*after))
    return [_named(row) for row in (await db.execute(asked)).mappings()]


async def totals_of(
    db: AsyncConnection, window: Window, *, mentor_id: UUID | None = None
) -> tuple[Total, ...]:
    """What the lines of a period come to, for each kind."""
    asked = (
        select(lines.c.kind, func.count().label("n"), func.sum(lines.c.minutes).label("minutes"))
        .where(_within(window))
        .group_by(lines.c.kind)
        .order_by(lines.c.kind)
    )
    if mentor_id is not None:
        asked = asked.where(lines.c.mentor_id == mentor_id)
    return tuple(
        Total(kind=row.kind, lines=row.n, minutes=int(row.minutes or 0)) for row in await db.execute(asked)
    )


def _within(window: Window) -> ColumnElement[bool]:
    """The line's day and place lie within the window, and those of what undoes it, or what it undoes, do not."""
    return and_(_own(window, lines.c.position), ~func.coalesce(_own(window, lines.c.pair), False))


def _own(window: Window, position: ColumnElement[int]) -> ColumnElement[bool]:
    """In the window, and not in that of the period before."""
    own = _inside(window, position)
    return own if window.before is None else and_(own, ~_inside(window.before, position))


def _inside(window: Window, position: ColumnElement[int]) -> ColumnElement[bool]:
    by_place: ColumnElement[bool] = position.is_not(None)
    if window.counted_to is not None:
        by_place = and_(by_place, position <= window.counted_to)
    return and_(lines.c.day <= window.ends_on, by_place)


def _named(row: Any) -> dict[str, Any]:
    line_id = f"{row['session_id']}/{row['position']}/{row['kind']}"
    return {name: line_id if name == "line_id" else row[name] for name in COLUMNS}
