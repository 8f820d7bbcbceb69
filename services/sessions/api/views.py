"""What sessions answers with."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel

from shared.contracts.words.sessions import Activity, CancelledBy, CancelReason, Ratio

SessionState = Literal["planned", "begun", "logged", "cancelled"]


class SessionView(BaseModel):
    """A session; times in UTC, `day` and `time_zone` are the school's."""

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
    started_at: AwareDatetime | None
    activities: list[Activity] | None
    contact_minutes: int | None
    ratio: Ratio | None
    incidental_help: bool | None
    notes: str | None
    logged_at: AwareDatetime | None
    late: bool | None
    late_reason: str | None
    cancelled_by: CancelledBy | None
    cancel_reason: CancelReason | None
    chargeable: bool | None
    cancelled_at: AwareDatetime | None


class SessionPage(BaseModel):
    items: list[SessionView]
    next: str | None


class AttemptView(BaseModel):
    """When logging work with the whole class was tried and refused."""

    attempted_at: AwareDatetime
    activities: list[Activity]


class OneSessionView(SessionView):
    """A session, with the attempts to log work with the whole class."""

    breaches: list[AttemptView]


class BreachView(AttemptView):
    """Such an attempt: where, and of whom."""

    session_id: UUID
    mentor_id: UUID
    child_id: UUID
    school_id: UUID


class BreachPage(BaseModel):
    items: list[BreachView]
    next: str | None
