"""Calendars and patterns of incidental help, commanded in any order."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

from hypothesis import strategies as st

from services.sessions.domain.calendar import Publish, calendar
from services.sessions.domain.incidental_help import PATTERN, FindPattern, Helped, incidental_help
from shared.contracts.fact import Fact
from shared.contracts.sessions.calendar import CalendarPublished, Closure, Term
from shared.contracts.sessions.session_log import IncidentalHelpPatternFound
from tests.support.machines import run_machine

AT = datetime(2026, 9, 1, 9, tzinfo=UTC)
YEAR = st.dates(date(2026, 7, 25), date(2027, 8, 5))


def test_a_calendar_has_terms_in_order_within_its_school_year_and_each_closure_once() -> None:
    terms = st.lists(st.builds(Term, name=st.just("Term"), starts_on=YEAR, ends_on=YEAR), max_size=2)
    closures = st.lists(st.builds(Closure, on=YEAR), max_size=2)
    commands = st.builds(
        Publish,
        scope=st.just("region"),
        scope_key=st.just("uk-london"),
        school_year=st.just(2026),
        terms=terms.map(tuple),
        closures=closures.map(tuple),
        at=st.just(AT),
    )

    def in_order(facts: Sequence[Fact]) -> None:
        for fact in facts:
            assert isinstance(fact, CalendarPublished)
            days = [day for term in fact.terms for day in (term.starts_on, term.ends_on)]
            assert days == sorted(days)
            assert all(date(2026, 8, 1) <= day <= date(2027, 7, 31) for day in days)
            assert len({closure.on for closure in fact.closures}) == len(fact.closures)

    run_machine(calendar, commands, in_order, reaches=1)


def test_a_pattern_is_of_enough_sessions_and_shares_none_with_another() -> None:
    begins = st.lists(st.integers(0, 60), min_size=1, max_size=12, unique=True).map(sorted)

    def command(days: list[int]) -> FindPattern:
        helped = (Helped(UUID(int=day), UUID(int=1), UUID(int=2), AT + timedelta(days=day)) for day in days)
        return FindPattern(UUID(int=3), tuple(helped), AT)

    def apart(facts: Sequence[Fact]) -> None:
        found = [fact for fact in facts if isinstance(fact, IncidentalHelpPatternFound)]
        assert all(one.count >= PATTERN and one.since < one.last_at for one in found)
        assert all(before.last_at < after.since for before, after in pairwise(found))

    run_machine(incidental_help, begins.map(command), apart, reaches=1)
