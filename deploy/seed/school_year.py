"""When school is: English terms, half-terms and bank holidays, near enough for any year."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Term:
    """First and last day of school, and the half-term week without any."""

    name: str
    starts_on: date
    ends_on: date
    half_term: tuple[date, date]


def terms(year: int) -> tuple[Term, ...]:
    """The three terms of the school year that begins in September of `year`."""
    autumn, spring, summer = _monday(year, 8, 30), _monday(year + 1, 1, 4), _monday(year + 1, 4, 12)
    return (
        _term("Autumn", autumn, autumn + timedelta(days=15 * 7 + 4), autumn + timedelta(weeks=8)),
        _term("Spring", spring, spring + timedelta(days=11 * 7 + 4), spring + timedelta(weeks=6)),
        _term("Summer", summer, summer + timedelta(days=13 * 7 + 4), summer + timedelta(weeks=6)),
    )


def closures(year: int) -> tuple[tuple[date, str], ...]:
    """Days without school inside the terms of that school year: half-terms and the bank holiday of May."""
    days = [
        (term.half_term[0] + DAY * n, f"{term.name.lower()} half-term")
        for term in terms(year)
        for n in range(5)
    ]
    return tuple(sorted([*days, (_monday(year + 1, 5, 1), "bank holiday")]))


def year_of(day: date) -> int:
    """The school year a day belongs to, by the September in which it began."""
    return day.year if day.month >= 8 else day.year - 1


def is_school_day(day: date) -> bool:
    """Whether there is school on that day."""
    if day.weekday() > 4:
        return False
    year = year_of(day)
    return any(term.starts_on <= day <= term.ends_on for term in terms(year)) and all(
        day != closed for closed, _ in closures(year)
    )


class SchoolDays:
    """The school days of a span `but` for one, looked up quickly."""

    def __init__(self, first: date, last: date, but: date) -> None:
        self.days = tuple(day for day in each(first, last) if day != but and is_school_day(day))
        self._known = frozenset(self.days)

    def __contains__(self, day: date) -> bool:
        return day in self._known

    def next(self, day: date) -> date:
        """The first school day on or after this one."""
        while day not in self._known:
            day += DAY
            if day > self.days[-1]:
                return day
        return day


def history_begins(until: date, school_days: int) -> date:
    """The Monday of the week from which so many school days lie before `until`."""
    day, left = until, school_days
    while left:
        day -= DAY
        left -= is_school_day(day)
    return day - DAY * day.weekday()


def each(first: date, last: date) -> Iterator[date]:
    """Every day, both ends included."""
    for n in range((last - first).days + 1):
        yield first + DAY * n


def moment(day: date, minutes: int) -> datetime:
    """So many minutes after midnight in London on that day, in UTC."""
    return datetime.combine(day, time(minutes // 60, minutes % 60), LONDON).astimezone(UTC)


def _monday(year: int, month: int, on_or_after: int) -> date:
    day = date(year, month, on_or_after)
    return day + DAY * (-day.weekday() % 7)


def _term(name: str, starts: date, ends: date, half_term: date) -> Term:
    return Term(name, starts, ends, (half_term, half_term + DAY * 4))
