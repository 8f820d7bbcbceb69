"""The facts of sessions: contact planned, begun, logged, cancelled, and the role boundary breached."""

from typing import Annotated

from pydantic import AwareDatetime, Field

from shared.contracts.fact import Fact, Personal, published
from shared.contracts.words import (
    Activity,
    AssignmentId,
    CancelledBy,
    CancelReason,
    ChildId,
    MentorId,
    Ratio,
    SchoolId,
    SessionId,
)

Activities = Annotated[tuple[Activity, ...], Field(description="what was done")]


@published("sessions.SessionScheduled.v1", aggregate="session")
class SessionScheduled(Fact):
    """Contact is planned from `starts_at` up to, but not including, `ends_at`."""

    session_id: SessionId
    assignment_id: AssignmentId
    mentor_id: MentorId
    child_id: ChildId
    school_id: SchoolId
    starts_at: Annotated[AwareDatetime, Field(description="planned begin, in UTC")]
    ends_at: Annotated[AwareDatetime, Field(description="planned end, in UTC")]
    time_zone: Annotated[str, Field(description="IANA time zone of the school")]


@published("sessions.SessionStarted.v1", aggregate="session")
class SessionStarted(Fact):
    """The mentor is with the child."""

    session_id: SessionId
    mentor_id: MentorId
    child_id: ChildId
    started_at: Annotated[AwareDatetime, Field(description="when contact began")]


@published("sessions.SessionLogged.v1", aggregate="session")
class SessionLogged(Fact):
    """The record of what was done in a session."""

    session_id: SessionId
    mentor_id: MentorId
    child_id: ChildId
    activities: Activities
    contact_minutes: Annotated[int, Field(description="whole minutes with the child")]
    ratio: Annotated[
        Ratio, Field(description="alone with the child, or in a group that the child is part of")
    ]
    incidental_help: Annotated[bool, Field(description="whether another pupil was helped in passing")]
    notes: Annotated[str, Personal(of="child_id"), Field(description="how it went, in plain words")]
    logged_at: Annotated[AwareDatetime, Field(description="when the log was handed in")]
    late: Annotated[bool, Field(description="more than 48 hours after the session's end")]
    late_reason: Annotated[
        str | None, Field(description="the coordinator's; always there more than 72 hours after the end")
    ] = None


@published("sessions.RoleBoundaryBreached.v1", aggregate="session")
class RoleBoundaryBreached(Fact):
    """Somebody tried to log work with the whole class, which a Learning Mentor must not be used for."""

    session_id: SessionId
    mentor_id: MentorId
    child_id: ChildId
    school_id: SchoolId
    activities: Activities
    attempted_at: Annotated[AwareDatetime, Field(description="when the log was tried, and refused")]


@published("sessions.SessionCancelled.v1", aggregate="session")
class SessionCancelled(Fact):
    """A planned session will not take place."""

    session_id: SessionId
    mentor_id: MentorId
    child_id: ChildId
    cancelled_by: Annotated[CancelledBy, Field(description="whose decision it was")]
    reason: Annotated[CancelReason, Field(description="why")]
    chargeable: Annotated[bool, Field(description="whether it is paid and billed all the same")]
    cancelled_at: Annotated[AwareDatetime, Field(description="when it was cancelled")]
