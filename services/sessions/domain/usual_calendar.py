"""The terms that most schools in England have, reckoned for any school year: where nobody has published any."""

from datetime import date, timedelta

from shared.contracts.sessions.calendar import Term

DAY, WEEK = timedelta(days=1), timedelta(days=7)


def usual_terms(school_year: int) -> tuple[Term, ...]:
    """Six half-terms. Local authorities differ by some days: publish theirs, and they hold instead."""
    autumn = _on_or_after(date(school_year, 9, 1), 0, 1, 2, 3, 4)
    autumn_break = _monday_before(date(school_year, 10, 31))
    christmas = _monday_before(date(school_year, 12, 25))
    spring = christmas + 2 * WEEK
    spring_break = _monday_before(date(school_year + 1, 2, 20))
    easter = _easter_break(school_year + 1)
    # Half-term is the week of the spring bank holiday, the last Monday of May.
    summer_break = _monday_before(date(school_year + 1, 5, 31))
    summer_ends = _monday_before(date(school_year + 1, 7, 22)) + 2 * DAY
    return (
        Term(name="Autumn 1", starts_on=autumn, ends_on=autumn_break - 3 * DAY),
        Term(name="Autumn 2", starts_on=autumn_break + WEEK, ends_on=christmas - 3 * DAY),
        Term(name="Spring 1", starts_on=spring, ends_on=spring_break - 3 * DAY),
        Term(name="Spring 2", starts_on=spring_break + WEEK, ends_on=easter - 3 * DAY),
        Term(name="Summer 1", starts_on=easter + 2 * WEEK, ends_on=summer_break - 3 * DAY),
        Term(name="Summer 2", starts_on=summer_break + WEEK, ends_on=summer_ends),
    )


def easter_sunday(year: int) -> date:
    """Easter of the Gregorian calendar (the anonymous algorithm, from Meeus)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    wanted = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * wanted) // 451
    month, day = divmod(h + wanted - 7 * m + 114, 31)
    return date(year, month, day + 1)


def _easter_break(year: int) -> date:
    """The Monday on which two weeks without school begin: around Easter, in the first half of April."""
    easter = easter_sunday(year)
    if easter < date(year, 4, 1):
        return easter + DAY
    return easter + DAY - (WEEK if easter <= date(year, 4, 12) else 2 * WEEK)


def _monday_before(day: date) -> date:
    """The last Monday up to that day."""
    return day - day.weekday() * DAY


def _on_or_after(day: date, *weekdays: int) -> date:
    while day.weekday() not in weekdays:
        day += DAY
    return day
