"""What timetables are asked with, and what they answer with."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from services.sessions.api.fields import Day, Text
from shared.contracts.sessions.timetable import Slot
from shared.contracts.words.calendar import TimetableEndReason, Weekday


class SlotBody(BaseModel):
    """On the school's clock; it ends before midnight."""

    weekday: Weekday
    starts: Annotated[str, Field(pattern=r"^\d\d:\d\d$", description="HH:MM", examples=["09:00"])]
    minutes: Annotated[int, Field(ge=5, le=720)]


Slots = Annotated[tuple[SlotBody, ...], Field(min_length=1, max_length=50)]


class Weekly(BaseModel):
    """`effective_from` is today, or the assignment's first day when that is later, if it is left out."""

    slots: Slots
    effective_from: Day | None = None
    effective_until: Annotated[Day | None, Field(description="first day without these slots")] = None


class NewTimetable(Weekly):
    """The weekly slots of a primary assignment. The time zone is the school's, when it is left out."""

    assignment_id: UUID
    time_zone: Text | None = None


class Ending(BaseModel):
    """`ended_on` is the first day without it; tomorrow, when it is left out."""

    ended_on: Day | None = None
    reason: TimetableEndReason = "replaced"


class TimetableView(BaseModel):
    timetable_id: UUID
    assignment_id: UUID
    mentor_id: UUID
    child_id: UUID
    school_id: UUID
    slots: list[Slot]
    effective_from: date
    effective_until: date | None
    time_zone: str
    set_at: AwareDatetime
    ended_on: date | None
    end_reason: TimetableEndReason | None
    expanded_until: date | None
    next_at: AwareDatetime | None


class TimetablePage(BaseModel):
    items: list[TimetableView]
    next: str | None


class VersionView(BaseModel):
    slots: list[Slot]
    effective_from: date
    effective_until: date | None
    time_zone: str
    set_at: AwareDatetime


class PlannedView(BaseModel):
    session_id: UUID
    starts_at: AwareDatetime
    ends_at: AwareDatetime


class MissingView(BaseModel):
    """A slot to come without a session. `session_id` is the one that is in the way."""

    day: date
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    why: str
    detail: str
    session_id: UUID | None


class OneTimetableView(TimetableView):
    """With every version, the sessions to come, and the slots to come that could not be planned, and why."""

    versions: list[VersionView]
    planned: list[PlannedView]
    not_planned: list[MissingView]
