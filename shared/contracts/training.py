"""The facts of training: courses, enrolments, certifications, clearances, and who may be deployed."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.eligibility import Shortfall
from shared.contracts.fact import Fact, Personal, published
from shared.contracts.words import ClearanceKind, MentorId, Track

CourseId = Annotated[UUID, Field(description="the course, in one version")]
EnrolmentId = Annotated[UUID, Field(description="one mentor on one course")]
CertificationId = Annotated[UUID, Field(description="one period of certification")]
OfTrack = Annotated[Track, Field(description="the track of the training programme")]
OfKind = Annotated[ClearanceKind, Field(description="what the evidence shows")]


@published("training.CoursePublished.v1", aggregate="course")
class CoursePublished(Fact):
    """A version of a course of a track may be taken."""

    course_id: CourseId
    track: OfTrack
    title: Annotated[str, Field(description="what the course is called")]
    version: Annotated[int, Field(description="1 for the first version of that title, and so on")]
    valid_months: Annotated[
        int | None, Field(description="months for which completing it certifies; None is for good")
    ]
    published_on: Annotated[date, Field(description="first day on which it may be assigned")]


@published("training.CourseRetired.v1", aggregate="course")
class CourseRetired(Fact):
    """No new enrolments; what was completed keeps counting."""

    course_id: CourseId
    retired_on: Annotated[date, Field(description="first day on which it may not be assigned any more")]


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


@published("training.CertificationGranted.v1", aggregate="compliance")
class CertificationGranted(Fact):
    """A mentor is certified in a track for a period."""

    certification_id: CertificationId
    mentor_id: MentorId
    track: OfTrack
    enrolment_id: EnrolmentId
    granted_on: Annotated[date, Field(description="the day on which it was granted")]
    valid_from: Annotated[date, Field(description="first day it counts; renewed early: the old one's end")]
    valid_until: Annotated[date | None, Field(description="last day it counts; None is for good")]


@published("training.CertificationExpired.v1", aggregate="compliance")
class CertificationExpired(Fact):
    """A certification ran out. One that was renewed in time never does."""

    certification_id: CertificationId
    mentor_id: MentorId
    track: OfTrack
    expired_on: Annotated[date, Field(description="first day without it")]


@published("training.CertificationRevoked.v1", aggregate="compliance")
class CertificationRevoked(Fact):
    """A certification was taken back."""

    certification_id: CertificationId
    mentor_id: MentorId
    track: OfTrack
    revoked_on: Annotated[date, Field(description="first day without it")]
    reason: Annotated[str, Field(description="why, in plain words and without names")]


@published("training.ClearanceRecorded.v1", aggregate="compliance")
class ClearanceRecorded(Fact):
    """Vetting evidence was seen. The same kind and `issued_on` again corrects it; another is one more."""

    mentor_id: MentorId
    kind: OfKind
    recorded_on: Annotated[date, Field(description="the day on which the agency took it in")]
    issued_on: Annotated[date, Field(description="the date on the document; it counts from here")]
    last_status_check_on: Annotated[
        date | None,
        Field(description="when its status was last looked up (a DBS certificate has no expiry of its own)"),
    ]
    recheck_due_on: Annotated[
        date | None, Field(description="last day it counts by the agency's policy; None is for good")
    ]
    reference: Annotated[str, Personal(of="mentor_id"), Field(description="the number on the document")]


@published("training.ClearanceLapsed.v1", aggregate="compliance")
class ClearanceLapsed(Fact):
    """A clearance's recheck fell due and nothing newer was recorded."""

    mentor_id: MentorId
    kind: OfKind
    lapsed_on: Annotated[date, Field(description="first day without it")]


@published("training.MentorCleared.v1", aggregate="compliance")
class MentorCleared(Fact):
    """Everything required is there: this mentor may be with a child."""

    mentor_id: MentorId
    cleared_on: Annotated[date, Field(description="first day of being deployable")]


@published("training.MentorStoodDown.v1", aggregate="compliance")
class MentorStoodDown(Fact):
    """Something required is there no more: this mentor may not be with a child."""

    mentor_id: MentorId
    stood_down_on: Annotated[date, Field(description="first day of not being deployable")]
    reasons: Annotated[tuple[Shortfall, ...], Field(description="every required item that is not there")]
