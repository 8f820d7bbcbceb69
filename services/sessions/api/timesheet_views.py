"""What pay periods and timesheets are asked with, and what they answer with."""

from datetime import date
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field, model_validator

from services.sessions.api.fields import Day, Moment, Text
from shared.contracts.sessions.pay_period import Total
from shared.contracts.words.calendar import LineKind


class NewPeriod(BaseModel):
    """First and last day, and from when on logs of these days are no longer taken in."""

    starts_on: Day
    ends_on: Day
    cut_off_at: Moment


class Closing(BaseModel):
    """`force`, with a reason, closes before the cut-off or with sessions unresolved."""

    force: bool = False
    force_reason: Text | None = None

    @model_validator(mode="after")
    def _forced_with_a_reason(self) -> Self:
        if self.force and self.force_reason is None:
            raise ValueError("force_reason: say why it has to be closed all the same")
        return self


class PeriodView(BaseModel):
    period_id: UUID
    starts_on: date
    ends_on: date
    cut_off_at: AwareDatetime
    opened_at: AwareDatetime | None
    totals: list[Total] | None
    unresolved: int | None
    force_reason: str | None
    closed_at: AwareDatetime | None


class PeriodPage(BaseModel):
    items: list[PeriodView]
    next: str | None


class OnePeriodView(PeriodView):
    """`unsettled` names some of the sessions that stand in the way of closing."""

    unsettled: list[dict[str, Any]]


class LineView(BaseModel):
    """One line; the CSV has the period's id and then these columns, in this order."""

    line_id: str
    kind: LineKind
    day: Annotated[date, Field(description="the calendar day at the school")]
    minutes: Annotated[int, Field(description="negative for a reversal")]
    session_id: UUID
    amendment: Annotated[int, Field(description="0 for the session itself, then the number of the amendment")]
    mentor_id: UUID
    child_id: UUID
    school_id: UUID
    assignment_id: UUID
    cover: bool
    reason: str | None
    booked_at: AwareDatetime
    locked_at: AwareDatetime | None
    position: Annotated[int, Field(description="of the fact that made the line, in the log of sessions")]


class TimesheetPage(BaseModel):
    """A page of lines; `totals` are of all lines that were asked for."""

    period_id: UUID
    items: list[LineView]
    totals: list[Total]
    next: str | None
