"""The facts of the link between one mentor and one child."""

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, Field

from shared.contracts.fact import Fact, published
from shared.contracts.words.ids import AssignmentId, ChildId, MentorId, SchoolId
from shared.contracts.words.support import EndReason, OfferCancelReason, Role


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
