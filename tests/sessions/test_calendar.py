"""School days: which calendar holds, what it may say, and the terms that are usual."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given as every
from hypothesis import settings
from hypothesis import strategies as st

from services.sessions.api.public_holidays import public_holidays
from services.sessions.domain.calendar import Publish, calendar, calendar_id
from services.sessions.domain.usual_calendar import easter_sunday, usual_terms
from shared.contracts.school_days import Calendar, SchoolDays, school_year_of
from shared.contracts.sessions.calendar import CalendarPublished, Closure, Term
from shared.contracts.words.calendar import CalendarScope
from tests.sessions.term import ready
from tests.support.examples import example
from tests.support.given import given
from tests.support.people import SCHOOL
from tests.support.served import Served

DAY = timedelta(days=1)
published = example(CalendarPublished)
PUBLISH = Publish("region", "uk-london", 2026, published.terms, published.closures, at=published.published_at)


def term(name: str, starts_on: date, ends_on: date) -> Term:
    return Term(name=name, starts_on=starts_on, ends_on=ends_on)


def why(school: SchoolDays, day: date) -> str | None:
    found = school.no_school(day)
    return None if found is None else found.why


def test_publishing_the_same_again_records_nothing_and_something_else_replaces_it() -> None:
    given(calendar).when(PUBLISH, PUBLISH).then_nothing()
    (first,) = given(calendar).when(PUBLISH).facts
    assert isinstance(first, CalendarPublished)
    assert first.calendar_id == calendar_id("region", "uk-london", 2026)
    other = Publish("region", "uk-london", 2026, published.terms[:1], (), at=PUBLISH.at)
    (second,) = given(calendar, first).when(other).facts
    assert isinstance(second, CalendarPublished)
    assert second.terms == published.terms[:1]


@pytest.mark.parametrize(
    ("terms", "closures", "said"),
    [
        ((), (), "terms, closures or both"),
        ((term("A", date(2026, 9, 1), date(2026, 8, 31)),), (), "ends before it starts"),
        ((term("A", date(2025, 9, 1), date(2025, 10, 1)),), (), "1 August 2026 to 31 July 2027"),
        (
            (term("A", date(2026, 9, 1), date(2026, 10, 1)), term("B", date(2026, 10, 1), date(2026, 11, 1))),
            (),
            "overlaps",
        ),
        ((), (Closure(on=date(2026, 9, 1), reason="weather"),) * 2, "each closed day once"),
    ],
)
def test_a_calendar_that_cannot_be_is_refused(
    terms: tuple[Term, ...], closures: tuple[Closure, ...], said: str
) -> None:
    command = Publish("region", "uk-london", 2026, terms, closures, at=PUBLISH.at)
    given(calendar).when(command).refused("invalid_calendar", said)


def test_the_narrowest_terms_hold_and_closures_of_all_scopes_add_up() -> None:
    def known(scope: CalendarScope, terms: Sequence[Term], *closed: date) -> Calendar:
        return Calendar(scope, 2026, tuple(terms), tuple(Closure(on=day, reason="other") for day in closed))

    region = term("Autumn", date(2026, 9, 1), date(2026, 12, 18))
    council = term("Autumn", date(2026, 9, 7), date(2026, 12, 16))
    school = SchoolDays(
        [
            known("region", [region], date(2026, 9, 8)),
            known("local_authority", [council], date(2026, 9, 9)),
            known("school", [], date(2026, 9, 10)),
        ]
    )
    assert [why(school, date(2026, 9, day)) for day in (4, 7, 8, 9, 10, 11, 12)] == [
        "outside_term",
        None,
        "school_closed",
        "school_closed",
        "school_closed",
        None,
        "weekend",
    ]
    assert why(school, date(2027, 9, 7)) == "no_calendar"


@settings(max_examples=40, deadline=None)
@every(st.integers(2000, 2098))
def test_the_usual_terms_leave_out_christmas_and_easter_and_are_about_195_days(year: int) -> None:
    school = SchoolDays([Calendar("region", year, usual_terms(year), public_holidays(year))])
    (published,) = (
        given(calendar)
        .when(Publish("region", "uk", year, usual_terms(year), public_holidays(year), at=PUBLISH.at))
        .facts
    )
    assert isinstance(published, CalendarPublished)
    days = [date(year, 8, 1) + n * DAY for n in range(365)]
    assert 183 <= sum(school.no_school(day) is None for day in days) <= 200
    easter = easter_sunday(year + 1)
    for day in (date(year, 12, 25), date(year + 1, 1, 1), easter - 2 * DAY, easter + DAY):
        assert school.no_school(day) is not None, day
    assert all(school_year_of(day) == year for day in days)
    assert all(term.starts_on < term.ends_on for term in usual_terms(year))


def test_public_holidays_are_those_of_england() -> None:
    found = [closure.on for closure in public_holidays(2026)]
    assert date(2026, 8, 31) in found  # summer bank holiday
    assert date(2027, 3, 26) in found  # Good Friday
    assert date(2026, 11, 30) not in found  # St Andrew's Day is Scotland's
    for year in range(2000, 2100):
        assert easter_sunday(year) - 2 * DAY in [c.on for c in public_holidays(year - 1)]


async def test_calendars_are_published_and_asked_for_over_http(sessions: Served) -> None:
    await ready(sessions)
    inset = {"on": "2026-09-08", "reason": "inset_day"}
    of_school: dict[str, Any] = {"scope": "school", "scope_key": str(SCHOOL), "school_year": 2026}
    await sessions.done("/calendars", {**of_school, "closures": [inset], "public_holidays": "none"})
    span: dict[str, Any] = {"from": "2026-09-07", "to": "2026-09-12"}
    days = (await sessions.ask(f"/schools/{SCHOOL}/days", **span))["days"]
    assert [day["school"] for day in days] == [True, False, True, True, True, False]
    assert (days[1]["why"], days[5]["why"]) == ("school is closed (inset day)", "a weekend")
    listed = (await sessions.ask("/calendars", school_year=2026))["items"]
    assert {item["scope"] for item in listed} == {"region", "school"}
    assert len(listed[0]["terms"]) + len(listed[1]["terms"]) == 6
    before = (sessions.clock.at - DAY).isoformat()
    known = (await sessions.ask(f"/schools/{SCHOOL}/days", **span, known_at=before))["days"]
    assert known[0]["why"] == "no calendar tells the terms of that school year; publish one"
    unknown = {"scope": "local_authority", "scope_key": "Atlantis", "school_year": 2026, "closures": [inset]}
    assert (await sessions.command("/calendars", unknown)).status_code == 404
    assert (await sessions.command("/calendars", of_school, role="mentor")).status_code == 403
