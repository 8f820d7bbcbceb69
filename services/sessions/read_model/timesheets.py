"""What is paid and billed: the lines of each pay period, and what they come to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, literal, null, select, tuple_, union_all
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.selectable import Subquery

from services.sessions.read_model.tables.pay import pay_periods, session_accounts, session_corrections
from shared.contracts.sessions.pay_period import Total

a, c = session_accounts.c, session_corrections.c
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
)
"""Of a line, in this order, also in the CSV: a column may be added at the end, none ever moves."""


@dataclass(frozen=True, slots=True)
class Window:
    """Which lines a period has: of days up to `ends_on` and counted up to `counted_to`, but not the previous's."""

    ends_on: date
    counted_to: int | None
    before: "Window | None" = None


def _line(kind: str, amendment: Any, minutes: Any, reason: Any, at: Any, position: Any) -> Select[Any]:
    return select(
        a.session_id,
        amendment.label("amendment"),
        literal(kind).label("kind"),
        a.day,
        minutes.label("minutes"),
        a.mentor_id,
        a.child_id,
        a.school_id,
        a.assignment_id,
        a.cover,
        reason.label("reason"),
        at.label("booked_at"),
        a.locked_at,
        position.label("position"),
    )


def _lines() -> Subquery:
    """Every line there is. A correction is two: what counted before, taken back, and what counts instead."""
    none, amended = literal(0), session_corrections.join(session_accounts, a.session_id == c.session_id)
    contact = _line("contact", none, a.approved_minutes, null(), a.approved_at, a.approved_position)
    charged = _line(
        "chargeable_cancellation", none, a.cancelled_minutes, a.cancel_reason, a.cancelled_at,
        a.cancelled_position,
    )  # fmt: skip
    taken_back = _line("reversal", c.number, -c.minutes_before, c.reason_code, c.amended_at, c.position)
    instead = _line("amended_contact", c.number, c.minutes, c.reason_code, c.amended_at, c.position)
    # Voided after it was amended n times: the reversal is the n-th and one more.
    amendments = select(func.count()).where(c.session_id == a.session_id).scalar_subquery()
    voided = _line(
        "reversal", amendments + 1, -a.contact_minutes, a.void_reason, a.voided_at, a.voided_position
    )
    return union_all(
        contact.where(a.approved_position.is_not(None)),
        charged.where(a.cancelled_position.is_not(None), a.chargeable),
        taken_back.select_from(amended).where(c.minutes_before > 0),
        instead.select_from(amended),
        voided.where(a.voided_position.is_not(None), (a.approved_position.is_not(None)) | (amendments > 0)),
    ).subquery("lines")


lines = _lines()


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
    order = (lines.c.day, lines.c.session_id, lines.c.amendment, lines.c.kind)
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
    """The line's day and place lie within the window, and not within that of the period before."""
    own = _inside(window)
    return own if window.before is None else and_(own, ~_inside(window.before))


def _inside(window: Window) -> ColumnElement[bool]:
    by_day = lines.c.day <= window.ends_on
    return by_day if window.counted_to is None else and_(by_day, lines.c.position <= window.counted_to)


def _named(row: Any) -> dict[str, Any]:
    line_id = f"{row['session_id']}/{row['amendment']}/{row['kind']}"
    return {name: line_id if name == "line_id" else row[name] for name in COLUMNS}
