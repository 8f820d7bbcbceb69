"""The facts of what was done in a session, and of the role boundary breached."""

from typing import Annotated

from pydantic import AwareDatetime, Field

from shared.contracts.fact import Fact, Personal, published
from shared.contracts.words.ids import ChildId, MentorId, SchoolId, SessionId
from shared.contracts.words.sessions import Activity, Ratio

Activities = Annotated[tuple[Activity, ...], Field(description="what was done")]


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
