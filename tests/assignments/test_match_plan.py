"""A plan of matches is proposed once; its matches are taken up by offers, or set aside."""

from datetime import UTC, date, datetime
from uuid import UUID

from services.assignments.domain.match_plan import ProposePlan, SetAside, match_plan, offer_of
from shared.contracts.assignments.match_plan import MatchPlanProposed, MatchSetAside, ProposedMatch, Unmatched
from tests.support.examples import example
from tests.support.given import given
from tests.support.people import CHILD, MENTOR, OTHER_CHILD, PLAN

AT = datetime(2026, 9, 1, 9, tzinfo=UTC)
MATCH = ProposedMatch(child_id=CHILD, mentor_id=MENTOR, points=(30, 15, 20, 10, 10, 5, 10), better=0)
PROPOSE = ProposePlan(
    PLAN, date(2026, 9, 1), 40, None, (MATCH,), (Unmatched(child_id=OTHER_CHILD, reason="nobody"),), AT
)
PROPOSED = example(MatchPlanProposed)


def test_a_plan_names_all_whom_it_concerns() -> None:
    (fact,) = given(match_plan).when(PROPOSE).facts
    assert isinstance(fact, MatchPlanProposed)
    assert (fact.child_ids, fact.mentor_ids) == ((CHILD, OTHER_CHILD), (MENTOR,))


def test_proposing_again_decides_nothing() -> None:
    given(match_plan, PROPOSED).when(PROPOSE).then_nothing()


def test_a_plan_for_nobody_is_refused() -> None:
    nobody = ProposePlan(PLAN, date(2026, 9, 1), 40, None, (), (), AT)
    given(match_plan).when(nobody).refused("nobody_waits")


def test_a_plan_names_a_mentor_once() -> None:
    twice = ProposePlan(
        PLAN,
        date(2026, 9, 1),
        40,
        None,
        (MATCH, MATCH.model_copy(update={"child_id": OTHER_CHILD})),
        (),
        AT,
    )
    given(match_plan).when(twice).refused("invalid_matches")


def test_setting_aside_is_recorded_once() -> None:
    aside = SetAside(CHILD, "mentor_prefers_another", AT)
    answered = given(match_plan, PROPOSED).when(aside)
    answered.then(
        MatchSetAside(
            plan_id=PLAN,
            child_id=CHILD,
            mentor_id=MENTOR,
            reason="mentor_prefers_another",
            set_aside_at=AT,
        )
    )
    given(match_plan, PROPOSED, *answered.facts).when(aside).then_nothing()


def test_only_what_was_proposed_can_be_set_aside() -> None:
    given(match_plan, PROPOSED).when(SetAside(OTHER_CHILD, "circumstances_changed", AT)).refused(
        "match_unknown"
    )


def test_taking_up_a_match_twice_leads_to_one_offer() -> None:
    assert offer_of(PLAN, CHILD) == offer_of(PLAN, CHILD) != offer_of(PLAN, UUID(int=1))
