"""The facts of a child: its way through the agency, its provision, its absences."""

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.contracts.fact import Fact, Personal, published
from shared.contracts.words.ids import AssignmentId, ChildId, OutcomeId, RequestId, SchoolId
from shared.contracts.words.privacy import Unreadable
from shared.contracts.words.requests import (
    ChildAbsenceReason,
    ChildExitReason,
    ChildPauseReason,
    ReviewDecision,
)
from shared.contracts.words.support import Area, CurriculumLevel, Need

ChildName = Annotated[
    str, Personal(of="child_id", keep="profile"), Field(description="the child's full name")
]
BirthDate = Annotated[
    date | Unreadable,
    Personal(of="child_id", keep="profile"),
    Field(description="the child's date of birth"),
]
Minutes = Annotated[int, Field(description="minutes of support in a school week")]
Areas = Annotated[tuple[Area, ...], Field(description="what the support is for")]


class Outcome(BaseModel):
    """What the support of a child is to reach. Its text is about the child: it is personal."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    outcome_id: OutcomeId
    area: Annotated[Area, Field(description="the area it belongs to")]
    text: Annotated[str, Field(description="what the child is to be able to do, in plain words")]


Outcomes = Annotated[
    tuple[Outcome, ...] | Unreadable,
    Personal(of="child_id", keep="casework"),
    Field(description="what the support is to reach"),
]


@published("assignments.ChildReferred.v1", aggregate="child")
class ChildReferred(Fact):
    """Somebody asked for support of a child who was not known here."""

    child_id: ChildId
    request_id: RequestId
    school_id: SchoolId
    name: ChildName
    referred_on: Annotated[date, Field(description="the day of the request")]


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
    outcomes: Outcomes = ()
    next_review_on: Annotated[
        date | None, Field(description="the day by which the provision is reviewed; None when nobody set one")
    ] = None


@published("assignments.PlanReviewDue.v1", aggregate="child")
class PlanReviewDue(Fact):
    """The day of the review of a child's provision has come, and nobody has recorded one."""

    child_id: ChildId
    due_on: Annotated[date, Field(description="the day on which the review is due")]


@published("assignments.ProvisionReviewed.v1", aggregate="child")
class ProvisionReviewed(Fact):
    """People looked at what the support has reached, and decided how it goes on."""

    child_id: ChildId
    reviewed_on: Annotated[date, Field(description="the day of the review")]
    decision: Annotated[
        ReviewDecision, Field(description="how it goes on; a change or an end is recorded by its own fact")
    ]
    summary: Annotated[
        str, Personal(of="child_id", keep="casework"), Field(description="what was found, in plain words")
    ]
    next_review_on: Annotated[
        date | None, Field(description="the day by which it is reviewed again; None when support is to end")
    ]


@published("assignments.ChildActivated.v1", aggregate="child")
class ChildActivated(Fact):
    """A mentor of the child's own supports it for the first time since it was accepted or came back."""

    child_id: ChildId
    assignment_id: AssignmentId
    activated_on: Annotated[date, Field(description="first day of support")]


@published("assignments.ChildPaused.v1", aggregate="child")
class ChildPaused(Fact):
    """Support of a child rests; the agency stays responsible."""

    child_id: ChildId
    reason: Annotated[ChildPauseReason, Field(description="why")]
    paused_from: Annotated[date, Field(description="first day without support")]
    review_on: Annotated[date | None, Field(description="when to see whether it can go on")] = None


@published("assignments.ChildResumed.v1", aggregate="child")
class ChildResumed(Fact):
    """Support of a child goes on after a pause."""

    child_id: ChildId
    resumed_on: Annotated[date, Field(description="first day of support again")]


@published("assignments.ChildExited.v1", aggregate="child")
class ChildExited(Fact):
    """The agency no longer supports this child."""

    child_id: ChildId
    reason: Annotated[ChildExitReason, Field(description="why")]
    exited_on: Annotated[date, Field(description="first day on which the agency is not responsible")]


@published("assignments.ChildReopened.v1", aggregate="child")
class ChildReopened(Fact):
    """The agency is responsible again for a child who had left."""

    child_id: ChildId
    request_id: Annotated[RequestId | None, Field(description="the request that led to it, if one did")]
    school_id: SchoolId
    reopened_on: Annotated[date, Field(description="the day from which the agency is responsible again")]


@published("assignments.ChildProfileUpdated.v1", aggregate="child")
class ChildProfileUpdated(Fact):
    """What a mentor of this child has to bring; all of it as it is now."""

    child_id: ChildId
    needs: Annotated[
        tuple[Need, ...] | Unreadable,
        Personal(of="child_id", keep="casework"),
        Field(description="what the child needs support for"),
    ]
    curriculum_level: Annotated[
        CurriculumLevel | Unreadable | None,
        Personal(of="child_id", keep="casework"),
        Field(description="the level of English and Maths the child works at"),
    ]
    languages: Annotated[
        tuple[str, ...] | Unreadable,
        Personal(of="child_id", keep="casework"),
        Field(description="languages the child is spoken with, BCP 47 (en, pl, ur)"),
    ]
    updated_on: Annotated[date, Field(description="the day of the change")]


@published("assignments.ChildAbsenceReported.v1", aggregate="child")
class ChildAbsenceReported(Fact):
    """A child is not at school on these days; a day reported again replaces what was said of it."""

    child_id: ChildId
    school_id: SchoolId
    absent_from: Annotated[date, Field(description="first day of absence")]
    absent_until: Annotated[date, Field(description="first day back")]
    reason: Annotated[ChildAbsenceReason, Field(description="why")]
    reported_at: Annotated[AwareDatetime, Field(description="when it was reported")]
