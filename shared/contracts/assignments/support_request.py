"""The facts of an ask for support."""

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, Field

from shared.contracts.assignments.child import Areas, BirthDate, ChildName, Minutes
from shared.contracts.fact import Fact, Personal, published
from shared.contracts.words.ids import ChildId, RequestId, SchoolId
from shared.contracts.words.support import DeclineReason, Requester, WithdrawalReason


@published("assignments.SupportRequestReceived.v1", aggregate="support_request")
class SupportRequestReceived(Fact):
    """A parent, a school or a local authority asks for support of a child."""

    request_id: RequestId
    child_id: ChildId
    school_id: SchoolId
    requester_kind: Annotated[Requester, Field(description="who asks")]
    child_name: ChildName
    needs: Annotated[str, Personal(of="child_id"), Field(description="what the child needs, in plain words")]
    received_at: Annotated[AwareDatetime, Field(description="when the request arrived")]


@published("assignments.SupportRequestAccepted.v1", aggregate="support_request")
class SupportRequestAccepted(Fact):
    """The agency takes the request on, with this provision; the child is accepted with it."""

    request_id: RequestId
    child_id: ChildId
    school_id: SchoolId
    child_name: ChildName
    birth_date: BirthDate
    minutes_per_week: Minutes
    areas: Areas
    effective_from: Annotated[date, Field(description="first day of the provision")]
    accepted_at: Annotated[AwareDatetime, Field(description="when it was accepted")]


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
