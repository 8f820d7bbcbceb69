"""A child is referred, accepted, supported, rests, goes on, leaves and comes back."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.assignments.domain.child import (
    AcceptChild,
    ActivateChild,
    CloseReferral,
    Command,
    ExitChild,
    HandOverChild,
    PauseChild,
    ReferChild,
    ReopenChild,
    ResumeChild,
    child,
)
from services.assignments.domain.provision import Provision
from services.assignments.policies.children import child_of
from shared.contracts.assignments.child import (
    ChildAccepted,
    ChildActivated,
    ChildExited,
    ChildPaused,
    ChildReferred,
    ChildReopened,
    ChildResumed,
    ProvisionSpecified,
)
from shared.contracts.assignments.support_request import SupportRequestTakenOn
from shared.contracts.fact import Fact
from shared.contracts.words.privacy import opened
from tests.assignments.story import another
from tests.support.examples import example
from tests.support.given import given
from tests.support.people import ACCEPTED_AT, ASSIGNMENT, CHILD, RECEIVED_AT, REQUEST, SCHOOL, SUPPORT_BEGINS

taken_on = example(SupportRequestTakenOn)
referred = example(ChildReferred)
accepted = example(ChildAccepted)
specified = example(ProvisionSpecified).model_copy(update={"outcomes": ()})
activated = example(ChildActivated)
paused = example(ChildPaused)
resumed = example(ChildResumed)
exited = example(ChildExited)
reopened = example(ChildReopened)

here: tuple[Fact, ...] = (referred, accepted, specified)
active = (*here, activated)

refer = ReferChild(CHILD, REQUEST, SCHOOL, referred.name, referred.referred_on)
accept = AcceptChild(
    CHILD,
    REQUEST,
    SCHOOL,
    accepted.name,
    opened(accepted.birth_date),
    Provision(900, specified.areas, SUPPORT_BEGINS),
    RECEIVED_AT.date(),
    ACCEPTED_AT.date(),
)
activate = ActivateChild(ASSIGNMENT, SUPPORT_BEGINS)
pause = PauseChild("illness", paused.paused_from, paused.review_on)
resume = ResumeChild(resumed.resumed_on)
leave = ExitChild("outcomes_reached", exited.exited_on)
reopen = ReopenChild(reopened.reopened_on)


def test_a_child_is_accepted_with_the_request_s_provision() -> None:
    assert child_of(taken_on) == accept
    given(child).when(refer).then(referred)
    given(child, referred).when(refer).then_nothing()
    given(child, referred).when(accept).then(accepted, specified)
    given(child, *here).when(accept).then_nothing()
    given(child, *here).when(replace(accept, request_id=another("request"))).refused("child_already_accepted")


def test_whoever_comes_first_a_child_was_referred_before_it_is_accepted() -> None:
    given(child).when(accept).then(referred, accepted, specified)
    given(child, *here).when(refer).then_nothing()


def test_a_request_that_comes_to_nothing_lets_the_child_go() -> None:
    close = CloseReferral(REQUEST, date(2026, 6, 10))
    gone = ChildExited(child_id=CHILD, reason="not_taken_on", exited_on=close.on)
    given(child, referred).when(close).then(gone)
    given(child, referred, gone).when(close).then_nothing()
    withdrew = gone.model_copy(update={"reason": "family_withdrew"})
    given(child, *here).when(close).then(withdrew)
    given(child, *active).when(close).then_nothing()
    given(child, *here).when(replace(close, request_id=another("request"))).then_nothing()
    given(child, referred, gone).when(refer).then(referred)
    given(child, referred, gone, referred).when(accept).then(accepted, specified)


def test_the_first_mentor_of_its_own_activates_a_child() -> None:
    given(child, *here).when(activate).then(activated)
    given(child, *active).when(activate).then_nothing()
    given(child, *active).when(ActivateChild(another("second"), date(2027, 1, 4))).then_nothing()
    given(child, *active, exited).when(activate).then_nothing()


def test_support_rests_and_goes_on() -> None:
    given(child, *active).when(pause).then(paused)
    given(child, *active, paused).when(pause).then_nothing()
    given(child, *active, paused).when(replace(pause, reason="other")).refused("child_already_paused")
    given(child, *active, paused).when(resume).then(resumed)
    given(child, *active, paused, resumed).when(resume).then_nothing()
    given(child, *active, paused, resumed).when(pause).then(paused)
    given(child, *active).when(resume).refused("child_not_paused")
    given(child, *here).when(pause).refused("child_not_active")
    early = ResumeChild(paused.paused_from - timedelta(days=1))
    given(child, *active, paused).when(early).refused("invalid_resumed_on")
    given(child, *active).when(replace(pause, review_on=pause.paused_from)).refused("invalid_review_on")


def test_a_child_leaves_and_comes_back() -> None:
    given(child, *active).when(leave).then(exited)
    given(child, *active, paused).when(leave).then(exited)
    given(child, *active, exited).when(leave).then_nothing()
    given(child, *active, exited).when(ExitChild("moved_away", exited.exited_on)).refused("child_exited")
    given(child, *active, exited).when(reopen).then(reopened)
    given(child, *active, exited, reopened).when(reopen).then_nothing()
    again = activated.model_copy(update={"assignment_id": another("second")})
    command = ActivateChild(another("second"), SUPPORT_BEGINS)
    given(child, *active, exited, reopened).when(command).then(again)
    given(child, *active).when(reopen).refused("child_not_exited")
    given(child, *active, exited).when(ReopenChild(date(2027, 7, 21))).refused("invalid_reopened_on")
    given(child, *active).when(ExitChild("moved_away", date(2026, 6, 1))).refused("invalid_exited_on")
    given(child, *active).when(ExitChild("not_taken_on", exited.exited_on)).refused("invalid_reason")


def test_a_child_who_left_is_taken_on_again_on_a_new_request() -> None:
    second = another("second request")
    anew = replace(accept, request_id=second, on=date(2027, 9, 1))
    back = ChildReopened(child_id=CHILD, request_id=second, school_id=SCHOOL, reopened_on=anew.on)
    given(child, *active, exited).when(anew).then(back, specified)
    given(child, *active, exited, back, specified).when(anew).then_nothing()
    given(child, *active, exited).when(accept).then_nothing()
    given(child, *active, exited).when(replace(refer, request_id=second)).then_nothing()


def test_a_child_whom_another_region_owns_does_not_come_back_by_itself() -> None:
    gone = ChildExited(child_id=CHILD, reason="transferred", exited_on=date(2027, 2, 22))
    given(child, *active).when(HandOverChild(date(2027, 2, 22))).then(gone)
    given(child, *active, gone).when(HandOverChild(date(2027, 2, 22))).then_nothing()
    given(child, *active, gone).when(reopen).refused("child_transferred")
    anew = replace(accept, request_id=another("second request"))
    given(child, *active, gone).when(anew).refused("child_transferred")
    early = given(child, *active).when(HandOverChild(date(2026, 1, 1)))
    early.then(gone.model_copy(update={"exited_on": accepted.accepted_on}))


@pytest.mark.parametrize("command", [pause, resume, leave, reopen])
def test_nothing_happens_to_a_child_who_is_not_accepted(command: Command) -> None:
    given(child).when(command).refused("child_not_accepted", "not known here")
    given(child, referred).when(command).refused("child_not_accepted", "take the support request on")


@pytest.mark.parametrize("command", [pause, resume])
def test_nothing_happens_to_a_child_who_left(command: Command) -> None:
    given(child, *active, exited).when(command).refused("child_exited", "2027-07-22")
