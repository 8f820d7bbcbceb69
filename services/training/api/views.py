"""What training answers with."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from shared.contracts.eligibility import Item
from shared.contracts.words.training import Track

MentorState = Literal["vetting", "deployable", "restricted"]
EnrolmentState = Literal["assigned", "completed", "failed"]


class CourseView(BaseModel):
    """A course; `retired_on` is the first day on which it may not be assigned."""

    course_id: UUID
    track: Track
    title: str
    version: int
    valid_months: int | None
    published_on: date
    retired_on: date | None


class CoursePage(BaseModel):
    items: list[CourseView]
    next: str | None


class EnrolmentView(BaseModel):
    """One mentor on one course."""

    enrolment_id: UUID
    mentor_id: UUID
    course_id: UUID
    track: Track
    due_on: date
    state: EnrolmentState
    completed_on: date | None
    evidence: str | None
    failed_on: date | None


class EnrolmentPage(BaseModel):
    items: list[EnrolmentView]
    next: str | None


class ShortfallView(BaseModel):
    """A required item that is not there. `since`: first day without it, or the day it will count from."""

    item: Item
    status: Literal["missing", "lapsed", "withdrawn", "not_yet_valid"]
    since: date | None
    detail: str


class MentorView(BaseModel):
    """How a mentor stands, as last decided; `since` that day, for these reasons."""

    mentor_id: UUID
    state: MentorState
    since: date | None
    reasons: list[ShortfallView]
    engaged_on: date | None
    left_on: date | None


class MentorPage(BaseModel):
    items: list[MentorView]
    next: str | None


class ProofView(BaseModel):
    """One certification period (`proof` is its id) or document (`proof` is its date); both days included."""

    proof: str
    valid_from: date
    valid_until: date | None
    withdrawn_on: date | None
    withdrawn_because: str | None
    last_status_check_on: date | None
    enrolment_id: UUID | None


class ItemView(BaseModel):
    """One required item on that day; `valid_until` is the last day of what counts, null for good."""

    item: Item
    name: str
    state: Literal["valid", "missing", "lapsed", "withdrawn", "not_yet_valid"]
    since: date | None
    valid_until: date | None
    proofs: list[ProofView]


class ComplianceView(MentorView):
    """Every required item of a mentor on a day, and whether the mentor may be with a child then."""

    on: date
    deployable: bool
    items: list[ItemView]
    shortfalls: list[ShortfallView]
