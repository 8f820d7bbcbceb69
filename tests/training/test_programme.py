"""What a role has to be trained in."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from services.training.domain.programme import SetProgramme, in_force, programme, programme_of
from shared.contracts.eligibility import TRACKS
from shared.contracts.training.programme import ProgrammeSet
from tests.support.examples import example
from tests.support.given import given

chosen = example(ProgrammeSet).model_copy(update={"programme_id": programme_of("learning_mentor")})
ON = chosen.effective_from
SET = SetProgramme("learning_mentor", chosen.requirements, ON, ON)


def test_a_programme_is_set_once_for_a_day() -> None:
    given(programme).when(SET).then(chosen)
    given(programme, chosen).when(SET).then_nothing()
    given(programme, chosen).when(replace(SET, on=ON + timedelta(days=9))).then_nothing()


@pytest.mark.parametrize("track", TRACKS)
def test_a_learning_mentor_is_never_without_a_track_of_the_gate(track: str) -> None:
    rest = tuple(found for found in SET.requirements if found.track != track)
    given(programme).when(replace(SET, requirements=rest)).refused("invalid_requirements", track)
    assert given(programme).when(replace(SET, role="supervisor", requirements=rest)).refusal is None


@pytest.mark.parametrize(
    ("track", "change", "code"),
    [
        ("safeguarding", {"valid_months": 13}, "invalid_valid_months"),
        ("safeguarding", {"valid_months": None}, "invalid_valid_months"),
        ("induction", {"valid_months": 12}, "invalid_valid_months"),
        ("slt", {"valid_months": None}, "invalid_valid_months"),
        ("slt", {"window_days": 0}, "invalid_window_days"),
        ("slt", {"window_days": 181}, "invalid_window_days"),
        ("slt", {"renew_before_days": 91}, "invalid_renew_before_days"),
        ("ot", {"complete_within_days": 0}, "invalid_complete_within_days"),
    ],
)
def test_a_track_is_asked_for_within_reason(track: str, change: dict[str, Any], code: str) -> None:
    needs = tuple(
        found.model_copy(update=change) if found.track == track else found for found in SET.requirements
    )
    given(programme).when(replace(SET, requirements=needs)).refused(code)


def test_a_track_is_named_once_and_a_programme_is_not_empty() -> None:
    given(programme).when(replace(SET, requirements=SET.requirements * 2)).refused("invalid_requirements")
    empty = replace(SET, role="supervisor", requirements=())
    given(programme).when(empty).refused("invalid_requirements")


def test_a_programme_does_not_change_in_the_past() -> None:
    late = replace(SET, on=ON + timedelta(days=1))
    given(programme).when(late).refused("invalid_effective_from", "today")


def test_the_last_to_begin_is_in_force() -> None:
    later = chosen.model_copy(update={"effective_from": date(2026, 9, 1)})
    assert in_force([later, chosen], ON - timedelta(days=1)) is None
    assert in_force([later, chosen], date(2026, 8, 31)) == chosen
    assert in_force([later, chosen], date(2026, 9, 1)) == later
