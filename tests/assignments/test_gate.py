"""The eligibility gate: what a mentor must show, on which day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from services.assignments.domain.gate import ChildStanding, pass_child, pass_mentor
from shared.contracts.eligibility import CLEARANCES, REQUIRED, TRACKS, Evidence, Item, Shortfall, shortfalls
from shared.kernel.decider import Refused
from tests.assignments.story import ADA, GRACE, TODAY, proofs

DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))
ITEMS = st.sampled_from(REQUIRED)
PROOFS = st.lists(st.builds(Evidence, ITEMS, DAYS, st.none() | DAYS, st.none() | DAYS), max_size=30)


def test_eight_clearances_and_five_tracks_are_required() -> None:
    assert (len(CLEARANCES), len(TRACKS), len(REQUIRED)) == (8, 5, 13)


def test_a_proof_counts_from_its_first_to_its_last_day() -> None:
    proof = Evidence("slt", date(2026, 1, 1), date(2026, 3, 31))
    counted = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 3, 31), date(2026, 4, 1)]
    assert [proof.counts(day) for day in counted] == [False, True, True, False]


def test_a_withdrawn_proof_counts_up_to_the_day_before() -> None:
    proof = Evidence("slt", date(2026, 1, 1), None, date(2026, 2, 1))
    assert (proof.counts(date(2026, 1, 31)), proof.counts(date(2026, 2, 1))) == (True, False)


@pytest.mark.parametrize(
    ("proof", "lack", "said"),
    [
        ((), Shortfall("slt", "missing"), "SLT training missing"),
        (
            (Evidence("slt", date(2025, 3, 1), date(2026, 2, 28)),),
            Shortfall("slt", "lapsed", date(2026, 3, 1)),
            "SLT training lapsed on 2026-03-01",
        ),
        (
            (Evidence("slt", date(2025, 3, 1), date(2027, 2, 28), date(2026, 5, 1)),),
            Shortfall("slt", "withdrawn", date(2026, 5, 1)),
            "SLT training withdrawn on 2026-05-01",
        ),
        (
            (Evidence("slt", date(2026, 10, 1)),),
            Shortfall("slt", "not_yet_valid", date(2026, 10, 1)),
            "SLT training not valid before 2026-10-01",
        ),
        (
            (
                Evidence("slt", date(2023, 1, 1), date(2024, 1, 1)),
                Evidence("slt", date(2024, 1, 1), date(2026, 1, 31)),
            ),
            Shortfall("slt", "lapsed", date(2026, 2, 1)),
            "SLT training lapsed on 2026-02-01",
        ),
    ],
)
def test_a_shortfall_says_what_and_since_when(
    proof: tuple[Evidence, ...], lack: Shortfall, said: str
) -> None:
    assert shortfalls((*proofs("slt"), *proof), TODAY) == (lack,)
    assert str(lack) == said


def test_who_has_everything_passes() -> None:
    pass_mentor(GRACE, [TODAY])


@pytest.mark.parametrize("item", REQUIRED)
def test_every_single_item_is_needed(item: Item) -> None:
    with pytest.raises(Refused) as refused:
        pass_mentor(replace(GRACE, evidence=proofs(item)), [TODAY])
    assert refused.value.code == "mentor_not_deployable"
    assert [found["item"] for found in refused.value.items] == [item]


def test_the_refusal_names_each_item_and_date() -> None:
    lapsed = Evidence("dbs_enhanced", date(2023, 1, 1), date(2026, 8, 31))
    with pytest.raises(Refused) as refused:
        pass_mentor(replace(GRACE, evidence=(*proofs("dbs_enhanced", "ot"), lapsed)), [TODAY])
    assert "enhanced DBS lapsed on 2026-09-01; OT training missing" in refused.value.message
    assert refused.value.items == (
        {"item": "dbs_enhanced", "name": "enhanced DBS", "status": "lapsed", "since": "2026-09-01"},
        {"item": "ot", "name": "OT training", "status": "missing", "since": None},
    )


def test_each_day_asked_for_is_looked_at() -> None:
    soon_over = (*proofs("bed"), Evidence("bed", date(2025, 1, 1), TODAY))
    pass_mentor(replace(GRACE, evidence=soon_over), [TODAY])
    with pytest.raises(Refused, match="BED training lapsed on 2026-09-02"):
        pass_mentor(replace(GRACE, evidence=soon_over), [TODAY, TODAY + timedelta(days=6)])


def test_only_who_is_employed_passes() -> None:
    with pytest.raises(Refused, match="mentor_not_engaged"):
        pass_mentor(replace(GRACE, engaged_on=None), [TODAY])
    with pytest.raises(Refused, match="is engaged from"):
        pass_mentor(replace(GRACE, engaged_on=TODAY + timedelta(days=1)), [TODAY])
    with pytest.raises(Refused, match="mentor_left"):
        pass_mentor(replace(GRACE, left_on=TODAY), [TODAY])


def test_only_an_accepted_child_with_a_provision_may_have_a_mentor() -> None:
    assert pass_child(ADA) == ADA.school_id
    with pytest.raises(Refused, match="child_not_accepted"):
        pass_child(ChildStanding(ADA.child_id))
    with pytest.raises(Refused, match="child_without_provision"):
        pass_child(replace(ADA, has_provision=False))


@for_all(PROOFS, DAYS)
def test_an_item_lacks_exactly_when_no_proof_of_it_counts(shown: list[Evidence], day: date) -> None:
    lacking = {lack.item: lack for lack in shortfalls(shown, day)}
    for item in REQUIRED:
        counts = any(
            proof.item == item
            and proof.valid_from <= day
            and not (proof.valid_until and proof.valid_until < day)
            and not (proof.withdrawn_on and proof.withdrawn_on <= day)
            for proof in shown
        )
        assert (item in lacking) == (not counts)
    for lack in lacking.values():
        if lack.status in ("lapsed", "withdrawn"):
            assert lack.since is not None
            assert lack.since <= day
        assert (lack.since is None) == (lack.status == "missing")
