"""The facts of sessions: contact planned, begun, logged, cancelled, and the role boundary breached."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.fact import Concerns, Fact, Personal, published

Activity = Literal[
    "prepare_for_activity",
    "prepare_for_external_class",
    "comfort",
    "hygiene",
    "plan_lessons",
    "social_support",
    "playground_supervision",
    "speech_and_language",
    "occupational_therapy",
    "behaviour_and_emotions",
    "english",
    "maths",
    "whole_class",
]
Ratio = Literal["one_to_one", "group_with_child"]
CancelledBy = Literal["agency", "mentor", "school", "family"]
CancelReason = Literal[
    "mentor_stood_down",
    "assignment_ended",
    "mentor_absent",
    "child_absent",
    "school_closed",
    "rescheduled",
    "other",
]

MentorId = Annotated[UUID, Concerns("mentor")]
ChildId = Annotated[UUID, Concerns("child")]
SchoolId = Annotated[UUID, Concerns("school")]


@published("sessions.SessionScheduled.v1", aggregate="session")
class SessionScheduled(Fact):
    """Contact planned for [starts_at, ends_at), UTC; `time_zone` (IANA) is the school's."""

    session_id: UUID
    assignment_id: Annotated[UUID, Concerns("assignment")]
    mentor_id: MentorId
    child_id: ChildId
    school_id: SchoolId
    starts_at: datetime
    ends_at: datetime
    time_zone: str


@published("sessions.SessionStarted.v1", aggregate="session")
class SessionStarted(Fact):
    """The mentor is with the child since `started_at`."""

    session_id: UUID
    mentor_id: MentorId
    child_id: ChildId
    started_at: datetime


@published("sessions.SessionLogged.v1", aggregate="session")
class SessionLogged(Fact):
    """What was done. `late` when it came more than 48 hours after the session's end.

    `late_reason` is the coordinator's, and there whenever it came more than 72 hours after.
    """

    session_id: UUID
    mentor_id: MentorId
    child_id: ChildId
    activities: tuple[Activity, ...]
    contact_minutes: int = Field(ge=0)
    ratio: Ratio
    incidental_help: bool
    notes: Annotated[str, Personal(of="child_id")]
    logged_at: datetime
    late: bool
    late_reason: str | None = None


@published("sessions.RoleBoundaryBreached.v1", aggregate="session")
class RoleBoundaryBreached(Fact):
    """Somebody tried to log work with the whole class, which a Learning Mentor must not be used for."""

    session_id: UUID
    mentor_id: MentorId
    child_id: ChildId
    school_id: SchoolId
    activities: tuple[Activity, ...]
    attempted_at: datetime


@published("sessions.SessionCancelled.v1", aggregate="session")
class SessionCancelled(Fact):
    """It will not take place. `chargeable` when it is paid and billed all the same."""

    session_id: UUID
    mentor_id: MentorId
    child_id: ChildId
    cancelled_by: CancelledBy
    reason: CancelReason
    chargeable: bool
    cancelled_at: datetime
