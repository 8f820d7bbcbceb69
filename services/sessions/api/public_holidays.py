"""The public holidays of England, from the `holidays` package."""

import holidays

from shared.contracts.school_days import school_year_of
from shared.contracts.sessions.calendar import Closure


def public_holidays(school_year: int) -> tuple[Closure, ...]:
    """Those of a school year, in their order. They become part of the published calendar: a later version of the
    package that knows another day changes no calendar that stands."""
    found = holidays.country_holidays("GB", subdiv="ENG", years=(school_year, school_year + 1))
    days = sorted(day for day in found if school_year_of(day) == school_year)
    return tuple(Closure(on=day, reason="public_holiday") for day in days)
