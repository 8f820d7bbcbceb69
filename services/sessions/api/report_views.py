"""What the reports of sessions answer with."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel

from services.sessions.api.views import AttemptView
from shared.contracts.words.sessions import Activity, Ratio
from shared.kernel.sight import SeenAs


class BreachView(AttemptView):
    """An attempt to log work with the whole class: where, when, and of whom."""

    session_id: UUID
    mentor_id: UUID
    child_id: UUID
    school_id: UUID
    day: date
    starts_at: AwareDatetime
    ends_at: AwareDatetime


class BreachPage(BaseModel):
    items: list[BreachView]
    next: str | None


class PatternView(BaseModel):
    """Help in passing that was given too often to be in passing."""

    mentor_id: UUID
    child_id: UUID
    school_id: UUID
    count: int
    since: AwareDatetime
    last_at: AwareDatetime
    found_at: AwareDatetime


class PatternPage(BaseModel):
    items: list[PatternView]
    next: str | None


class ChangeView(BaseModel):
    """A log that came late or not at all, or a change of one: before, after, by whom, why.

    `number` is the submission, the amendment, or the hours for which an `overdue` log has been wanted.
    """

    kind: Literal["late", "overdue", "resubmitted", "amended", "voided"]
    session_id: UUID
    number: int
    mentor_id: UUID
    child_id: UUID
    school_id: UUID
    day: date
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    at: AwareDatetime
    by: str | None
    reason_code: str | None
    reason: Annotated[str | None, SeenAs("casework")]
    minutes_before: int | None
    minutes_after: int | None
    activities_before: list[Activity] | None
    activities_after: list[Activity] | None
    ratio_before: Ratio | None
    ratio_after: Ratio | None


class ChangePage(BaseModel):
    items: list[ChangeView]
    next: str | None


class MinutesView(BaseModel):
    """Whole minutes with the child, alone or in a group that the child is part of, in so many sessions."""

    sessions: int
    one_to_one: int
    group_with_child: int


class ContactHoursView(BaseModel):
    """Minutes that somebody other than who logged them has approved, and minutes that await it."""

    verified: MinutesView
    claimed: MinutesView
