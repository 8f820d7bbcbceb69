"""The facts of what did not come in time: a session nobody started, a log nobody handed in."""

from typing import Annotated

from pydantic import AwareDatetime, Field

from shared.contracts.fact import Fact, published
from shared.contracts.sessions.session import PlannedBegin, PlannedEnd
from shared.contracts.words.ids import AssignmentId, ChildId, MentorId, SchoolId, SessionId
from shared.contracts.words.sessions import LogHours, MissedWhy, OverdueMinutes


@published("sessions.SessionOverdue.v1", aggregate="session")
class SessionOverdue(Fact):
    """A session should have begun so many minutes ago, and nobody has said that it did."""

    session_id: SessionId
    assignment_id: AssignmentId
    mentor_id: MentorId
    child_id: ChildId
    school_id: SchoolId
    starts_at: PlannedBegin
    ends_at: PlannedEnd
    minutes: Annotated[
        OverdueMinutes,
        Field(
            description="minutes since the planned begin. At 10 the mentor is asked, at 15 coordinator and school "
            "hear of it, at 30 the parent, and cover is looked for, at 60 the regional manager"
        ),
    ]
    overdue_at: Annotated[AwareDatetime, Field(description="when that many minutes had passed")]


@published("sessions.SessionMissed.v1", aggregate="session")
class SessionMissed(Fact):
    """Its planned end has come and nobody had started it: the child was without this support."""

    session_id: SessionId
    assignment_id: AssignmentId
    mentor_id: MentorId
    child_id: ChildId
    school_id: SchoolId
    starts_at: PlannedBegin
    ends_at: PlannedEnd
    planned_minutes: Annotated[int, Field(description="how long it was to last, in whole minutes")]
    why: Annotated[MissedWhy, Field(description="what is known of the reason")]
    missed_at: Annotated[AwareDatetime, Field(description="when it was found missed")]


@published("sessions.LogOverdue.v1", aggregate="session")
class LogOverdue(Fact):
    """A log was not handed in within so many hours of the session's end, or of its return."""

    session_id: SessionId
    mentor_id: MentorId
    child_id: ChildId
    school_id: SchoolId
    wanted_since: Annotated[
        AwareDatetime, Field(description="the planned end of the session, or when the log was returned")
    ]
    hours: Annotated[
        LogHours,
        Field(description="hours since then: 24 it is due, 48 it is late, 72 a coordinator has to say why"),
    ]
    overdue_at: Annotated[AwareDatetime, Field(description="when that many hours had passed")]
