"""Suspensions, withdrawn clearances, and the way from vetting to being deployable."""

from datetime import timedelta

from services.training.domain.certifications import GrantCertification
from services.training.domain.clearances import RecordClearance, WithdrawClearance
from services.training.domain.compliance import compliance
from services.training.domain.standing import evidence, status
from services.training.domain.suspensions import LiftSuspension, Suspend
from shared.contracts.eligibility import CLEARANCES, TRACKS, Shortfall
from shared.contracts.training.clearance import ClearanceRecorded, ClearanceWithdrawn
from shared.contracts.training.standing import (
    MentorCleared,
    MentorStoodDown,
    MentorSuspended,
    MentorVetted,
    SuspensionLifted,
)
from tests.support.given import given
from tests.support.people import MENTOR
from tests.training.evidence import CLEARED, FROM, certification, everything, recorded

DAY = timedelta(days=1)
ON, LATER = FROM + 9 * DAY, FROM + 20 * DAY
SUSPEND = Suspend(MENTOR, "under_investigation", ON)
suspended = MentorSuspended(mentor_id=MENTOR, suspended_on=ON, reason_code="under_investigation")
down = MentorStoodDown(
    mentor_id=MENTOR, stood_down_on=ON, reasons=(Shortfall("suspension", "suspended", ON),)
)
lifted = SuspensionLifted(mentor_id=MENTOR, suspended_on=ON, lifted_on=LATER)


def test_a_suspension_stands_a_deployable_mentor_down_with_the_reason() -> None:
    given(compliance, *everything(), CLEARED).when(SUSPEND).then(suspended, down)
    given(compliance, *everything(), CLEARED).when(SUSPEND, SUSPEND).then_nothing()


def test_who_was_never_cleared_can_be_suspended_too() -> None:
    given(compliance).when(SUSPEND).then(suspended)


def test_lifting_lets_the_evidence_speak_again() -> None:
    history = (*everything(), CLEARED, suspended, down)
    cleared = MentorCleared(mentor_id=MENTOR, cleared_on=LATER)
    given(compliance, *history).when(LiftSuspension(LATER)).then(lifted, cleared)
    given(compliance, *history).when(LiftSuspension(LATER), LiftSuspension(LATER)).then_nothing()
    given(compliance, *everything("ot", "identity"), suspended).when(LiftSuspension(LATER)).then(lifted)


def test_nothing_is_lifted_that_did_not_begin() -> None:
    given(compliance, *everything(), CLEARED).when(LiftSuspension(ON)).refused("not_suspended")


def test_nothing_shown_meanwhile_clears_a_suspended_mentor() -> None:
    grant = GrantCertification(certification("ot"), MENTOR, "ot", certification("ot"), ON, 12, ON)
    answer = given(compliance, *everything("ot"), suspended).when(grant)
    assert not answer.state.deployable
    again = Suspend(MENTOR, "conduct", LATER + DAY)
    twice = given(compliance, *everything(), CLEARED, suspended, down, lifted, CLEARED).when(again)
    assert [type(fact) for fact in twice.facts] == [MentorSuspended, MentorStoodDown]


def test_a_withdrawn_clearance_stands_down_and_recording_it_again_restores_it() -> None:
    seen = recorded("identity")
    withdraw = WithdrawClearance("identity", seen.issued_on, "another's", ON)
    gone = ClearanceWithdrawn(
        mentor_id=MENTOR, kind="identity", issued_on=seen.issued_on, withdrawn_on=ON, reason="another's"
    )
    lacking = MentorStoodDown(
        mentor_id=MENTOR, stood_down_on=ON, reasons=(Shortfall("identity", "withdrawn", ON),)
    )
    given(compliance, *everything(), CLEARED).when(withdraw).then(gone, lacking)
    given(compliance, *everything(), CLEARED).when(withdraw, withdraw).then_nothing()
    again = RecordClearance(MENTOR, "identity", seen.issued_on, None, None, seen.reference, LATER)
    answer = given(compliance, *everything(), CLEARED, gone, lacking).when(again)
    assert [type(fact) for fact in answer.facts] == [ClearanceRecorded, MentorCleared]


def test_only_what_was_recorded_is_withdrawn_and_with_a_reason() -> None:
    given(compliance).when(WithdrawClearance("identity", ON, "?", ON)).refused("clearance_unknown")
    seen = recorded("identity")
    blank = WithdrawClearance("identity", seen.issued_on, " ", ON)
    given(compliance, seen).when(blank).refused("invalid_reason")


def test_looking_at_the_same_document_again_is_no_correction_whoever_looks() -> None:
    seen = recorded("identity")
    again = RecordClearance(
        MENTOR, "identity", seen.issued_on, None, None, seen.reference, LATER, seen_by="manager:mina"
    )
    given(compliance, seen).when(again).then_nothing()


def test_the_last_clearance_lets_the_induction_begin() -> None:
    history = [*everything("identity", *TRACKS)]
    last = RecordClearance(MENTOR, "identity", FROM, None, None, "1", ON)
    _, vetted = given(compliance, *history).when(last).facts
    assert vetted == MentorVetted(mentor_id=MENTOR, vetted_on=ON)
    given(compliance, *history).when(last, last).then_nothing()


def test_how_a_mentor_stands_follows_from_the_evidence() -> None:
    def stands(*facts: object, ever_cleared: bool = False) -> str:
        state = compliance.fold(facts)  # type: ignore[arg-type]
        return status(evidence(state), ON, ever_cleared=ever_cleared)

    assert stands() == "vetting"
    assert stands(*everything("identity")) == "vetting"
    assert stands(*everything(*TRACKS)) == "inducting"
    assert stands(*everything()) == "deployable"
    assert stands(*everything("slt"), ever_cleared=True) == "restricted"
    assert stands(*everything(*CLEARANCES), ever_cleared=True) == "restricted"
    assert stands(*everything(), suspended) == "suspended"
    assert stands(*everything(), suspended, lifted.model_copy(update={"lifted_on": ON})) == "deployable"
