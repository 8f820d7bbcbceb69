"""The facts of one mentor on one course."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.fact import Fact, Personal, published
from shared.contracts.training.course import CourseId, OfTrack
from shared.contracts.words.ids import MentorId
from shared.contracts.words.training import CountsFor, RequiredBy, WaiverReason, WithdrawalReason

EnrolmentId = Annotated[UUID, Field(description="one mentor on one course")]
DueOn = Annotated[date, Field(description="last day by which it should be completed")]


@published("training.TrainingAssigned.v1", aggregate="enrolment")
class TrainingAssigned(Fact):
    """A mentor is to take a course."""

    enrolment_id: EnrolmentId
    mentor_id: MentorId
    course_id: CourseId
    track: OfTrack
    required_by: Annotated[
        RequiredBy, Field(description="who wants it: the office, the programme, a renewal")
    ]
    assigned_on: Annotated[date, Field(description="the day of assigning")]
    due_on: DueOn


@published("training.TrainingStarted.v1", aggregate="enrolment")
class TrainingStarted(Fact):
    """A mentor has begun a course."""

    enrolment_id: EnrolmentId
    mentor_id: MentorId
    course_id: CourseId
    track: OfTrack
    started_on: Annotated[date, Field(description="the first day on it")]


@published("training.TrainingOverdue.v1", aggregate="enrolment")
class TrainingOverdue(Fact):
    """The last day of a course has passed, and it is neither completed nor otherwise over."""

    enrolment_id: EnrolmentId
    mentor_id: MentorId
    track: OfTrack
    due_on: DueOn


@published("training.TrainingCompleted.v1", aggregate="enrolment")
class TrainingCompleted(Fact):
    """A mentor has completed a course."""

    enrolment_id: EnrolmentId
    mentor_id: MentorId
    course_id: CourseId
    track: OfTrack
    completed_on: Annotated[date, Field(description="the day of completion, as the evidence has it")]
    evidence: Annotated[
        str,
        Personal(of="mentor_id", keep="employment"),
        Field(description="names the record that proves it; never its content"),
    ]


@published("training.TrainingFailed.v1", aggregate="enrolment")
class TrainingFailed(Fact):
    """A mentor took a course and did not pass."""

    enrolment_id: EnrolmentId
    mentor_id: MentorId
    course_id: CourseId
    track: OfTrack
    failed_on: Annotated[date, Field(description="the day of failing")]


@published("training.TrainingWaived.v1", aggregate="enrolment")
class TrainingWaived(Fact):
    """A mentor need not take a course. Counting for the certification, it certifies as completing it would."""

    enrolment_id: EnrolmentId
    mentor_id: MentorId
    course_id: CourseId
    track: OfTrack
    reason: Annotated[WaiverReason, Field(description="why it need not be taken")]
    evidence: Annotated[
        str,
        Personal(of="mentor_id", keep="employment"),
        Field(description="names the record that supports it; never its content"),
    ]
    waived_by: Annotated[str, Field(description="who decided, as role:name")]
    waived_on: Annotated[date, Field(description="the day of deciding; the first day it counts")]
    counts_for: Annotated[
        CountsFor,
        Field(
            description="enrolment: it need not be done, and certifies nothing; certification: it certifies"
        ),
    ]
    valid_until: Annotated[
        date | None,
        Field(description="last day it counts for the certification; None is for good, or not at all"),
    ]


@published("training.TrainingWithdrawn.v1", aggregate="enrolment")
class TrainingWithdrawn(Fact):
    """A mentor was taken off a course that was not completed."""

    enrolment_id: EnrolmentId
    mentor_id: MentorId
    course_id: CourseId
    track: OfTrack
    reason: Annotated[WithdrawalReason, Field(description="why")]
    withdrawn_on: Annotated[date, Field(description="first day off it")]
