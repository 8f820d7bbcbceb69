"""What is sent to sessions."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from services.sessions.api.fields import Moment, Text
from shared.contracts.words.sessions import (
    Activity,
    AmendReason,
    CancelledBy,
    CancelReason,
    Rating,
    Ratio,
    RescheduleReason,
    VoidReason,
)
from shared.contracts.words.support import Area

Activities = Annotated[tuple[Activity, ...], Field(min_length=1, max_length=20)]
Areas = Annotated[tuple[Area, ...], Field(max_length=10)]
Minutes = Annotated[int, Field(ge=0, le=735, description="whole minutes with the child")]
Notes = Annotated[str, Field(max_length=10_000, pattern=r"^[^\x00]*$")]


class NewSession(BaseModel):
    """Contact of a mentor with the child they are assigned to; with a time zone on each time."""

    mentor_id: UUID
    child_id: UUID
    starts_at: Moment
    ends_at: Moment


class NewTime(BaseModel):
    """When the session takes place instead, and why it was moved."""

    starts_at: Moment
    ends_at: Moment
    reason: RescheduleReason


class Beginning(BaseModel):
    """When contact began; now, when left out."""

    started_at: Moment | None = None


class Ending(BaseModel):
    """When contact ended; now, when left out."""

    finished_at: Moment | None = None


class Cancellation(BaseModel):
    """Whose decision it is, why, and whether it is paid and billed all the same; left out, the notice decides."""

    cancelled_by: CancelledBy
    reason: CancelReason
    chargeable: bool | None = None


class OutcomeRating(BaseModel):
    """How near the child came to an outcome of the provision: 1 not yet, 5 reached."""

    outcome_id: UUID
    rating: Rating


class LogDraft(BaseModel):
    """What is there of a log; anything may be missing."""

    activities: Annotated[tuple[Activity, ...], Field(max_length=20)] = ()
    areas: Areas = ()
    contact_minutes: Minutes | None = None
    ratio: Ratio | None = None
    incidental_help: bool = False
    notes: Notes = ""


class SessionLog(BaseModel):
    """What was done. `late_reason` is a coordinator's, for a log that comes after more than 72 hours."""

    activities: Activities
    areas: Areas = ()
    contact_minutes: Minutes
    ratio: Ratio
    incidental_help: bool = False
    notes: Notes = ""
    late_reason: Text | None = None
    outcomes: Annotated[tuple[OutcomeRating, ...], Field(max_length=50)] = ()


class Returning(BaseModel):
    """What the mentor is to mend."""

    reason: Annotated[str, Field(min_length=1, max_length=2_000, pattern=r"^[^\x00]*\S[^\x00]*$")]


class Approval(BaseModel):
    """Nothing but the approval itself."""


class Amendment(BaseModel):
    """What the log should have said, all of it, and why. Notes left out stay as they were."""

    reason_code: AmendReason
    reason: Text
    activities: Activities
    areas: Areas = ()
    contact_minutes: Minutes
    ratio: Ratio
    incidental_help: bool = False
    notes: Notes | None = None


class Voiding(BaseModel):
    """Why a session on record does not count."""

    reason_code: VoidReason
    reason: Text
