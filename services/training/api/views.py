"""What training answers with about courses, programmes and enrolments."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel

from shared.contracts.training.programme import Requirement
from shared.contracts.words.training import (
    CountsFor,
    ProgrammeRole,
    RequiredBy,
    Track,
)
from shared.kernel.sight import SeenAs

CourseState = Literal["draft", "published", "retired"]
EnrolmentState = Literal["assigned", "in_progress", "completed", "failed", "waived", "withdrawn"]


class CourseView(BaseModel):
    """A course; `retired_on` is the first day on which it may not be assigned."""

    course_id: UUID
    track: Track
    title: str
    version: int
    valid_months: int | None
    state: CourseState
    drafted_on: date | None
    published_on: date | None
    retired_on: date | None


class CoursePage(BaseModel):
    items: list[CourseView]
    next: str | None


class ProgrammeView(BaseModel):
    """What a role has to be trained in from a day on."""

    role: ProgrammeRole
    effective_from: date
    requirements: list[Requirement]
    set_at: datetime
    set_by: str


class ProgrammePage(BaseModel):
    items: list[ProgrammeView]
    next: str | None


class EnrolmentView(BaseModel):
    """One mentor on one course; `overdue` while it is open and its last day has passed."""

    enrolment_id: UUID
    mentor_id: UUID
    course_id: UUID
    track: Track
    required_by: RequiredBy
    assigned_on: date
    due_on: date
    state: EnrolmentState
    overdue: bool
    started_on: date | None
    completed_on: date | None
    evidence: Annotated[str | None, SeenAs("employment")]
    failed_on: date | None
    reason: str | None
    waived_by: str | None
    waived_on: date | None
    counts_for: CountsFor | None
    valid_until: date | None
    withdrawn_on: date | None


class EnrolmentPage(BaseModel):
    items: list[EnrolmentView]
    next: str | None
