"""The facts of what the office makes of a log: returned, approved, locked for pay."""

from typing import Annotated

from pydantic import AwareDatetime, Field

from shared.contracts.fact import Fact, Personal, published
from shared.contracts.sessions.session import PlannedBegin
from shared.contracts.sessions.session_log import ContactMinutes, RatioKept
from shared.contracts.words.ids import AssignmentId, ChildId, MentorId, PayPeriodId, SchoolId, SessionId


@published("sessions.SessionReturned.v1", aggregate="session")
class SessionReturned(Fact):
    """A log goes back to the mentor, who is to hand it in again."""

    session_id: SessionId
    mentor_id: MentorId
    child_id: ChildId
    school_id: SchoolId
    reason: Annotated[
        str, Personal(of="child_id", keep="casework"), Field(description="what is to be mended")
    ]
    returned_by: Annotated[str, Field(description="who returned it")]
    returned_at: Annotated[AwareDatetime, Field(description="when it was returned")]


@published("sessions.SessionApproved.v1", aggregate="session")
class SessionApproved(Fact):
    """Somebody other than who handed it in has checked the log: these minutes are verified."""

    session_id: SessionId
    mentor_id: MentorId
    child_id: ChildId
    school_id: SchoolId
    assignment_id: AssignmentId
    starts_at: PlannedBegin
    contact_minutes: ContactMinutes
    ratio: RatioKept
    approved_by: Annotated[str, Field(description="who approved it")]
    approved_at: Annotated[AwareDatetime, Field(description="when it was approved")]


@published("sessions.SessionLocked.v1", aggregate="session")
class SessionLocked(Fact):
    """The log is final for pay and bill: from here on it is amended, and never edited."""

    session_id: SessionId
    mentor_id: MentorId
    child_id: ChildId
    school_id: SchoolId
    assignment_id: AssignmentId
    starts_at: PlannedBegin
    contact_minutes: ContactMinutes
    ratio: RatioKept
    period_id: PayPeriodId
    locked_at: Annotated[AwareDatetime, Field(description="when it was locked")]
