"""The facts of a timetable: the weekly slots of an assignment, and how far they are made into sessions."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.contracts.fact import Concerns, Fact, published
from shared.contracts.words.calendar import ExpandedBecause, TimetableEndReason, Weekday
from shared.contracts.words.ids import AssignmentId, ChildId, MentorId, SchoolId

TimetableId = Annotated[UUID, Concerns("timetable"), Field(description="the timetable")]


class Slot(BaseModel):
    """A time of the week at which the mentor is with the child, in the school's local time."""

    model_config = ConfigDict(frozen=True)

    weekday: Annotated[Weekday, Field(description="on which day")]
    starts: Annotated[
        str, Field(description="when it begins, HH:MM on the school's clock", pattern=r"^\d\d:\d\d$")
    ]
    minutes: Annotated[int, Field(description="how long it lasts")]


class OfTimetable(Fact):
    """What every fact of a timetable tells: whose it is."""

    timetable_id: TimetableId
    assignment_id: AssignmentId
    mentor_id: MentorId
    child_id: ChildId
    school_id: SchoolId


@published("sessions.TimetableSet.v1", aggregate="timetable")
class TimetableSet(OfTimetable):
    """The weekly slots of an assignment from a day on; replaces what was set for that day and later."""

    slots: Annotated[tuple[Slot, ...], Field(description="the weekly slots")]
    effective_from: Annotated[date, Field(description="first day of these slots")]
    effective_until: Annotated[
        date | None, Field(description="first day without these slots; none for until further notice")
    ]
    time_zone: Annotated[str, Field(description="IANA time zone of the school's clock")]
    set_at: Annotated[AwareDatetime, Field(description="when it was set")]


@published("sessions.TimetableEnded.v1", aggregate="timetable")
class TimetableEnded(OfTimetable):
    """From this day on the timetable makes no sessions for the child's own mentor."""

    reason: Annotated[TimetableEndReason, Field(description="why")]
    ended_on: Annotated[date, Field(description="first day without it")]
    ended_at: Annotated[AwareDatetime, Field(description="when that was decided")]


@published("sessions.TimetableExpanded.v1", aggregate="timetable")
class TimetableExpanded(OfTimetable):
    """The slots were to be made into sessions, or the sessions that were made put right."""

    because: Annotated[ExpandedBecause, Field(description="what made it necessary")]
    caused_by: Annotated[
        UUID | None, Field(description="the id of the fact, or of the request, that made it necessary")
    ] = None
    expanded_until: Annotated[date, Field(description="first day that is not planned yet")]
    next_at: Annotated[
        AwareDatetime | None, Field(description="when the next days are added; none when nothing is to come")
    ]
    expanded_at: Annotated[AwareDatetime, Field(description="when it was decided")]
