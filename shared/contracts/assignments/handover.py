"""The facts of handing over: what one mentor knows of a child is passed on to the next."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.contracts.fact import Concerns, Fact, Personal, published
from shared.contracts.words.ids import AssignmentId, ChildId, MentorId, SchoolId
from shared.contracts.words.mentoring import OverrideReason
from shared.contracts.words.support import EndReason


@published("assignments.HandoverBegun.v1", aggregate="assignment")
class HandoverBegun(Fact):
    """The end of a primary's support is in sight; what they know of the child is to be passed on."""

    assignment_id: AssignmentId
    child_id: ChildId
    mentor_id: MentorId
    school_id: SchoolId
    last_day: Annotated[date, Field(description="the last day of this mentor with the child, as planned")]
    reason: Annotated[EndReason, Field(description="why it will end")]
    begun_at: Annotated[AwareDatetime, Field(description="when the handover began")]


@published("assignments.HandoverRecorded.v1", aggregate="assignment")
class HandoverRecorded(Fact):
    """What a primary knows of a child was passed on."""

    assignment_id: AssignmentId
    child_id: ChildId
    mentor_id: MentorId
    school_id: SchoolId
    summary: Annotated[
        str,
        Personal(of="child_id", keep="casework"),
        Field(description="what helps this child and what does not, in plain words"),
    ]
    to_mentor_id: Annotated[
        UUID | None, Concerns("mentor"), Field(description="who was told; None when nobody is found yet")
    ]
    recorded_at: Annotated[AwareDatetime, Field(description="when it was recorded")]


@published("assignments.HandoverOverridden.v1", aggregate="assignment")
class HandoverOverridden(Fact):
    """There is no handover, and somebody answers for the next mentor beginning without it."""

    assignment_id: AssignmentId
    child_id: ChildId
    mentor_id: MentorId
    school_id: SchoolId
    reason: Annotated[OverrideReason, Field(description="why the next mentor may begin without it")]
    overridden_by: Annotated[
        str, Field(description="who answers for it: their role and name, as they signed in")
    ]
    overridden_at: Annotated[AwareDatetime, Field(description="when it was decided")]
