"""The facts of cover: who is asked to stand in for a child's mentor on which days, and who does."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.contracts.fact import Concerns, Fact, published
from shared.contracts.words.ids import ChildId, CoverId, MentorId, SchoolId
from shared.contracts.words.mentoring import CoverCancelReason, CoverForm, CoverReason, GivenBackReason

Days = tuple[date, ...]
DaysTaken = Annotated[Days, Field(description="the days this mentor covers, in order")]
DaysLeft = Annotated[Days, Field(description="the days for which nobody is found yet, in order")]


@published("assignments.CoverRequested.v1", aggregate="cover")
class CoverRequested(Fact):
    """Somebody is looked for who stands in for a child's own mentor on these days."""

    cover_id: CoverId
    assignment_id: Annotated[
        UUID | None,
        Concerns("assignment"),
        Field(description="the primary assignment that is stood in for; None when the child has none"),
    ]
    child_id: ChildId
    school_id: SchoolId
    absent_mentor_id: Annotated[
        UUID | None, Concerns("mentor"), Field(description="who is away; None when the child has no primary")
    ]
    form: Annotated[
        CoverForm,
        Field(
            description="one after another is asked, everybody at once, or a coordinator names who does it"
        ),
    ]
    asked: Annotated[
        tuple[UUID, ...], Field(description="the mentors who are asked; of a broadcast empty: whoever may")
    ]
    days: Annotated[Days, Field(description="the days to be covered, in order")]
    reason: Annotated[CoverReason, Field(description="why")]
    expires_at: Annotated[AwareDatetime, Field(description="when days that nobody took are given up")]
    requested_at: Annotated[AwareDatetime, Field(description="when it was asked for")]
    child_slot: Annotated[int, Field(description="which of the child's mentors is stood in for")] = 1


@published("assignments.CoverAccepted.v1", aggregate="cover")
class CoverAccepted(Fact):
    """A mentor who passed the gate covers all days that were left; nobody is looked for any more."""

    cover_id: CoverId
    child_id: ChildId
    school_id: SchoolId
    mentor_id: MentorId
    days: DaysTaken
    accepted_at: Annotated[AwareDatetime, Field(description="when the mentor agreed")]
    mentor_slot: Annotated[int, Field(description="which of the children one mentor may have at once")] = 1


@published("assignments.CoverPartiallyAccepted.v1", aggregate="cover")
class CoverPartiallyAccepted(Fact):
    """A mentor who passed the gate covers some of the days; for the others somebody is still looked for."""

    cover_id: CoverId
    child_id: ChildId
    school_id: SchoolId
    mentor_id: MentorId
    days: DaysTaken
    days_left: DaysLeft
    accepted_at: Annotated[AwareDatetime, Field(description="when the mentor agreed")]
    mentor_slot: Annotated[int, Field(description="which of the children one mentor may have at once")] = 1


@published("assignments.CoverDeclined.v1", aggregate="cover")
class CoverDeclined(Fact):
    """A mentor who was asked will not cover; of an individual request, the next one asked is `next_asked`."""

    cover_id: CoverId
    child_id: ChildId
    mentor_id: MentorId
    next_asked: Annotated[
        UUID | None, Concerns("mentor"), Field(description="who is asked now; None when nobody else is")
    ]
    days_given_up: Annotated[
        Days, Field(description="the days nobody covers, for nobody else is to be asked; else empty")
    ]
    declined_at: Annotated[AwareDatetime, Field(description="when the mentor said no")]


@published("assignments.CoverGivenBack.v1", aggregate="cover")
class CoverGivenBack(Fact):
    """A mentor who had accepted can't cover these days after all; now whoever may is looked for."""

    cover_id: CoverId
    child_id: ChildId
    school_id: SchoolId
    mentor_id: MentorId
    days: Annotated[Days, Field(description="the days given back, in order")]
    days_left: DaysLeft
    reason: Annotated[GivenBackReason, Field(description="why")]
    expires_at: Annotated[AwareDatetime, Field(description="when days that nobody took are given up")]
    given_back_at: Annotated[AwareDatetime, Field(description="when they were given back")]


@published("assignments.CoverCancelled.v1", aggregate="cover")
class CoverCancelled(Fact):
    """Nobody is needed on these days any more, whether somebody had agreed to cover them or not."""

    cover_id: CoverId
    child_id: ChildId
    school_id: SchoolId
    days: Annotated[Days, Field(description="the days that need no cover any more, in order")]
    days_left: DaysLeft
    days_kept: Annotated[Days, Field(description="the days that somebody covers all the same, in order")]
    reason: Annotated[CoverCancelReason, Field(description="why")]
    cancelled_at: Annotated[AwareDatetime, Field(description="when it was cancelled")]


@published("assignments.CoverExpired.v1", aggregate="cover")
class CoverExpired(Fact):
    """Nobody was found for these days in time."""

    cover_id: CoverId
    child_id: ChildId
    school_id: SchoolId
    days_left: Annotated[Days, Field(description="the days on which nobody covers, in order")]
    expired_at: Annotated[AwareDatetime, Field(description="when the search was given up")]
