"""The facts of the link between one mentor and one child."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.contracts.fact import Concerns, Fact, published
from shared.contracts.words.ids import AssignmentId, ChildId, CoverId, MentorId, SchoolId
from shared.contracts.words.mentoring import CoverReason, PauseReason
from shared.contracts.words.support import EndReason, OfferCancelReason, Role

AsRole = Annotated[Role, Field(description="as the child's own mentor, or as a substitute")]
Slot = Annotated[
    int, Field(description="which of the places that the exclusivity limit allows; 1 is the first")
]


@published("assignments.MentorOffered.v1", aggregate="assignment")
class MentorOffered(Fact):
    """A mentor who passed the gate is proposed to a child's school and family."""

    assignment_id: AssignmentId
    child_id: ChildId
    mentor_id: MentorId
    school_id: SchoolId
    role: AsRole
    offered_at: Annotated[AwareDatetime, Field(description="when the offer was made")]


@published("assignments.OfferAccepted.v1", aggregate="assignment")
class OfferAccepted(Fact):
    """School and family, and the mentor, agree; what is left is to begin."""

    assignment_id: AssignmentId
    child_id: ChildId
    mentor_id: MentorId
    school_id: SchoolId
    role: AsRole
    accepted_at: Annotated[AwareDatetime, Field(description="when it was agreed to")]


@published("assignments.OfferCancelled.v1", aggregate="assignment")
class OfferCancelled(Fact):
    """An offer came to nothing, whether it had been agreed to or not."""

    assignment_id: AssignmentId
    child_id: ChildId
    mentor_id: MentorId
    school_id: SchoolId
    reason: Annotated[OfferCancelReason, Field(description="why")]
    cancelled_at: Annotated[AwareDatetime, Field(description="when it was cancelled")]


@published("assignments.MentorAssigned.v1", aggregate="assignment")
class MentorAssigned(Fact):
    """From this day on, this mentor supports this child; as cover up to a day that is known."""

    assignment_id: AssignmentId
    child_id: ChildId
    mentor_id: MentorId
    school_id: SchoolId
    role: AsRole
    effective_from: Annotated[date, Field(description="first day of support")]
    effective_until: Annotated[
        date | None, Field(description="first day without this mentor, as agreed for cover; else None")
    ] = None
    cover_id: Annotated[
        UUID | None, Concerns("cover"), Field(description="the cover that led to it; None for a primary")
    ] = None
    days: Annotated[
        tuple[date, ...] | None,
        Field(description="the days of a cover: a weekend in between is nobody's; None for a primary"),
    ] = None
    child_slot: Slot = 1
    mentor_slot: Slot = 1


@published("assignments.AssignmentPaused.v1", aggregate="assignment")
class AssignmentPaused(Fact):
    """Support is interrupted; mentor and child stay linked."""

    assignment_id: AssignmentId
    child_id: ChildId
    mentor_id: MentorId
    school_id: SchoolId
    role: AsRole
    reason: Annotated[PauseReason, Field(description="why")]
    paused_from: Annotated[date, Field(description="first day without support")]
    review_on: Annotated[date | None, Field(description="when to see whether it can go on")]


@published("assignments.AssignmentResumed.v1", aggregate="assignment")
class AssignmentResumed(Fact):
    """Support goes on after a pause."""

    assignment_id: AssignmentId
    child_id: ChildId
    mentor_id: MentorId
    school_id: SchoolId
    role: AsRole
    paused_from: Annotated[date, Field(description="first day of the pause that is over")]
    resumed_on: Annotated[
        date, Field(description="first day of support again; the same day undoes the pause")
    ]


@published("assignments.PrimaryStoodAside.v1", aggregate="assignment")
class PrimaryStoodAside(Fact):
    """The child's own mentor is not there on these days, so that somebody else may be."""

    assignment_id: AssignmentId
    child_id: ChildId
    mentor_id: MentorId
    school_id: SchoolId
    cover_id: CoverId
    because: Annotated[CoverReason, Field(description="why somebody else is looked for")]
    days: Annotated[tuple[date, ...], Field(description="the days without the primary, in order")]
    stood_aside_at: Annotated[AwareDatetime, Field(description="when it was recorded")]


@published("assignments.PrimaryStoodBack.v1", aggregate="assignment")
class PrimaryStoodBack(Fact):
    """The child's own mentor is there on these days after all, and nobody else."""

    assignment_id: AssignmentId
    child_id: ChildId
    mentor_id: MentorId
    school_id: SchoolId
    cover_id: CoverId
    days: Annotated[tuple[date, ...], Field(description="the days that are the primary's again, in order")]
    stood_back_at: Annotated[AwareDatetime, Field(description="when it was recorded")]


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
