"""The facts of one mentor on one course."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.fact import Fact, published
from shared.contracts.training.course import CourseId, OfTrack
from shared.contracts.words.ids import MentorId

EnrolmentId = Annotated[UUID, Field(description="one mentor on one course")]


@published("training.TrainingAssigned.v1", aggregate="enrolment")
class TrainingAssigned(Fact):
    """A mentor is to take a course."""

    enrolment_id: EnrolmentId
    mentor_id: MentorId
    course_id: CourseId
    track: OfTrack
    due_on: Annotated[date, Field(description="last day by which it should be completed")]


@published("training.TrainingCompleted.v1", aggregate="enrolment")
class TrainingCompleted(Fact):
    """A mentor has completed a course."""

    enrolment_id: EnrolmentId
    mentor_id: MentorId
    course_id: CourseId
    track: OfTrack
    completed_on: Annotated[date, Field(description="the day of completion, as the evidence has it")]
    evidence: Annotated[str, Field(description="names the record that proves it; never its content")]


@published("training.TrainingFailed.v1", aggregate="enrolment")
class TrainingFailed(Fact):
    """A mentor took a course and did not pass."""

    enrolment_id: EnrolmentId
    mentor_id: MentorId
    course_id: CourseId
    track: OfTrack
    failed_on: Annotated[date, Field(description="the day of failing")]
