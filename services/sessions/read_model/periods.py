"""Until when logs of a day are taken in."""

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.sessions.read_model.tables.pay import pay_periods


async def cut_off_of(db: AsyncConnection, day: date) -> datetime | None:
    """The payroll cut-off of the pay period in which that day lies; None when none was opened.

    Of a period that was closed before its cut-off it is the closing.
    """
    found: datetime | None = await db.scalar(
        select(func.least(pay_periods.c.cut_off_at, pay_periods.c.closed_at))
        .where(pay_periods.c.starts_on <= day, pay_periods.c.ends_on >= day)
        .order_by(pay_periods.c.cut_off_at)
        .limit(1)
    )
    return found
