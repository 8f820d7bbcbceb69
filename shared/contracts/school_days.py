"""On which days there is school, by the calendars that hold for a school."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from shared.contracts.sessions.calendar import Closure, Term
from shared.contracts.words.calendar import CalendarScope, ClosureReason

NoSchool: TypeAlias = Literal["no_calendar", "outside_term", "school_closed", "weekend"]
_NARROWEST_FIRST: tuple[CalendarScope, ...] = ("school", "local_authority", "region")


@dataclass(frozen=True, slots=True)
class Calendar:
    """What holds for a school year in one scope."""

    scope: CalendarScope
    school_year: int
    terms: tuple[Term, ...]
    closures: tuple[Closure, ...]


@dataclass(frozen=True, slots=True)
class NoSchoolDay:
    """Why there is no school on a day; `reason` is there when a closure says so."""

    why: NoSchool
    reason: ClosureReason | None = None

    def __str__(self) -> str:
        match self.why:
            case "no_calendar":
                return "no calendar tells the terms of that school year; publish one"
            case "outside_term":
                return "outside the terms"
            case "weekend":
                return "a weekend"
            case "school_closed":
                return f"school is closed ({(self.reason or 'other').replace('_', ' ')})"


def school_year_of(day: date) -> int:
    """The year in which its school year began: 1 August to 31 July."""
    return day.year if day.month >= 8 else day.year - 1


class SchoolDays:
    """The calendars of one school, region, local authority and its own together.

    Of the terms the narrowest scope that tells any for the school year holds; closures of all scopes add up.
    """

    def __init__(self, calendars: Iterable[Calendar]) -> None:
        self._terms: dict[int, tuple[Term, ...]] = {}
        self._closed: dict[date, ClosureReason] = {}
        for calendar in sorted(calendars, key=lambda found: _NARROWEST_FIRST.index(found.scope)):
            if calendar.terms:
                self._terms.setdefault(calendar.school_year, calendar.terms)
            for closure in calendar.closures:
                self._closed.setdefault(closure.on, closure.reason)

    def term_of(self, day: date) -> Term | None:
        """The term that the day lies in, also when school is closed on it."""
        terms = self._terms.get(school_year_of(day), ())
        return next((term for term in terms if term.starts_on <= day <= term.ends_on), None)

    def terms(self, since: date, until: date) -> tuple[Term, ...]:
        """The terms that have some of these days, both included, in their order."""
        found = (term for terms in self._terms.values() for term in terms)
        touching = (term for term in found if term.starts_on <= until and since <= term.ends_on)
        return tuple(sorted(touching, key=lambda term: term.starts_on))

    def no_school(self, day: date) -> NoSchoolDay | None:
        """Why there is no school on that day; None when there is."""
        if school_year_of(day) not in self._terms:
            return NoSchoolDay("no_calendar")
        if self.term_of(day) is None:
            return NoSchoolDay("outside_term")
        if reason := self._closed.get(day):
            return NoSchoolDay("school_closed", reason)
        return NoSchoolDay("weekend") if day.weekday() >= 5 else None
