"""The facts of what was done in a session, and of the role boundary breached."""

from typing import Annotated

from pydantic import AwareDatetime, Field

from shared.contracts.fact import Fact, Personal, published
from shared.contracts.words.ids import ChildId, MentorId, OutcomeId, SchoolId, SessionId
from shared.contracts.words.sessions import Activity, Rating, Ratio
from shared.contracts.words.support import Area

Activities = Annotated[tuple[Activity, ...], Field(description="what was done")]
Areas = Annotated[tuple[Area, ...], Field(description="the areas of the provision it served")]
ContactMinutes = Annotated[int, Field(description="whole minutes with the child")]
RatioKept = Annotated[
    Ratio, Field(description="alone with the child, or in a group that the child is part of")
]
IncidentalHelp = Annotated[bool, Field(description="whether another pupil was helped in passing")]
Notes = Annotated[
    str, Personal(of="child_id", keep="casework"), Field(description="how it went, in plain words")
]


@published("sessions.SessionLogDrafted.v1", aggregate="session")
class SessionLogDrafted(Fact):
    """A log is begun and not handed in yet; whatever is missing may still come."""

    session_id: SessionId
    mentor_id: MentorId
    child_id: ChildId
    school_id: SchoolId
    activities: Activities = ()
    areas: Areas = ()
    contact_minutes: Annotated[int | None, Field(description="whole minutes with the child")] = None
    ratio: Annotated[
        Ratio | None, Field(description="alone with the child, or in a group that the child is part of")
    ] = None
    incidental_help: IncidentalHelp = False
    notes: Notes = ""
    drafted_at: Annotated[AwareDatetime, Field(description="when the draft was kept")]


@published("sessions.SessionLogged.v1", aggregate="session")
class SessionLogged(Fact):
    """The record of what was done in a session was handed in, and awaits a coordinator's approval."""

    session_id: SessionId
    mentor_id: MentorId
    child_id: ChildId
    school_id: SchoolId
    activities: Activities
    areas: Areas = ()
    contact_minutes: ContactMinutes
    ratio: RatioKept
    incidental_help: IncidentalHelp
    notes: Notes
    submission: Annotated[
        int, Field(description="1 for the first time, one more each time it was handed in after a return")
    ] = 1
    logged_at: Annotated[AwareDatetime, Field(description="when the log was handed in")]
    logged_by: Annotated[str, Field(description="who handed it in; somebody else approves it")]
    late: Annotated[
        bool, Field(description="more than 48 hours after the session's end, or after its return")
    ]
    late_reason: Annotated[
        str | None,
        Personal(of="child_id", keep="casework"),
        Field(description="the coordinator's; always there after more than 72 hours"),
    ] = None


@published("sessions.OutcomeRated.v1", aggregate="session")
class OutcomeRated(Fact):
    """How near the child came, in a session, to an outcome of the provision."""

    session_id: SessionId
    mentor_id: MentorId
    child_id: ChildId
    outcome_id: OutcomeId
    rating: Annotated[Rating, Field(description="from 1, not yet, to 5, reached")]
    rated_at: Annotated[AwareDatetime, Field(description="when it was rated")]


@published("sessions.RoleBoundaryBreached.v1", aggregate="session")
class RoleBoundaryBreached(Fact):
    """Somebody tried to log work with the whole class, which a Learning Mentor must not be used for."""

    session_id: SessionId
    mentor_id: MentorId
    child_id: ChildId
    school_id: SchoolId
    activities: Activities
    attempted_at: Annotated[AwareDatetime, Field(description="when the log was tried, and refused")]


@published("sessions.IncidentalHelpPatternFound.v1", aggregate="incidental_help")
class IncidentalHelpPatternFound(Fact):
    """A mentor helped other pupils in passing so often that it is no longer in passing."""

    mentor_id: MentorId
    child_id: ChildId
    school_id: SchoolId
    count: Annotated[int, Field(description="in how many sessions")]
    since: Annotated[AwareDatetime, Field(description="the begin of the first of these sessions")]
    last_at: Annotated[AwareDatetime, Field(description="the begin of the last of these sessions")]
    found_at: Annotated[AwareDatetime, Field(description="when it was found")]
