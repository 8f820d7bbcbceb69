"""Which pay periods there are, what a period would come to now, and what is left to settle or to lock."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from services.sessions.domain.payroll import NAMED, Counted
from services.sessions.read_model.tables.pay import pay_periods, session_accounts
from services.sessions.read_model.timesheets import Window, find_window, totals_of
from shared.contracts.sessions.pay_period import PayPeriodClosed
from shared.kernel.recorded import Recorded

a, p = session_accounts.c, pay_periods.c
Found = Sequence[dict[str, Any]]
Place = tuple[date, UUID]
UNSETTLED = ("coming", "begun", "logged")
"""States of a session that is neither approved nor settled otherwise (cancelled, missed, voided, locked)."""


async def periods(db: AsyncConnection, *, after: Place | None, limit: int) -> Found:
    """Pay periods, the latest first."""
    order = (p.ends_on, p.period_id)
    asked = select(pay_periods).order_by(*(column.desc() for column in order)).limit(limit)
    if after is not None:
        asked = asked.where(tuple_(*order) < tuple_(*after))
    return [dict(row) for row in (await db.execute(asked)).mappings()]


async def find_period(db: AsyncConnection, period_id: UUID) -> dict[str, Any] | None:
    """One pay period."""
    found = await db.execute(select(pay_periods).where(p.period_id == period_id))
    row = found.mappings().one_or_none()
    return dict(row) if row else None


async def count(db: AsyncConnection, period_id: UUID) -> Counted | None:
    """What a period comes to by all that is known now, and up to which position that is."""
    # Lines and position have to be of one moment.
    await db.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
    window = await find_window(db, period_id)
    if window is None:
        return None
    position = await db.scalar(
        text("SELECT position FROM checkpoints WHERE projection = 'session_accounts' AND source = 'sessions'")
    )
    number, examples = await unsettled(db, window)
    return Counted(await totals_of(db, window), int(position or 0), number, examples)


async def unsettled(db: AsyncConnection, window: Window) -> tuple[int, tuple[dict[str, Any], ...]]:
    """How many sessions up to the period's last day are still to be settled, and the first of them."""
    which = [a.state.in_(UNSETTLED), a.day <= window.ends_on]
    number = await db.scalar(select(func.count()).select_from(session_accounts).where(*which))
    asked = select(a.session_id, a.state, a.day, a.mentor_id, a.child_id).where(*which)
    rows = await db.execute(asked.order_by(a.day, a.session_id).limit(NAMED))
    return int(number or 0), tuple(_example(dict(row)) for row in rows.mappings())


async def to_lock(db: AsyncConnection, recorded: Recorded[PayPeriodClosed]) -> tuple[UUID, ...]:
    """The approved sessions that were counted in when this period was closed."""
    closed = recorded.fact
    which = (a.state == "approved", a.day <= closed.ends_on, a.approved_position <= closed.counted_to)
    asked = select(a.session_id).where(*which).order_by(a.day, a.session_id)
    return tuple((await db.scalars(asked)).all())


def _example(row: dict[str, Any]) -> dict[str, Any]:
    # A column tells its name as a subclass of str, which the JSON of a refusal does not take.
    named = {str(name): str(value) for name, value in row.items()}
    return {**named, "detail": f"{named['state']}, on {named['day']}"}
