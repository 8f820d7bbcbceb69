"""The facts of a session as it is planned, moved, takes place or does not."""

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.contracts.fact import Fact, published
from shared.contracts.words.ids import AssignmentId, ChildId, MentorId, SchoolId, SessionId
from shared.contracts.words.sessions import CancelledBy, CancelReason, RescheduleReason

PlannedBegin = Annotated[AwareDatetime, Field(description="planned begin, in UTC")]
PlannedEnd = Annotated[AwareDatetime, Field(description="planned end, in UTC")]


@published("sessions.SessionScheduled.v1", aggregate="session")
class SessionScheduled(Fact):
    """Contact is planned from `starts_at` up to, but not including, `ends_at`."""

    session_id: SessionId
    assignment_id: AssignmentId
    mentor_id: MentorId
    child_id: ChildId
    school_id: SchoolId
    starts_at: PlannedBegin
    ends_at: PlannedEnd
    time_zone: Annotated[str, Field(description="IANA time zone of the school")]
    timetable_id: Annotated[
        UUID | None, Field(description="the timetable it comes from; none when it was planned by hand")
    ] = None
    cover: Annotated[bool, Field(description="whether the mentor stands in for the child's own")] = False


@published("sessions.SessionRescheduled.v1", aggregate="session")
class SessionRescheduled(Fact):
    """A session that has not begun takes place at another time, with the same mentor and child."""

    session_id: SessionId
    assignment_id: AssignmentId
    mentor_id: MentorId
    child_id: ChildId
    school_id: SchoolId
    starts_at: PlannedBegin
    ends_at: PlannedEnd
    starts_at_before: Annotated[AwareDatetime, Field(description="when it was to begin until now, in UTC")]
    ends_at_before: Annotated[AwareDatetime, Field(description="when it was to end until now, in UTC")]
    time_zone: Annotated[str, Field(description="IANA time zone of the school")]
    reason: Annotated[RescheduleReason, Field(description="why it was moved")]
    rescheduled_at: Annotated[AwareDatetime, Field(description="when it was moved")]


@published("sessions.SessionStarted.v1", aggregate="session")
class SessionStarted(Fact):
    """The mentor is with the child."""

    session_id: SessionId
    mentor_id: MentorId
    child_id: ChildId
    school_id: SchoolId
    started_at: Annotated[AwareDatetime, Field(description="when contact began")]
    after_missed: Annotated[
        bool,
        Field(description="whether it was on record as missed, and the office says that it took place"),
    ] = False


@published("sessions.SessionFinished.v1", aggregate="session")
class SessionFinished(Fact):
    """Contact has ended; the log is awaited."""

    session_id: SessionId
    mentor_id: MentorId
    child_id: ChildId
    school_id: SchoolId
    finished_at: Annotated[AwareDatetime, Field(description="when contact ended")]
    presumed: Annotated[bool, Field(description="whether nobody said so, and the planned end had come")] = (
        False
    )
    log_due_at: Annotated[AwareDatetime, Field(description="by when the log is due")]


@published("sessions.SessionCancelled.v1", aggregate="session")
class SessionCancelled(Fact):
    """A planned session will not take place, or it is now known why a missed one did not."""

    session_id: SessionId
    assignment_id: AssignmentId
    mentor_id: MentorId
    child_id: ChildId
    school_id: SchoolId
    starts_at: PlannedBegin
    ends_at: PlannedEnd
    planned_minutes: Annotated[int, Field(description="how long it was to last, in whole minutes")]
    cancelled_by: Annotated[CancelledBy, Field(description="whose decision it was")]
    reason: Annotated[CancelReason, Field(description="why")]
    chargeable: Annotated[bool, Field(description="whether it is paid and billed all the same")]
    cancelled_at: Annotated[AwareDatetime, Field(description="when it was cancelled")]
