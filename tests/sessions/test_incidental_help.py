"""Help to other pupils in passing: from when on it is a pattern."""

from datetime import timedelta
from itertools import pairwise
from uuid import UUID

from hypothesis import given as every
from hypothesis import settings
from hypothesis import strategies as st

from services.sessions.domain.incidental_help import PATTERN, WITHIN, FindPattern, Helped, incidental_help
from shared.contracts.sessions.session_log import IncidentalHelpPatternFound
from tests.support.examples import example
from tests.support.given import given
from tests.support.people import CHILD, MENTOR, MONDAY_NINE, SCHOOL

found = example(IncidentalHelpPatternFound)


def on_days(*days: float) -> FindPattern:
    helped = tuple(
        Helped(UUID(int=n), CHILD, SCHOOL, MONDAY_NINE + timedelta(days=day)) for n, day in enumerate(days)
    )
    return FindPattern(MENTOR, helped, at=found.found_at)


def test_five_sessions_in_28_days_are_a_pattern() -> None:
    given(incidental_help).when(on_days(0, 1, 2, 18)).then_nothing()
    given(incidental_help).when(on_days(0, 1, 2, 9, 18)).then(found)
    given(incidental_help).when(on_days(0, 7, 14, 21, 28)).then_nothing()
    (spread,) = given(incidental_help).when(on_days(0, 7, 14, 21, 27.9)).facts
    assert isinstance(spread, IncidentalHelpPatternFound)
    assert (spread.count, spread.since) == (5, MONDAY_NINE)
    given(incidental_help).when(on_days()).then_nothing()


def test_a_pattern_is_found_once_and_the_next_one_needs_five_sessions_of_its_own() -> None:
    given(incidental_help, found).when(on_days(0, 1, 2, 9, 18)).then_nothing()
    given(incidental_help, found).when(on_days(0, 1, 2, 9, 18, 19, 20, 21, 22)).then_nothing()
    (again,) = given(incidental_help, found).when(on_days(1, 2, 9, 18, 19, 20, 21, 22, 23)).facts
    assert isinstance(again, IncidentalHelpPatternFound)
    assert (again.count, again.since) == (5, MONDAY_NINE + timedelta(days=19))


@settings(max_examples=30, deadline=None)
@every(st.lists(st.integers(0, 120), max_size=40, unique=True).map(sorted))
def test_no_session_belongs_to_two_patterns(days: list[int]) -> None:
    patterns: list[IncidentalHelpPatternFound] = []
    for n in range(len(days)):
        for _ in range(2):
            state = incidental_help.fold(patterns)
            patterns += incidental_help.decide(state, on_days(*days[: n + 1]))  # type: ignore[arg-type]
    for one, two in pairwise(patterns):
        assert one.last_at < two.since
    for one in patterns:
        assert one.count >= PATTERN
        assert one.last_at - one.since < WITHIN
