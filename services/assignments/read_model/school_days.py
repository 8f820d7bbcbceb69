"""On which days a child's school is open: nobody has to be with the child on the others."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.assignments.read_model.tables import calendars, children, schools
from shared.contracts.school_days import Calendar, SchoolDays
from shared.contracts.sessions.calendar import Closure, Term


async def closed_days(db: AsyncConnection, child_id: UUID, days: Iterable[date]) -> set[date]:
    """Of these days those without school for the child. Where nobody published the terms, every day may be one."""
    of_child = select(children.c.school_id).where(children.c.child_id == child_id).scalar_subquery()
    school_id = await db.scalar(select(of_child))
    authority = select(schools.c.local_authority).where(schools.c.school_id == school_id).scalar_subquery()
    c = calendars.c
    asked = select(calendars).where(
        or_(
            c.scope == "region",
            and_(c.scope == "local_authority", c.scope_key == authority),
            and_(c.scope == "school", c.scope_key == str(school_id)),
        )
    )
    school = SchoolDays(
        Calendar(
            row["scope"],
            row["school_year"],
            tuple(Term(**term) for term in row["terms"]),
            tuple(Closure(**closure) for closure in row["closures"]),
        )
        for row in (await db.execute(asked)).mappings()
    )
    found = {day: school.no_school(day) for day in days}
    return {
        day for day, why in found.items() if why is not None and why.why in ("outside_term", "school_closed")
    }
