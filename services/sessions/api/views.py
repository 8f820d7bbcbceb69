"""What sessions answers with."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel

from shared.contracts.words.sessions import (
    Activity,
    AmendReason,
    CancelledBy,
    CancelReason,
    Ratio,
    VoidReason,
)
from shared.contracts.words.support import Area
from shared.kernel.sight import SeenAs

SessionState = Literal[
    "scheduled",
    "in_progress",
    "awaiting_log",
    "draft",
    "submitted",
    "returned",
    "approved",
    "locked",
    "amended",
    "missed",
    "cancelled",
    "voided",
]


class DraftView(BaseModel):
    """What is there of a log that was not handed in."""

    activities: list[Activity]
    areas: list[Area]
    contact_minutes: int | None
    ratio: Ratio | None
    incidental_help: bool
    notes: Annotated[str, SeenAs("casework")]
    drafted_at: AwareDatetime


class SessionView(BaseModel):
    """A session; times in UTC, `day` and `time_zone` are the school's. Its log is what counts now."""

    session_id: UUID
    assignment_id: UUID
    mentor_id: UUID
    child_id: UUID
    school_id: UUID
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    time_zone: str
    day: date
    state: SessionState
    timetable_id: UUID | None
    cover: bool
    started_at: AwareDatetime | None
    finished_at: AwareDatetime | None
    overdue_minutes: int | None
    missed_at: AwareDatetime | None
    activities: list[Activity] | None
    areas: list[Area] | None
    contact_minutes: int | None
    ratio: Ratio | None
    incidental_help: bool | None
    notes: Annotated[str | None, SeenAs("casework")]
    submission: int | None
    logged_at: AwareDatetime | None
    logged_by: str | None
    late: bool | None
    late_reason: Annotated[str | None, SeenAs("casework")]
    log_overdue_hours: int | None
    return_reason: Annotated[str | None, SeenAs("casework")]
    approved_at: AwareDatetime | None
    approved_by: str | None
    locked_at: AwareDatetime | None
    period_id: UUID | None
    cancelled_by: CancelledBy | None
    cancel_reason: CancelReason | None
    chargeable: bool | None
    cancelled_at: AwareDatetime | None
    voided_at: AwareDatetime | None
    voided_by: str | None
    void_reason_code: VoidReason | None
    void_reason: Annotated[str | None, SeenAs("casework")]


class SessionPage(BaseModel):
    items: list[SessionView]
    next: str | None


class LogView(BaseModel):
    """A log as it was handed in."""

    submission: int
    activities: list[Activity]
    areas: list[Area]
    contact_minutes: int
    ratio: Ratio
    incidental_help: bool
    notes: Annotated[str, SeenAs("casework")]
    logged_at: AwareDatetime
    logged_by: str
    late: bool
    late_reason: Annotated[str | None, SeenAs("casework")]


class ReturnView(BaseModel):
    """Why a log went back to the mentor."""

    reason: Annotated[str, SeenAs("casework")]
    returned_by: str
    returned_at: AwareDatetime


class AmendmentView(BaseModel):
    """What was put right: before, after, by whom, why."""

    number: int
    reason_code: AmendReason
    reason: Annotated[str, SeenAs("casework")]
    activities_before: list[Activity]
    activities: list[Activity]
    areas: list[Area]
    contact_minutes_before: int
    contact_minutes: int
    ratio_before: Ratio | None
    ratio: Ratio
    incidental_help: bool
    notes: Annotated[str | None, SeenAs("casework")]
    amended_by: str
    amended_at: AwareDatetime


class RatingView(BaseModel):
    """How near the child came to an outcome."""

    outcome_id: UUID
    rating: int
    rated_at: AwareDatetime


class AttemptView(BaseModel):
    """When logging work with the whole class was tried and refused, and by whom."""

    attempted_at: AwareDatetime
    activities: list[Activity]
    actor: str | None


class OneSessionView(SessionView):
    """A session with all that was said of it; nothing of it is ever edited."""

    draft: DraftView | None
    logs: list[LogView]
    returns: list[ReturnView]
    amendments: list[AmendmentView]
    outcomes: list[RatingView]
    breaches: list[AttemptView]
