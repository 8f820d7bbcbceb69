"""Requests are answered once, and an accepted one makes the child the agency's."""

from dataclasses import replace
from datetime import date

import pytest

from services.assignments.domain.child import AcceptChild, Accepted, SpecifyProvision, child, in_force
from services.assignments.domain.mentor import EngageMentor, LetMentorGo, mentor
from services.assignments.domain.provision import Provision
from services.assignments.domain.school import RecordSchool, school, school_id
from services.assignments.domain.support_request import (
    AcceptRequest,
    DeclineRequest,
    ReceiveRequest,
    WithdrawRequest,
    support_request,
)
from services.assignments.policies.children import child_of
from shared.contracts.assignments.child import ChildAccepted, ProvisionSpecified
from shared.contracts.assignments.mentor import MentorEngaged, MentorLeft
from shared.contracts.assignments.school import SchoolDetails, SchoolDetailsChanged, SchoolRegistered
from shared.contracts.assignments.support_request import (
    SupportRequestAccepted,
    SupportRequestDeclined,
    SupportRequestReceived,
    SupportRequestWithdrawn,
)
from shared.contracts.words.support import SchoolStatus
from tests.assignments.story import another
from tests.support.examples import example
from tests.support.given import given
from tests.support.people import ACCEPTED_AT, CHILD, ENGAGED_ON, MENTOR, RECEIVED_AT, REQUEST, SCHOOL

received = example(SupportRequestReceived)
accepted = example(SupportRequestAccepted)
declined = example(SupportRequestDeclined)
withdrawn = example(SupportRequestWithdrawn)
child_accepted = example(ChildAccepted)
specified = example(ProvisionSpecified)
engaged = example(MentorEngaged)
left = example(MentorLeft)

provision = Provision(900, ("speech_and_language", "social"), accepted.effective_from)
receive = ReceiveRequest(
    REQUEST, CHILD, SCHOOL, "open", "school", received.child_name, received.needs, RECEIVED_AT
)
accept = AcceptRequest(accepted.birth_date, provision, ACCEPTED_AT)
decline = DeclineRequest("no_capacity", ACCEPTED_AT)
withdraw = WithdrawRequest("child_moved", ACCEPTED_AT)
accept_child = AcceptChild(
    CHILD, REQUEST, SCHOOL, accepted.child_name, accepted.birth_date, provision, ACCEPTED_AT.date()
)


def test_a_request_is_received_once() -> None:
    given(support_request).when(receive).then(received)
    given(support_request, received).when(receive).then_nothing()
    given(support_request, received).when(replace(receive, needs="more")).refused("request_already_received")


@pytest.mark.parametrize("status", ["closed", "proposed_to_open"])
def test_a_request_names_a_school_that_is_open(status: SchoolStatus) -> None:
    given(support_request).when(replace(receive, school_status=status)).refused("school_not_open")
    given(support_request).when(replace(receive, school_status=None)).refused("school_unknown")
    given(support_request).when(replace(receive, school_status="open_proposed_to_close")).then(received)


def test_a_request_is_accepted_with_a_provision() -> None:
    given(support_request, received).when(accept).then(accepted)
    given(support_request, received, accepted).when(accept).then_nothing()
    more = replace(accept, provision=replace(provision, minutes_per_week=1200))
    given(support_request, received, accepted).when(more).refused("request_already_accepted")


def test_a_request_is_declined_or_withdrawn_once() -> None:
    given(support_request, received).when(decline).then(declined)
    given(support_request, received, declined).when(decline).then_nothing()
    given(support_request, received).when(withdraw).then(withdrawn)
    given(support_request, received, withdrawn).when(withdraw).then_nothing()


@pytest.mark.parametrize("command", [accept, decline, withdraw])
def test_a_request_that_nobody_made_has_no_answer(command: AcceptRequest) -> None:
    given(support_request).when(command).refused("request_unknown")


def test_an_answered_request_has_no_other_answer() -> None:
    given(support_request, received, accepted).when(decline).refused("request_accepted")
    given(support_request, received, declined).when(accept).refused("request_declined", "no_capacity")
    given(support_request, received, withdrawn).when(accept).refused("request_withdrawn", "child_moved")
    given(support_request, received, declined).when(replace(decline, reason="duplicate")).refused("declined")


@pytest.mark.parametrize("minutes", [0, -5, 45 * 60 + 1])
def test_a_provision_can_be_delivered(minutes: int) -> None:
    impossible = replace(provision, minutes_per_week=minutes)
    given(support_request, received).when(replace(accept, provision=impossible)).refused("invalid_provision")
    given(child, child_accepted).when(SpecifyProvision(impossible)).refused("invalid_provision")


def test_a_provision_names_each_area_once() -> None:
    nothing = replace(accept, provision=replace(provision, areas=()))
    twice = replace(accept, provision=replace(provision, areas=("social", "social")))
    given(support_request, received).when(nothing).refused("at least one area")
    given(support_request, received).when(twice).refused("named twice")


@pytest.mark.parametrize("born", [date(2026, 6, 9), date(2000, 6, 8)])
def test_a_child_is_born_and_at_most_25(born: date) -> None:
    given(support_request, received).when(replace(accept, birth_date=born)).refused("invalid_birth_date")


def test_a_child_is_accepted_with_the_request_s_provision() -> None:
    assert child_of(accepted) == accept_child
    given(child).when(accept_child).then(child_accepted, specified)
    given(child, child_accepted, specified).when(accept_child).then_nothing()
    other = replace(accept_child, request_id=another("request"))
    given(child, child_accepted, specified).when(other).refused("child_already_accepted")


def test_a_provision_changes_from_a_day_on() -> None:
    more = Provision(1200, ("academic",), date(2027, 1, 4))
    fact = specified.model_copy(
        update={"minutes_per_week": 1200, "areas": ("academic",), "effective_from": date(2027, 1, 4)}
    )
    given(child, child_accepted, specified).when(SpecifyProvision(more)).then(fact)
    given(child, child_accepted, specified, fact).when(SpecifyProvision(more)).then_nothing()
    given(child).when(SpecifyProvision(more)).refused("child_not_accepted")


def test_the_provision_in_force_is_the_latest_to_begin() -> None:
    january = replace(provision, effective_from=date(2027, 1, 4), minutes_per_week=600)
    corrected = replace(january, minutes_per_week=660)
    state = Accepted(CHILD, REQUEST, (january, provision, corrected))
    assert in_force(state, date(2026, 9, 6)) is None
    assert in_force(state, date(2027, 1, 3)) == provision
    assert in_force(state, date(2027, 1, 4)) == corrected


def test_a_mentor_is_engaged_once_and_leaves_once() -> None:
    engage = EngageMentor(MENTOR, engaged.name, engaged.email, ENGAGED_ON)
    given(mentor).when(engage).then(engaged)
    given(mentor, engaged).when(engage).then_nothing()
    given(mentor, engaged, left).when(engage).then_nothing()
    given(mentor, engaged).when(replace(engage, name="Ruth Bello")).refused("mentor_already_engaged")
    given(mentor, engaged).when(LetMentorGo(left.left_on)).then(left)
    given(mentor, engaged, left).when(LetMentorGo(left.left_on)).then_nothing()
    given(mentor, engaged, left).when(LetMentorGo(date(2028, 1, 1))).refused("mentor_already_left")
    given(mentor, engaged).when(LetMentorGo(date(2024, 1, 1))).refused("invalid_left_on")
    given(mentor).when(LetMentorGo(left.left_on)).refused("mentor_not_engaged")


def test_a_school_is_recorded_when_the_register_says_something_new() -> None:
    registered, changed = example(SchoolRegistered), example(SchoolDetailsChanged)
    details = SchoolDetails(**dict(registered))
    now = SchoolDetails(**dict(changed))
    given(school).when(RecordSchool(details)).then(registered)
    given(school, registered).when(RecordSchool(details)).then_nothing()
    given(school, registered).when(RecordSchool(now)).then(changed)
    given(school, registered, changed).when(RecordSchool(now)).then_nothing()
    assert school_id(130000) == school_id(130000) != school_id(130001)
