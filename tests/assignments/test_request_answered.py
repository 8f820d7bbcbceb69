"""A request is received, triaged, asked about, put on the waiting list, and answered: each step once."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from services.assignments.domain.provision import Provision, outcomes_of
from services.assignments.domain.support_request import (
    AskForInformation,
    DeclineRequest,
    ReceiveRequest,
    RecordInformation,
    ResumeRequest,
    TakeOnRequest,
    TriageRequest,
    WaitlistRequest,
    WithdrawRequest,
    support_request,
)
from shared.contracts.assignments.support_request import (
    InformationReceived,
    InformationRequested,
    SupportRequestDeclined,
    SupportRequestReceived,
    SupportRequestResumed,
    SupportRequestTakenOn,
    SupportRequestTriaged,
    SupportRequestWaitlisted,
    SupportRequestWithdrawn,
)
from shared.contracts.words.privacy import opened
from shared.contracts.words.support import SchoolStatus
from tests.support.examples import example
from tests.support.given import given
from tests.support.people import ACCEPTED_AT, CHILD, RECEIVED_AT, REQUEST, SCHOOL

received = example(SupportRequestReceived)
triaged = example(SupportRequestTriaged)
asked = example(InformationRequested)
answered = example(InformationReceived)
taken_on = example(SupportRequestTakenOn)
waitlisted = example(SupportRequestWaitlisted)
resumed = example(SupportRequestResumed)
declined = example(SupportRequestDeclined)
withdrawn = example(SupportRequestWithdrawn)

provision = Provision(900, ("speech_and_language", "social"), taken_on.effective_from)
receive = ReceiveRequest(
    REQUEST,
    CHILD,
    SCHOOL,
    "open",
    "school",
    received.child_name,
    received.needs,
    RECEIVED_AT,
    received.requester_name,
)
triage = TriageRequest(triaged.urgency, triaged.areas, triaged.triaged_at)
ask = AskForInformation(asked.question, asked.answer_due_on, asked.requested_at)
record = RecordInformation(answered.answer, answered.received_at)
take_on = TakeOnRequest(opened(taken_on.birth_date), provision, ACCEPTED_AT)
waitlist = WaitlistRequest(waitlisted.reason, waitlisted.review_on, waitlisted.waitlisted_at)
resume = ResumeRequest(resumed.resumed_at)
decline = DeclineRequest("no_capacity", ACCEPTED_AT)
withdraw = WithdrawRequest("child_moved", ACCEPTED_AT)


def test_a_request_is_received_once() -> None:
    given(support_request).when(receive).then(received)
    given(support_request, received).when(receive).then_nothing()
    given(support_request, received).when(replace(receive, needs="more")).refused("request_already_received")


@pytest.mark.parametrize("status", ["closed", "proposed_to_open"])
def test_a_request_names_a_school_that_is_open(status: SchoolStatus) -> None:
    given(support_request).when(replace(receive, school_status=status)).refused("school_not_open")
    given(support_request).when(replace(receive, school_status=None)).refused("school_unknown")
    given(support_request).when(replace(receive, school_status="open_proposed_to_close")).then(received)


def test_a_child_is_asked_for_again_only_after_it_left() -> None:
    given(support_request).when(replace(receive, child_here="exited")).then(received)
    given(support_request).when(replace(receive, child_here="supported")).refused("child_already_supported")
    given(support_request).when(replace(receive, child_here="referred")).refused("child_already_referred")
    given(support_request).when(replace(receive, child_here="transferred")).refused("child_transferred")


def test_a_request_is_triaged_and_triaged_anew() -> None:
    given(support_request, received).when(triage).then(triaged)
    given(support_request, received, triaged).when(triage).then_nothing()
    urgent = replace(triage, urgency="urgent")
    fact = triaged.model_copy(update={"urgency": "urgent"})
    given(support_request, received, triaged).when(urgent).then(fact)
    waiting = fact.model_copy(update={"stage": "awaiting_information"})
    given(support_request, received, triaged, asked).when(urgent).then(waiting)
    listed = fact.model_copy(update={"stage": "waitlisted"})
    given(support_request, received, triaged, waitlisted).when(urgent).then(listed)
    given(support_request, received).when(replace(triage, areas=())).refused("invalid_areas")
    given(support_request, received, triaged, taken_on).when(urgent).refused("request_taken_on")


def test_a_question_keeps_the_request_waiting_until_it_is_answered() -> None:
    given(support_request, received).when(ask).refused("request_not_triaged")
    given(support_request, received, triaged).when(ask).then(asked)
    given(support_request, received, triaged, asked).when(ask).then_nothing()
    given(support_request, received, triaged, asked).when(take_on).refused("request_awaits_information")
    given(support_request, received, triaged, asked).when(waitlist).refused("request_awaits_information")
    given(support_request, received, triaged, asked).when(record).then(answered)
    given(support_request, received, triaged, asked, answered).when(record).then_nothing()
    given(support_request, received, triaged, asked, answered).when(take_on).then(taken_on)
    given(support_request, received, triaged).when(record).refused("nothing_asked")
    late = replace(ask, answer_due_on=date(2026, 6, 1))
    given(support_request, received, triaged).when(late).refused("invalid_answer_due_on")


def test_a_request_is_taken_on_with_a_provision() -> None:
    given(support_request, received, triaged).when(take_on).then(taken_on)
    given(support_request, received, triaged, taken_on).when(take_on).then_nothing()
    more = replace(take_on, provision=replace(provision, minutes_per_week=1200))
    given(support_request, received, triaged, taken_on).when(more).refused("request_already_taken_on")


def test_what_nobody_triaged_is_triaged_when_it_is_taken_on() -> None:
    judged = triaged.model_copy(update={"urgency": "urgent", "triaged_at": ACCEPTED_AT})
    given(support_request, received).when(replace(take_on, urgency="urgent")).then(judged, taken_on)


def test_outcomes_are_of_the_areas_of_the_provision_and_keep_their_ids() -> None:
    outcomes = outcomes_of(CHILD, [("social", "Ada asks other children to play.")])
    assert outcomes == outcomes_of(CHILD, [("social", "Ada asks other children to play.")])
    wanted = replace(take_on, provision=replace(provision, outcomes=outcomes))
    given(support_request, received, triaged).when(wanted).then(
        taken_on.model_copy(update={"outcomes": outcomes})
    )
    elsewhere = replace(take_on, provision=replace(provision, areas=("academic",), outcomes=outcomes))
    given(support_request, received, triaged).when(elsewhere).refused("invalid_provision", "outcome")


def test_the_waiting_list_and_back() -> None:
    given(support_request, received).when(waitlist).refused("request_not_triaged")
    before = resumed.model_copy(update={"stage": "triaged"})
    given(support_request, received, triaged).when(waitlist).then(waitlisted)
    given(support_request, received, triaged, waitlisted).when(waitlist).then_nothing()
    given(support_request, received, triaged, waitlisted).when(resume).then(before)
    given(support_request, received, triaged, waitlisted, before).when(resume).then_nothing()
    given(support_request, received, triaged, taken_on, waitlisted).when(resume).then(resumed)
    later = replace(waitlist, review_on=waitlist.review_on + timedelta(days=30))
    again = waitlisted.model_copy(update={"review_on": later.review_on})
    given(support_request, received, triaged, waitlisted).when(later).then(again)
    over = replace(waitlist, review_on=waitlist.at.date())
    given(support_request, received, triaged).when(over).refused("invalid_review_on")


def test_a_request_is_taken_on_from_the_waiting_list() -> None:
    back = SupportRequestResumed(request_id=REQUEST, child_id=CHILD, stage="triaged", resumed_at=ACCEPTED_AT)
    given(support_request, received, triaged, waitlisted).when(take_on).then(back, taken_on)


def test_a_request_is_declined_or_withdrawn_once() -> None:
    given(support_request, received).when(decline).then(declined)
    given(support_request, received, triaged, asked).when(decline).then(declined)
    given(support_request, received, triaged, waitlisted).when(decline).then(declined)
    given(support_request, received, declined).when(decline).then_nothing()
    given(support_request, received).when(withdraw).then(withdrawn)
    given(support_request, received, triaged, taken_on).when(withdraw).then(withdrawn)
    given(support_request, received, withdrawn).when(withdraw).then_nothing()


@pytest.mark.parametrize("command", [triage, ask, record, take_on, waitlist, resume, decline, withdraw])
def test_a_request_that_nobody_made_has_no_answer(command: Any) -> None:
    given(support_request).when(command).refused("request_unknown")


@pytest.mark.parametrize("command", [triage, ask, record, take_on, waitlist, resume])
def test_a_closed_request_stays_closed(command: Any) -> None:
    given(support_request, received, triaged, declined).when(command).refused("request_declined")
    given(support_request, received, triaged, withdrawn).when(command).refused("request_withdrawn")


def test_an_answered_request_has_no_other_answer() -> None:
    given(support_request, received, triaged, taken_on).when(decline).refused("request_taken_on")
    given(support_request, received, declined).when(replace(decline, reason="duplicate")).refused("declined")
    given(support_request, received, declined).when(withdraw).refused("request_declined")


@pytest.mark.parametrize("minutes", [0, -5, 45 * 60 + 1])
def test_a_provision_can_be_delivered(minutes: int) -> None:
    impossible = replace(take_on, provision=replace(provision, minutes_per_week=minutes))
    given(support_request, received).when(impossible).refused("invalid_provision")


def test_a_provision_names_each_area_once() -> None:
    nothing = replace(take_on, provision=replace(provision, areas=()))
    twice = replace(take_on, provision=replace(provision, areas=("social", "social")))
    given(support_request, received).when(nothing).refused("at least one area")
    given(support_request, received).when(twice).refused("named twice")


@pytest.mark.parametrize("born", [date(2026, 6, 9), date(2000, 6, 8)])
def test_a_child_is_born_and_at_most_25(born: date) -> None:
    given(support_request, received).when(replace(take_on, birth_date=born)).refused("invalid_birth_date")


def test_a_child_is_asked_for_once_at_a_time_until_it_is_the_agencys() -> None:
    keys = [
        {claim.key for claim in given(support_request, *facts).when().claims}
        for facts in ((received,), (received, triaged), (received, triaged, waitlisted), (received, declined))
    ]
    held = {f"asked-for:{received.child_id}"}
    assert keys == [held, held, held, set()]
