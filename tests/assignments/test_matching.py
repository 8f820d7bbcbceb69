"""A mentor's fit for a child: the gate first, then points that can be explained; and the best plan for everybody."""

from dataclasses import replace
from datetime import date
from itertools import permutations
from uuid import UUID

import pytest
from hypothesis import given as having
from hypothesis import settings
from hypothesis import strategies as st

from services.assignments.domain.matching import WEIGHTS, Candidate, Wanted, barred, points, ranked
from services.assignments.domain.matching_reasons import scores
from services.assignments.read_model.optimal import optimal
from shared.contracts.eligibility import REQUIRED, Evidence

ON = date(2026, 9, 1)
ADA, BEN = UUID(int=1), UUID(int=2)
FIT = tuple(Evidence(item, date(2025, 1, 1)) for item in REQUIRED)

WANTED = Wanted(
    ADA,
    minutes_per_week=900,
    areas=frozenset({"speech_and_language", "social"}),
    needs=frozenset({"autism", "attention"}),
    curriculum_level="key_stage_1",
    languages=frozenset({"pl"}),
    town="Everwell",
    postcode_district="EV1",
)
BEST = Candidate(
    UUID(int=10),
    engaged_on=date(2025, 1, 1),
    evidence=FIT,
    minutes_per_week=900,
    areas=WANTED.areas,
    curriculum_levels=frozenset({"key_stage_1"}),
    experience=WANTED.needs,
    languages=WANTED.languages,
    postcode_district="EV1",
    supported=frozenset({ADA}),
)


def fit(number: int, **known: object) -> Candidate:
    return replace(BEST, mentor_id=UUID(int=number), **known)  # type: ignore[arg-type]


def total(candidate: Candidate, wanted: Wanted = WANTED) -> int:
    return sum(points(wanted, candidate))


def test_all_points_together_are_a_hundred() -> None:
    assert sum(WEIGHTS.values()) == 100 == total(BEST)


@pytest.mark.parametrize(
    ("known", "lost"),
    [
        ({"areas": frozenset({"social"})}, 15),
        ({"curriculum_levels": frozenset({"key_stage_2"})}, 8),
        ({"curriculum_levels": frozenset({"key_stage_3"})}, 15),
        ({"experience": frozenset({"autism"})}, 10),
        ({"languages": frozenset({"en"})}, 10),
        ({"postcode_district": "EV7"}, 4),
        ({"postcode_district": "ZZ1"}, 10),
        ({"postcode_district": None, "town": "everwell"}, 4),
        ({"minutes_per_week": 450}, 3),
        ({"supported": frozenset()}, 10),
        ({"supported": frozenset(), "covered": {ADA: 1}}, 5),
        ({"supported": frozenset(), "covered": {ADA: 12}}, 0),
        ({"supported": frozenset(), "covered": {BEN: 12}}, 10),
    ],
)
def test_each_criterion_costs_what_its_weight_says(known: dict[str, object], lost: int) -> None:
    assert total(fit(11, **known)) == 100 - lost


def test_every_score_is_explained() -> None:
    told = {score.criterion: score.reason for score in scores(WANTED, fit(11, areas=frozenset({"social"})))}
    assert told["areas"] == "trained in social; not speech and language"
    assert told["continuity"] == "was this child's own mentor before"
    assert told["distance"] == "the mentor comes from EV1, the school is in EV1"
    assert list(told) == list(WEIGHTS)


def test_who_does_not_pass_the_gate_is_not_ranked_however_well_they_fit() -> None:
    lapsed = fit(9, evidence=tuple(one for one in FIT if one.item != "safeguarding"))
    assert barred(lapsed, ON) == ("safeguarding update missing",)
    assert [one.mentor_id for _, one in ranked(WANTED, [lapsed, fit(11, areas=frozenset())], ON)] == [
        UUID(int=11)
    ]


@pytest.mark.parametrize(
    ("known", "why"),
    [
        ({"engaged_on": None}, "not engaged yet"),
        ({"engaged_on": date(2026, 9, 2)}, "engaged from 2026-09-02"),
        ({"left_on": ON}, "left on 2026-09-01"),
        ({"on_leave": True}, "on leave"),
        ({"supports_now": True}, "supports a child already"),
        ({"offered_now": True}, "is proposed to a child already"),
    ],
)
def test_who_is_not_free_is_not_ranked(known: dict[str, object], why: str) -> None:
    assert barred(fit(11, **known), ON) == (why,)


def test_of_equals_the_same_one_comes_first_in_whatever_order_they_are_given() -> None:
    twins = [fit(13), fit(12)]
    assert [one.mentor_id.int for _, one in ranked(WANTED, twins, ON)] == [12, 13]
    assert ranked(WANTED, twins, ON) == ranked(WANTED, list(reversed(twins)), ON)


def test_the_best_plan_gives_up_the_best_pair_when_more_children_are_served() -> None:
    ada = WANTED
    ben = replace(WANTED, child_id=BEN, areas=frozenset({"academic"}), needs=frozenset({"vision"}))
    good_for_both = fit(10, areas=frozenset({"speech_and_language", "social", "academic"}))
    only_for_ada = fit(11, supported=frozenset())
    matches, left = optimal([ada, ben], [good_for_both, only_for_ada], ON, least=50)
    assert {(one.child_id, one.mentor_id.int) for one in matches} == {(ADA, 11), (BEN, 10)}
    assert left == []
    assert {one.child_id: one.better for one in matches} == {ADA: 1, BEN: 0}


def test_a_pair_under_the_least_points_is_not_proposed_and_the_child_is_told_of() -> None:
    matches, (left,) = optimal([WANTED], [fit(11, areas=frozenset(), supported=frozenset())], ON, least=90)
    assert matches == []
    assert left.reason == "the best free mentor fits with 60 points; at least 90 are needed"


def test_nobody_free_is_said() -> None:
    assert optimal([WANTED], [fit(11, on_leave=True)], ON)[1][0].reason == (
        "nobody is free and fit to be with a child"
    )


areas = st.frozensets(st.sampled_from(["speech_and_language", "social", "academic", "occupational"]))


@settings(max_examples=40, deadline=None)
@having(
    st.lists(areas, min_size=1, max_size=4),
    st.lists(areas, min_size=1, max_size=4),
    st.integers(min_value=0, max_value=100),
)
def test_no_other_plan_serves_more_children_or_is_worth_more(
    asked: list[frozenset[str]], offered: list[frozenset[str]], least: int
) -> None:
    children = [replace(WANTED, child_id=UUID(int=n), areas=one) for n, one in enumerate(asked)]  # type: ignore[arg-type]
    mentors = [fit(100 + n, areas=one) for n, one in enumerate(offered)]
    matches, left = optimal(children, mentors, ON, least)
    assert len(matches) + len(left) == len(children)
    assert len({one.mentor_id for one in matches}) == len(matches)
    worth = (len(matches), sum(one.total for one in matches))
    assert worth == max(_every_plan(children, mentors, least))
    assert optimal(children[::-1], mentors[::-1], ON, least) == (matches, left)


def _every_plan(children: list[Wanted], mentors: list[Candidate], least: int) -> set[tuple[int, int]]:
    """Children served and points of every plan there is, tried one by one."""
    found = {(0, 0)}
    nobody: list[Candidate | None] = [None] * len(children)
    for order in permutations([*mentors, *nobody], len(children)):
        each = [total(one, child) for child, one in zip(children, order, strict=True) if one is not None]
        if all(one >= least for one in each):
            found.add((len(each), sum(each)))
    return found
