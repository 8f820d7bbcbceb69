"""What the assignments service publishes: schools, requests, children, mentors, and who supports whom."""

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, Field

from shared.contracts.fact import Fact, Personal, published
from shared.contracts.words import (
    Area,
    AssignmentId,
    ChildId,
    DeclineReason,
    EndReason,
    MentorId,
    OfferCancelReason,
    Requester,
    RequestId,
    Role,
    SchoolId,
    SchoolPhase,
    SchoolStatus,
    WithdrawalReason,
)

Age = Annotated[int | None, Field(description="pupils' age in years, from the register")]
TimeZone = Annotated[str, Field(description="IANA time zone of the school's timetable")]
ChildName = Annotated[str, Personal(of="child_id"), Field(description="the child's full name")]
BirthDate = Annotated[date, Personal(of="child_id"), Field(description="the child's date of birth")]
Minutes = Annotated[int, Field(description="minutes of support in a school week")]
Areas = Annotated[tuple[Area, ...], Field(description="what the support is for")]


class SchoolDetails(Fact):
    """What the register tells of a school."""

    school_id: SchoolId
    urn: Annotated[int, Field(description="unique reference number in the English register (GIAS)")]
    name: Annotated[str, Field(description="the school's name")]
    local_authority: Annotated[str, Field(description="the local authority it lies in")]
    town: Annotated[str | None, Field(description="town; None when the register has none")]
    postcode: Annotated[str | None, Field(description="postcode; None when the register has none")]
    phase: Annotated[SchoolPhase, Field(description="phase of education")]
    status: Annotated[SchoolStatus, Field(description="whether it is open")]
    lowest_age: Age = None
    highest_age: Age = None
    opened_on: Annotated[date | None, Field(description="the day it opened, if the register tells")] = None
    closed_on: Annotated[date | None, Field(description="the day it closed, if it did")] = None
    time_zone: TimeZone = "Europe/London"


@published("assignments.SchoolRegistered.v1", aggregate="school")
class SchoolRegistered(SchoolDetails):
    """A school was taken over from the register for the first time."""


@published("assignments.SchoolDetailsChanged.v1", aggregate="school")
class SchoolDetailsChanged(SchoolDetails):
    """The register tells something new of a known school; all its details as they are now."""


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


@published("assignments.ChildAccepted.v1", aggregate="child")
class ChildAccepted(Fact):
    """The agency is responsible for this child's support from now on."""

    child_id: ChildId
    request_id: RequestId
    school_id: SchoolId
    name: ChildName
    birth_date: BirthDate
    accepted_on: Annotated[date, Field(description="the day of acceptance")]


@published("assignments.ProvisionSpecified.v1", aggregate="child")
class ProvisionSpecified(Fact):
    """How much support a child gets, and for what; replaces what was specified before from that day on."""

    child_id: ChildId
    minutes_per_week: Minutes
    areas: Areas
    effective_from: Annotated[date, Field(description="first day of this provision")]


@published("assignments.MentorEngaged.v1", aggregate="mentor")
class MentorEngaged(Fact):
    """A learning mentor works for the agency; says nothing of being fit to be with a child."""

    mentor_id: MentorId
    name: Annotated[str, Personal(of="mentor_id"), Field(description="the mentor's full name")]
    email: Annotated[str, Personal(of="mentor_id"), Field(description="where the mentor reads e-mail")]
    engaged_on: Annotated[date, Field(description="first day of employment")]


@published("assignments.MentorLeft.v1", aggregate="mentor")
class MentorLeft(Fact):
    """A mentor no longer works for the agency."""

    mentor_id: MentorId
    left_on: Annotated[date, Field(description="first day without the mentor")]


@published("assignments.MentorOffered.v1", aggregate="assignment")
class MentorOffered(Fact):
    """A mentor who passed the gate is proposed to a child's school and family."""

    assignment_id: AssignmentId
    child_id: ChildId
    mentor_id: MentorId
    school_id: SchoolId
    role: Annotated[Role, Field(description="as the child's own mentor, or as a substitute")]
    offered_at: Annotated[AwareDatetime, Field(description="when the offer was made")]


@published("assignments.OfferCancelled.v1", aggregate="assignment")
class OfferCancelled(Fact):
    """An offer came to nothing."""

    assignment_id: AssignmentId
    child_id: ChildId
    mentor_id: MentorId
    school_id: SchoolId
    reason: Annotated[OfferCancelReason, Field(description="why")]
    cancelled_at: Annotated[AwareDatetime, Field(description="when it was cancelled")]


@published("assignments.MentorAssigned.v1", aggregate="assignment")
class MentorAssigned(Fact):
    """From this day on, this mentor supports this child."""

    assignment_id: AssignmentId
    child_id: ChildId
    mentor_id: MentorId
    school_id: SchoolId
    role: Annotated[Role, Field(description="as the child's own mentor, or as a substitute")]
    effective_from: Annotated[date, Field(description="first day of support")]


@published("assignments.AssignmentEnded.v1", aggregate="assignment")
class AssignmentEnded(Fact):
    """The mentor no longer supports the child."""

    assignment_id: AssignmentId
    child_id: ChildId
    mentor_id: MentorId
    school_id: SchoolId
    role: Annotated[Role, Field(description="what the mentor was to the child")]
    reason: Annotated[EndReason, Field(description="why")]
    ended_on: Annotated[date, Field(description="first day without this mentor")]
