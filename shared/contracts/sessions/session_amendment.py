"""The facts of what is put right afterwards; what was there before stays readable."""

from typing import Annotated

from pydantic import AwareDatetime, Field

from shared.contracts.fact import Fact, Personal, published
from shared.contracts.sessions.session import PlannedBegin
from shared.contracts.sessions.session_log import Activities, Areas, IncidentalHelp, RatioKept
from shared.contracts.words.ids import AssignmentId, ChildId, MentorId, SchoolId, SessionId
from shared.contracts.words.sessions import Activity, AmendReason, Ratio, VoidReason

Before = Annotated[
    int,
    Field(description="whole minutes that were locked for pay until now; 0 when none were: what is reversed"),
]


@published("sessions.SessionAmended.v1", aggregate="session")
class SessionAmended(Fact):
    """A locked log, or one that did not come before the payroll cut-off, is put right by the office."""

    session_id: SessionId
    mentor_id: MentorId
    child_id: ChildId
    school_id: SchoolId
    assignment_id: AssignmentId
    starts_at: PlannedBegin
    number: Annotated[int, Field(description="1 for the first amendment of this session, then 2 ...")]
    reason_code: Annotated[AmendReason, Field(description="why, from the closed list")]
    reason: Annotated[str, Personal(of="child_id", keep="casework"), Field(description="why, in plain words")]
    activities_before: Annotated[
        tuple[Activity, ...], Field(description="what the record said was done; empty when there was no log")
    ]
    activities: Activities
    areas: Areas = ()
    contact_minutes_before: Before
    contact_minutes: Annotated[int, Field(description="whole minutes with the child from now on")]
    ratio_before: Annotated[
        Ratio | None, Field(description="the ratio on record until now; none when there was no log")
    ]
    ratio: RatioKept
    incidental_help: IncidentalHelp
    notes: Annotated[
        str | None,
        Personal(of="child_id", keep="casework"),
        Field(description="how it went, in plain words; none when the notes stay as they were"),
    ] = None
    amended_by: Annotated[str, Field(description="who amended it")]
    amended_at: Annotated[AwareDatetime, Field(description="when it was amended")]


@published("sessions.SessionVoided.v1", aggregate="session")
class SessionVoided(Fact):
    """A session on record does not count: it was never held, or recorded by mistake."""

    session_id: SessionId
    mentor_id: MentorId
    child_id: ChildId
    school_id: SchoolId
    assignment_id: AssignmentId
    starts_at: PlannedBegin
    reason_code: Annotated[VoidReason, Field(description="why, from the closed list")]
    reason: Annotated[str, Personal(of="child_id", keep="casework"), Field(description="why, in plain words")]
    contact_minutes_before: Before
    voided_by: Annotated[str, Field(description="who voided it")]
    voided_at: Annotated[AwareDatetime, Field(description="when it was voided")]
