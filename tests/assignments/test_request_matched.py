"""A request that was taken on follows the offers and assignments of its child."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.assignments.domain.child import ActivateChild
from services.assignments.domain.provision import Provision
from services.assignments.domain.support_request import (
    NoteAgreement,
    NoteLoss,
    NoteOffer,
    NoteSupport,
    TakeOnRequest,
    WaitlistRequest,
    WithdrawRequest,
    support_request,
)
from services.assignments.policies.requests import follow_assignment
from shared.contracts.assignments.assignment import (
    AssignmentEnded,
    MentorAssigned,
    MentorOffered,
    OfferAccepted,
)
from shared.contracts.assignments.support_request import (
    SupportRequestAccepted,
    SupportRequestFulfilled,
    SupportRequestMatchLost,
    SupportRequestOffered,
    SupportRequestReceived,
    SupportRequestResumed,
    SupportRequestTakenOn,
    SupportRequestTriaged,
    SupportRequestWaitlisted,
    SupportRequestWithdrawn,
)
from shared.contracts.fact import Fact
from shared.contracts.words.privacy import opened
from shared.kernel.recorded import Recorded
from tests.assignments.story import another
from tests.support.examples import example
from tests.support.given import given
from tests.support.people import ACCEPTED_AT, ASSIGNMENT, SUPPORT_BEGINS

offered = example(SupportRequestOffered)
accepted = example(SupportRequestAccepted)
lost = example(SupportRequestMatchLost)
fulfilled = example(SupportRequestFulfilled)
waitlisted = example(SupportRequestWaitlisted)
received = example(SupportRequestReceived)
triaged = example(SupportRequestTriaged)
matching: tuple[Fact, ...] = (received, triaged, example(SupportRequestTakenOn))

AT = offered.offered_at
OTHER = another("offer of Noor")
offer = NoteOffer(ASSIGNMENT, AT)
agree = NoteAgreement(ASSIGNMENT, accepted.accepted_at)
lose = NoteLoss(ASSIGNMENT, "school_declined", lost.lost_at)
begin = NoteSupport(ASSIGNMENT, SUPPORT_BEGINS, AT)


def of(fact: Fact, assignment_id: UUID, **fields: object) -> Fact:
    return fact.model_copy(update={"assignment_id": assignment_id, **fields})


def test_an_offer_is_agreed_to_and_fulfils_the_request() -> None:
    given(support_request, *matching).when(offer).then(offered)
    given(support_request, *matching, offered).when(offer).then_nothing()
    given(support_request, *matching, offered).when(agree).then(accepted)
    given(support_request, *matching, offered, accepted).when(agree).then_nothing()
    given(support_request, *matching, offered, accepted).when(begin).then(fulfilled)
    given(support_request, *matching, offered, accepted, fulfilled).when(begin).then_nothing()


def test_an_offer_that_comes_to_nothing_brings_the_request_back() -> None:
    given(support_request, *matching, offered).when(lose).then(lost)
    given(support_request, *matching, offered, accepted).when(lose).then(lost)
    given(support_request, *matching, offered, lost).when(lose).then_nothing()
    given(support_request, *matching, offered, lost).when(offer).then_nothing()
    given(support_request, *matching, offered, lost).when(agree).then_nothing()
    given(support_request, *matching, offered, lost).when(NoteOffer(OTHER, AT)).then(of(offered, OTHER))


def test_of_two_offers_one_is_left() -> None:
    other = of(offered, OTHER)
    still = lost.model_copy(update={"stage": "offered"})
    given(support_request, *matching, offered, other).when(lose).then(still)
    agreed = of(accepted, OTHER)
    still = lost.model_copy(update={"stage": "accepted"})
    given(support_request, *matching, offered, other, agreed).when(lose).then(still)
    third = NoteOffer(another("third"), AT)
    late = of(offered, another("third"), stage="accepted")
    given(support_request, *matching, offered, accepted).when(third).then(late)


def test_an_assignment_that_was_undone_fulfils_nothing() -> None:
    done = (*matching, offered, accepted, fulfilled)
    undone = NoteLoss(ASSIGNMENT, "made_in_error", AT, SUPPORT_BEGINS)
    fact = SupportRequestMatchLost(
        **dict(lost) | {"reason": "made_in_error", "lost_at": AT, "stage": "matching"}
    )
    given(support_request, *done).when(undone).then(fact)
    a_day_later = NoteLoss(ASSIGNMENT, "child_left", AT, SUPPORT_BEGINS + timedelta(days=1))
    given(support_request, *done).when(a_day_later).then_nothing()
    given(support_request, *done).when(NoteLoss(OTHER, "replaced", AT, SUPPORT_BEGINS)).then_nothing()
    given(support_request, *done, fact).when(NoteOffer(OTHER, AT)).then(of(offered, OTHER))


def test_an_offer_takes_a_request_off_the_waiting_list() -> None:
    back = SupportRequestResumed(
        request_id=received.request_id, child_id=received.child_id, stage="matching", resumed_at=AT
    )
    given(support_request, *matching, waitlisted).when(offer).then(back, offered)
    given(support_request, *matching, waitlisted).when(begin).then(back, fulfilled)
    given(support_request, *matching, waitlisted).when(agree).then_nothing()


def test_a_request_with_an_offer_does_not_wait() -> None:
    wait = WaitlistRequest("no_mentor_free", waitlisted.review_on, AT)
    given(support_request, *matching, offered).when(wait).refused("request_has_offer")
    given(support_request, *matching, offered, accepted, fulfilled).when(wait).refused("request_fulfilled")


def test_a_request_is_withdrawn_until_it_is_fulfilled() -> None:
    withdraw = WithdrawRequest("child_moved", ACCEPTED_AT)
    withdrawn = example(SupportRequestWithdrawn)
    given(support_request, *matching, offered, accepted).when(withdraw).then(withdrawn)
    given(support_request, *matching, offered, accepted, fulfilled).when(withdraw).refused(
        "request_fulfilled"
    )


@pytest.mark.parametrize("command", [offer, agree, lose, begin])
def test_what_happens_to_assignments_never_refuses(
    command: NoteOffer | NoteAgreement | NoteLoss | NoteSupport,
) -> None:
    for facts in ((), (received,), (received, triaged), (received, example(SupportRequestWithdrawn))):
        given(support_request, *facts).when(command).then_nothing()


def test_taking_on_again_after_the_offer_changes_nothing() -> None:
    known = example(SupportRequestTakenOn)
    again = TakeOnRequest(
        opened(known.birth_date), Provision(900, known.areas, known.effective_from), ACCEPTED_AT
    )
    given(support_request, *matching, offered).when(again).then_nothing()


def recorded(fact: Fact) -> Recorded[Any]:
    return Recorded(
        fact=fact,
        source="assignments",
        position=1,
        stream=ASSIGNMENT,
        version=1,
        recorded_at=AT,
        id=ASSIGNMENT,
        region="uk-london",
        actor="test",
        correlation_id="test",
        causation_id="test",
    )


def test_a_mentor_who_covers_answers_no_request_and_activates_no_child() -> None:
    for kind in (MentorOffered, OfferAccepted, MentorAssigned, AssignmentEnded):
        primary: Fact = example(kind).model_copy(update={"role": "primary"})
        cover: Fact = example(kind).model_copy(update={"role": "cover"})
        assert list(follow_assignment(recorded(primary), received.request_id)), kind
        assert list(follow_assignment(recorded(cover), received.request_id)) == []


def test_a_child_without_a_request_is_activated_all_the_same() -> None:
    (issue,) = follow_assignment(recorded(example(MentorAssigned)), None)
    assert issue.command == ActivateChild(ASSIGNMENT, SUPPORT_BEGINS)
    assert list(follow_assignment(recorded(example(MentorOffered)), None)) == []
