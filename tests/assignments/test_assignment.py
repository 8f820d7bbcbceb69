"""The link between one mentor and one child: offered, begun, ended; never without the gate."""

from dataclasses import replace
from datetime import date

import pytest

from services.assignments.domain.assignment import assignment
from services.assignments.domain.assignment_commands import (
    AcceptOffer,
    Activate,
    CancelOffer,
    Command,
    EndAssignment,
    OfferMentor,
)
from services.assignments.domain.gate import ChildStanding
from shared.contracts.assignments.assignment import (
    AssignmentEnded,
    MentorAssigned,
    MentorOffered,
    OfferAccepted,
    OfferCancelled,
)
from shared.contracts.fact import Fact
from tests.assignments.story import ADA, AT, GRACE, NEXT_MONDAY, another, proofs
from tests.support.examples import example
from tests.support.given import given
from tests.support.people import ASSIGNMENT, CHILD, MENTOR

offered = example(MentorOffered).model_copy(update={"offered_at": AT})
accepted = example(OfferAccepted).model_copy(update={"accepted_at": AT})
assigned = example(MentorAssigned)
ended = example(AssignmentEnded)
cancelled = example(OfferCancelled).model_copy(update={"cancelled_at": AT})

offer = OfferMentor(ASSIGNMENT, ADA, GRACE, AT)
activate = Activate(ADA, GRACE, NEXT_MONDAY, AT)
end = EndAssignment("outcomes_reached", ended.ended_on)
accept = AcceptOffer(AT)
cancel = CancelOffer("school_declined", AT)


def test_a_mentor_who_passes_the_gate_is_offered() -> None:
    given(assignment).when(offer).then(offered)


def test_an_offer_is_made_once() -> None:
    given(assignment, offered).when(offer).then_nothing()
    given(assignment, offered, cancelled).when(offer).then_nothing()
    given(assignment, offered, accepted, assigned).when(offer).then_nothing()


def test_an_unready_mentor_is_not_offered() -> None:
    unready = replace(GRACE, evidence=proofs("slt"))
    given(assignment).when(replace(offer, mentor=unready)).refused(
        "mentor_not_deployable", "SLT training missing"
    )


def test_a_child_who_is_not_accepted_gets_no_offer() -> None:
    given(assignment).when(replace(offer, child=ChildStanding(CHILD))).refused("child_not_accepted")
    without = replace(ADA, has_provision=False)
    given(assignment).when(replace(offer, child=without)).refused("child_without_provision")


def test_an_agreed_offer_begins() -> None:
    given(assignment, offered, accepted).when(activate).then(assigned)
    given(assignment, offered, accepted, assigned).when(activate).then_nothing()


def test_the_gate_is_passed_again_when_it_begins() -> None:
    lapsed = replace(GRACE, evidence=proofs("safeguarding"))
    given(assignment, offered, accepted).when(replace(activate, mentor=lapsed)).refused(
        "safeguarding update missing"
    )


def test_nothing_begins_without_an_offer() -> None:
    given(assignment).when(activate).refused("offer_unknown")
    given(assignment, offered, cancelled).when(activate).refused("offer_cancelled")
    given(assignment, offered, accepted, assigned, ended).when(activate).refused("assignment_ended")


def test_it_begins_once() -> None:
    later = replace(activate, effective_from=date(2026, 9, 14))
    given(assignment, offered, accepted, assigned).when(later).refused("assignment_active", "2026-09-07")


def test_an_offer_is_cancelled_until_it_begins() -> None:
    given(assignment, offered).when(cancel).then(cancelled)
    given(assignment, offered, cancelled).when(cancel).then_nothing()
    given(assignment, offered, accepted, assigned).when(cancel).refused("offer_already_agreed")
    given(assignment).when(cancel).refused("offer_unknown")


def test_it_ends_once() -> None:
    given(assignment, offered, accepted, assigned).when(end).then(ended)
    given(assignment, offered, accepted, assigned, ended).when(end).then_nothing()
    later = EndAssignment("child_left", date(2027, 8, 1))
    given(assignment, offered, accepted, assigned, ended).when(later).refused(
        "assignment_ended", "2027-07-22"
    )
    given(assignment, offered).when(end).refused("assignment_not_active")


def test_an_end_that_lies_ahead_can_come_sooner() -> None:
    sooner = EndAssignment("mentor_left", date(2026, 12, 1))
    (again,) = given(assignment, offered, accepted, assigned, ended).when(sooner).facts
    assert again == ended.model_copy(update={"reason": "mentor_left", "ended_on": sooner.ended_on})
    both = (offered, accepted, assigned, ended, again)
    given(assignment, *both).when(sooner).then_nothing()
    given(assignment, *both).when(end).refused("assignment_ended", "2026-12-01")
    assert {until for _, _, until in held(both)} == {
        "2026-09-08",
        "2026-12-01",
        None,
    }, "the mentor is free as of then, and the handover is due"


def test_it_does_not_end_before_it_began() -> None:
    before = EndAssignment("made_in_error", date(2026, 9, 6))
    given(assignment, offered, accepted, assigned).when(before).refused("invalid_ended_on", "2026-09-07")


def held(facts: tuple[Fact, ...], *commands: Command) -> set[tuple[str, str, str | None]]:
    """What is claimed after these, each with its first day and the first day after it."""
    claims = given(assignment, *facts).when(*commands).claims
    return {
        (
            claim.key.partition(":")[0],
            str(claim.since)[:10],
            None if claim.until is None else str(claim.until)[:10],
        )
        for claim in claims
    }


def test_a_primary_claims_child_and_mentor_for_its_days() -> None:
    claims = given(assignment, offered, accepted).when(activate).claims
    assert {claim.key for claim in claims} >= {f"mentor:{MENTOR}", f"child:{CHILD}", f"with:{CHILD}"}
    assert held((offered, accepted), activate) == {
        ("mentor", "2026-09-07", None),
        ("child", "2026-09-07", None),
        ("with", "2026-09-07", None),
        ("handover", "2026-09-07", "2026-09-08"),
    }
    said = {claim.message for claim in claims}
    assert any("already supports a child" in message for message in said)
    assert any("already has a mentor" in message for message in said)


def test_a_limit_above_one_has_a_place_of_its_own_for_each() -> None:
    second = replace(activate, child_slot=1, mentor_slot=2)
    claims = given(assignment, offered, accepted).when(second).claims
    assert {claim.key for claim in claims} >= {f"mentor:{MENTOR}:2", f"child:{CHILD}"}


def test_its_days_stay_claimed_after_the_end_and_the_next_one_waits_for_the_handover() -> None:
    assert held((offered, accepted, assigned), end) == {
        ("mentor", "2026-09-07", "2027-07-22"),
        ("child", "2026-09-07", "2027-07-22"),
        ("with", "2026-09-07", "2027-07-22"),
        ("handover", "2026-09-07", "2026-09-08"),
        ("handover", "2027-07-22", None),
    }


@pytest.mark.parametrize("facts", [(), (offered,), (offered, accepted), (offered, cancelled)])
def test_an_offer_claims_nobody(facts: tuple[Fact, ...]) -> None:
    assert given(assignment, *facts).when().claims == frozenset()


def test_what_was_undone_claims_nobody() -> None:
    undo = EndAssignment("made_in_error", NEXT_MONDAY)
    assert given(assignment, offered, accepted, assigned).when(undo).claims == frozenset()


def test_an_offer_is_agreed_to_before_it_begins() -> None:
    given(assignment, offered).when(activate).refused("offer_not_accepted")
    given(assignment, offered).when(accept).then(accepted)
    given(assignment, offered, accepted).when(accept).then_nothing()
    given(assignment, offered, accepted, assigned).when(accept).then_nothing()
    given(assignment, offered, cancelled).when(accept).refused("offer_cancelled")
    given(assignment).when(accept).refused("offer_unknown")
    agreed_and_let_go = given(assignment, offered, accepted).when(cancel)
    agreed_and_let_go.then(cancelled)


def test_another_mentor_is_another_assignment() -> None:
    other = replace(offer, mentor=replace(GRACE, mentor_id=another("Noor")))
    given(assignment, offered).when(other).refused("offer_already_made")
