"""The facts of training: courses, enrolments, certifications, clearances, and who may be deployed."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.fact import Concerns, Fact, Personal, published

Track = Literal["induction", "slt", "ot", "bed", "safeguarding"]
ClearanceKind = Literal[
    "identity",
    "dbs_enhanced",
    "barred_list",
    "right_to_work",
    "reference_1",
    "reference_2",
    "english_and_maths",
    "childcare_experience",
]
Item = ClearanceKind | Track
ShortfallStatus = Literal["missing", "lapsed", "withdrawn", "not_yet_valid"]

MentorId = Annotated[UUID, Concerns("mentor")]


class StandDownReason(BaseModel):
    """One required item that a mentor no longer has, and the first day without it (None when never held)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    item: Item
    status: ShortfallStatus
    since: date | None


@published("training.CoursePublished.v1", aggregate="course")
class CoursePublished(Fact):
    """`valid_months` is how long a completion certifies; None means for good."""

    course_id: UUID
    track: Track
    title: str
    version: int = Field(ge=1)
    valid_months: int | None = Field(ge=1)
    published_on: date


@published("training.CourseRetired.v1", aggregate="course")
class CourseRetired(Fact):
    """No new enrolments; what was completed keeps counting."""

    course_id: UUID
    retired_on: date


@published("training.TrainingAssigned.v1", aggregate="enrolment")
class TrainingAssigned(Fact):
    enrolment_id: UUID
    mentor_id: MentorId
    course_id: UUID
    track: Track
    due_on: date


@published("training.TrainingCompleted.v1", aggregate="enrolment")
class TrainingCompleted(Fact):
    """`evidence` names the document or record that proves it (never its content)."""

    enrolment_id: UUID
    mentor_id: MentorId
    course_id: UUID
    track: Track
    completed_on: date
    evidence: str


@published("training.TrainingFailed.v1", aggregate="enrolment")
class TrainingFailed(Fact):
    enrolment_id: UUID
    mentor_id: MentorId
    course_id: UUID
    track: Track
    failed_on: date


@published("training.CertificationGranted.v1", aggregate="compliance")
class CertificationGranted(Fact):
    """A track is certified from `valid_from` to `valid_until`, both days included; None means for good."""

    certification_id: UUID
    mentor_id: MentorId
    track: Track
    enrolment_id: UUID
    granted_on: date
    valid_from: date
    valid_until: date | None


@published("training.CertificationExpired.v1", aggregate="compliance")
class CertificationExpired(Fact):
    """`expired_on` is the first day without it. A period that was renewed in time never expires."""

    certification_id: UUID
    mentor_id: MentorId
    track: Track
    expired_on: date


@published("training.CertificationRevoked.v1", aggregate="compliance")
class CertificationRevoked(Fact):
    """`revoked_on` is the first day without it."""

    certification_id: UUID
    mentor_id: MentorId
    track: Track
    revoked_on: date
    reason: str


@published("training.ClearanceRecorded.v1", aggregate="compliance")
class ClearanceRecorded(Fact):
    """Vetting evidence. It counts from `issued_on` up to and including `recheck_due_on` (None: for good).

    The same kind and `issued_on` again corrects it; another `issued_on` stands beside it. `recorded_on` is the
    agency's day of recording; `issued_on` the date on the document; `last_status_check_on` when its status was last looked up (for
    a DBS certificate, which has no official expiry); `reference` the number on the document.
    """

    mentor_id: MentorId
    kind: ClearanceKind
    recorded_on: date
    issued_on: date
    last_status_check_on: date | None
    recheck_due_on: date | None
    reference: Annotated[str, Personal(of="mentor_id")]


@published("training.ClearanceLapsed.v1", aggregate="compliance")
class ClearanceLapsed(Fact):
    """`lapsed_on` is the first day without it."""

    mentor_id: MentorId
    kind: ClearanceKind
    lapsed_on: date


@published("training.MentorCleared.v1", aggregate="compliance")
class MentorCleared(Fact):
    """Everything required is there: this mentor may be with a child from `cleared_on`."""

    mentor_id: MentorId
    cleared_on: date


@published("training.MentorStoodDown.v1", aggregate="compliance")
class MentorStoodDown(Fact):
    """This mentor may not be with a child from `stood_down_on`, and why."""

    mentor_id: MentorId
    stood_down_on: date
    reasons: tuple[StandDownReason, ...]
