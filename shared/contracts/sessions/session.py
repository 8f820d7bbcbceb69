"""The facts of a session as it is planned and takes place."""

from typing import Annotated

from pydantic import AwareDatetime, Field

from shared.contracts.fact import Fact, published
from shared.contracts.words.ids import AssignmentId, ChildId, MentorId, SchoolId, SessionId
from shared.contracts.words.sessions import CancelledBy, CancelReason


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
