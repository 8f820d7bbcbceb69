"""The facts of school calendars: terms, and the days on which school is closed."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.contracts.fact import Concerns, Fact, published
from shared.contracts.words.calendar import CalendarScope, ClosureReason

CalendarId = Annotated[
    UUID, Concerns("calendar"), Field(description="the calendar; made from its scope and school year")
]


class Term(BaseModel):
    """A stretch of school days, first and last day included; half-terms are terms of their own."""

    model_config = ConfigDict(frozen=True)

    name: Annotated[str, Field(description="what the school calls it")]
    starts_on: Annotated[date, Field(description="first day")]
    ends_on: Annotated[date, Field(description="last day")]


class Closure(BaseModel):
    """A day on which school is closed although it lies in a term."""

    model_config = ConfigDict(frozen=True)

    on: Annotated[date, Field(description="the day")]
    reason: Annotated[ClosureReason, Field(description="why")]


@published("sessions.CalendarPublished.v1", aggregate="calendar")
class CalendarPublished(Fact):
    """The terms and closures of a school year; replaces what was published for that scope and year before."""

    calendar_id: CalendarId
    scope: Annotated[
        CalendarScope,
        Field(description="whom it is for; the narrowest one that has terms holds, closures add up"),
    ]
    scope_key: Annotated[
        str, Field(description="the region, the local authority's name in the register, or the school's id")
    ]
    school_year: Annotated[int, Field(description="the year in which the school year begins, in August")]
    terms: Annotated[
        tuple[Term, ...], Field(description="none when only closures are added to a wider scope's terms")
    ]
    closures: Annotated[tuple[Closure, ...], Field(description="closed days, public holidays among them")]
    published_at: Annotated[AwareDatetime, Field(description="when it was published")]
