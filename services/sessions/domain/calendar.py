"""The calendar of one scope and school year: published, and published again when it changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid5

from shared.contracts.school_days import school_year_of
from shared.contracts.sessions.calendar import CalendarPublished, Closure, Term
from shared.contracts.words.calendar import CalendarScope
from shared.kernel.decider import Decider, Refused

_CALENDARS = UUID("b962e5cc-dbe5-546f-b80b-c4665989ff34")


def calendar_id(scope: CalendarScope, scope_key: str, school_year: int) -> UUID:
    """One stream for each scope and school year."""
    return uuid5(_CALENDARS, f"{scope}/{scope_key}/{school_year}")


@dataclass(frozen=True, slots=True)
class Publish:
    """These are the terms and closures. `closures` holds the public holidays already."""

    scope: CalendarScope
    scope_key: str
    school_year: int
    terms: tuple[Term, ...]
    closures: tuple[Closure, ...]
    at: datetime


Published = CalendarPublished | None


def decide(state: Published, command: Publish) -> Sequence[CalendarPublished]:
    terms = tuple(sorted(command.terms, key=lambda term: term.starts_on))
    closures = tuple(sorted(command.closures, key=lambda closure: closure.on))
    _check(command.school_year, terms, closures)
    if state is not None and (state.terms, state.closures) == (terms, closures):
        return ()
    return (
        CalendarPublished(
            calendar_id=calendar_id(command.scope, command.scope_key, command.school_year),
            scope=command.scope,
            scope_key=command.scope_key,
            school_year=command.school_year,
            terms=terms,
            closures=closures,
            published_at=command.at,
        ),
    )


def evolve(_: Published, fact: CalendarPublished) -> Published:
    return fact


calendar: Decider[Published, Publish] = Decider("calendar", None, decide, evolve)


def _check(school_year: int, terms: Sequence[Term], closures: Sequence[Closure]) -> None:
    if not terms and not closures:
        raise Refused("invalid_calendar", "Give terms, closures or both; a calendar of nothing says nothing.")
    days = [(f"The term {term.name}", day) for term in terms for day in (term.starts_on, term.ends_on)]
    for what, day in (*days, *(("A closure", closure.on) for closure in closures)):
        if school_year_of(day) != school_year:
            year = f"1 August {school_year} to 31 July {school_year + 1}"
            raise Refused("invalid_calendar", f"{what} has the day {day}, outside the school year: {year}.")
    previous: date | None = None
    for term in terms:
        if term.ends_on < term.starts_on:
            raise Refused("invalid_calendar", f"The term {term.name} ends before it starts; swap its days.")
        if previous is not None and term.starts_on <= previous:
            raise Refused("invalid_calendar", f"The term {term.name} overlaps the one before it.")
        previous = term.ends_on
    if len({closure.on for closure in closures}) != len(closures):
        raise Refused("invalid_calendar", "Name each closed day once.")
