"""The facts of an ask for support, from its arrival to the mentor who supports the child."""

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, Field

from shared.contracts.assignments.child import Areas, BirthDate, ChildName, Minutes, Outcomes
from shared.contracts.fact import Fact, Personal, published
from shared.contracts.words.ids import AssignmentId, ChildId, RequestId, SchoolId
from shared.contracts.words.requests import RequestStage, Urgency, WaitlistReason
from shared.contracts.words.support import (
    DeclineReason,
    EndReason,
    OfferCancelReason,
    Requester,
    WithdrawalReason,
)

Stage = Annotated[RequestStage, Field(description="where the request stands after it")]


@published("assignments.SupportRequestReceived.v1", aggregate="support_request")
class SupportRequestReceived(Fact):
    """A parent, a school or a local authority asks for support of a child."""

    request_id: RequestId
    child_id: ChildId
    school_id: SchoolId
    requester_kind: Annotated[Requester, Field(description="who asks")]
    child_name: ChildName
    needs: Annotated[
        str,
        Personal(of="child_id", keep="casework"),
        Field(description="what the child needs, in plain words"),
    ]
    received_at: Annotated[AwareDatetime, Field(description="when the request arrived")]
    requester_name: Annotated[
        str | None,
        Personal(of="child_id", keep="contact"),
        Field(description="whoever asks, by name, when it was given"),
    ] = None


@published("assignments.SupportRequestTriaged.v1", aggregate="support_request")
class SupportRequestTriaged(Fact):
    """A coordinator judged how soon support is needed, and for what; replaces what was judged before."""

    request_id: RequestId
    child_id: ChildId
    urgency: Annotated[Urgency, Field(description="how soon support is needed")]
    areas: Areas
    stage: Stage
    triaged_at: Annotated[AwareDatetime, Field(description="when it was judged")]


@published("assignments.InformationRequested.v1", aggregate="support_request")
class InformationRequested(Fact):
    """The agency needs to know more before it can answer; the request waits for it."""

    request_id: RequestId
    child_id: ChildId
    question: Annotated[
        str, Personal(of="child_id", keep="casework"), Field(description="what the agency has to know")
    ]
    answer_due_on: Annotated[date, Field(description="the day by which the answer is expected")]
    requested_at: Annotated[AwareDatetime, Field(description="when it was asked")]


@published("assignments.InformationReceived.v1", aggregate="support_request")
class InformationReceived(Fact):
    """Whoever asked for support said what the agency wanted to know."""

    request_id: RequestId
    child_id: ChildId
    answer: Annotated[str, Personal(of="child_id", keep="casework"), Field(description="what was answered")]
    received_at: Annotated[AwareDatetime, Field(description="when the answer arrived")]


@published("assignments.SupportRequestTakenOn.v1", aggregate="support_request")
class SupportRequestTakenOn(Fact):
    """The agency takes the request on, with this provision; the child is accepted with it, a mentor sought."""

    request_id: RequestId
    child_id: ChildId
    school_id: SchoolId
    child_name: ChildName
    birth_date: BirthDate
    minutes_per_week: Minutes
    areas: Areas
    effective_from: Annotated[date, Field(description="first day of the provision")]
    taken_on_at: Annotated[AwareDatetime, Field(description="when it was taken on")]
    received_on: Annotated[date, Field(description="the day on which the request had arrived")]
    outcomes: Outcomes = ()
    next_review_on: Annotated[
        date | None, Field(description="first review of the provision; None leaves it to the agency's rule")
    ] = None


@published("assignments.SupportRequestWaitlisted.v1", aggregate="support_request")
class SupportRequestWaitlisted(Fact):
    """The request waits for its turn; it is neither answered nor forgotten."""

    request_id: RequestId
    child_id: ChildId
    reason: Annotated[WaitlistReason, Field(description="why it has to wait")]
    review_on: Annotated[date, Field(description="the day on which it is looked at again, at the latest")]
    waitlisted_at: Annotated[AwareDatetime, Field(description="when it was put on the waiting list")]


@published("assignments.SupportRequestResumed.v1", aggregate="support_request")
class SupportRequestResumed(Fact):
    """The request left the waiting list and goes on where it stood before."""

    request_id: RequestId
    child_id: ChildId
    stage: Stage
    resumed_at: Annotated[AwareDatetime, Field(description="when it left the waiting list")]


@published("assignments.SupportRequestOffered.v1", aggregate="support_request")
class SupportRequestOffered(Fact):
    """A mentor was offered for the child of this request."""

    request_id: RequestId
    child_id: ChildId
    assignment_id: AssignmentId
    stage: Stage
    offered_at: Annotated[AwareDatetime, Field(description="when the offer was made")]


@published("assignments.SupportRequestAccepted.v1", aggregate="support_request")
class SupportRequestAccepted(Fact):
    """Whoever asked for support agreed to the mentor who was offered."""

    request_id: RequestId
    child_id: ChildId
    assignment_id: AssignmentId
    accepted_at: Annotated[AwareDatetime, Field(description="when the offer was agreed to")]


@published("assignments.SupportRequestMatchLost.v1", aggregate="support_request")
class SupportRequestMatchLost(Fact):
    """An offer came to nothing, or the assignment was undone. When no offer is left, a mentor is sought again."""

    request_id: RequestId
    child_id: ChildId
    assignment_id: AssignmentId
    reason: Annotated[OfferCancelReason | EndReason, Field(description="why it came to nothing")]
    stage: Stage
    lost_at: Annotated[AwareDatetime, Field(description="when it came to nothing")]


@published("assignments.SupportRequestFulfilled.v1", aggregate="support_request")
class SupportRequestFulfilled(Fact):
    """A mentor supports the child: what was asked for is given."""

    request_id: RequestId
    child_id: ChildId
    assignment_id: AssignmentId
    fulfilled_on: Annotated[date, Field(description="first day of support")]


@published("assignments.SupportRequestDeclined.v1", aggregate="support_request")
class SupportRequestDeclined(Fact):
    """The agency does not take the request on."""

    request_id: RequestId
    child_id: ChildId
    reason: Annotated[DeclineReason, Field(description="why not")]
    declined_at: Annotated[AwareDatetime, Field(description="when it was declined")]


@published("assignments.SupportRequestWithdrawn.v1", aggregate="support_request")
class SupportRequestWithdrawn(Fact):
    """Whoever asked no longer asks."""

    request_id: RequestId
    child_id: ChildId
    reason: Annotated[WithdrawalReason, Field(description="why")]
    withdrawn_at: Annotated[AwareDatetime, Field(description="when it was withdrawn")]
