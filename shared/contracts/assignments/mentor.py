"""The facts of a mentor: employment, availability, absences, and what they bring to a child."""

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, Field

from shared.contracts.fact import Fact, Personal, published
from shared.contracts.words.ids import MentorId
from shared.contracts.words.mentoring import AbsenceReason, LeaveKind, Weekday
from shared.contracts.words.support import Area, CurriculumLevel, Need

MentorName = Annotated[
    str, Personal(of="mentor_id", keep="employment"), Field(description="the mentor's full name")
]
MentorEmail = Annotated[
    str, Personal(of="mentor_id", keep="contact"), Field(description="where the mentor reads e-mail")
]


@published("assignments.MentorApplied.v1", aggregate="mentor")
class MentorApplied(Fact):
    """Somebody wants to become a learning mentor of the agency."""

    mentor_id: MentorId
    name: MentorName
    email: MentorEmail
    applied_on: Annotated[date, Field(description="the day of the application")]


@published("assignments.MentorEngaged.v1", aggregate="mentor")
class MentorEngaged(Fact):
    """A learning mentor works for the agency; says nothing of being fit to be with a child."""

    mentor_id: MentorId
    name: MentorName
    email: MentorEmail
    engaged_on: Annotated[date, Field(description="first day of employment")]


@published("assignments.MentorWentOnLeave.v1", aggregate="mentor")
class MentorWentOnLeave(Fact):
    """A mentor is away for longer, and stays employed; until MentorReturned."""

    mentor_id: MentorId
    leave_from: Annotated[date, Field(description="first day of leave")]
    expected_back_on: Annotated[date | None, Field(description="first day back, as far as is known")]
    kind: Annotated[LeaveKind, Field(description="what kind of leave")]


@published("assignments.MentorReturned.v1", aggregate="mentor")
class MentorReturned(Fact):
    """A mentor's leave is over."""

    mentor_id: MentorId
    leave_from: Annotated[date, Field(description="first day of the leave that is over")]
    returned_on: Annotated[date, Field(description="first day back; the day leave began: it never was")]


@published("assignments.MentorLeft.v1", aggregate="mentor")
class MentorLeft(Fact):
    """A mentor no longer works for the agency."""

    mentor_id: MentorId
    left_on: Annotated[date, Field(description="first day without the mentor")]


@published("assignments.MentorAvailabilitySet.v1", aggregate="mentor")
class MentorAvailabilitySet(Fact):
    """How much a mentor can work, and on which days; replaces what was set before from that day on."""

    mentor_id: MentorId
    minutes_per_week: Annotated[int, Field(description="minutes a week that the mentor can be with a child")]
    weekdays: Annotated[tuple[Weekday, ...], Field(description="the days on which the mentor can work")]
    effective_from: Annotated[date, Field(description="first day of this availability")]


@published("assignments.MentorProfileUpdated.v1", aggregate="mentor")
class MentorProfileUpdated(Fact):
    """What a mentor brings to a child; all of it as it is now. What training proves is not in here."""

    mentor_id: MentorId
    areas: Annotated[tuple[Area, ...], Field(description="the areas of support the mentor is trained in")]
    curriculum_levels: Annotated[
        tuple[CurriculumLevel, ...],
        Field(description="the levels of English and Maths the mentor can support"),
    ]
    experience: Annotated[
        tuple[Need, ...], Field(description="the needs of children the mentor has supported")
    ]
    languages: Annotated[
        tuple[str, ...], Field(description="languages the mentor speaks, BCP 47 (en, pl, ur)")
    ]
    town: Annotated[
        str | None,
        Personal(of="mentor_id", keep="contact"),
        Field(description="the town the mentor comes from"),
    ]
    postcode_district: Annotated[
        str | None,
        Personal(of="mentor_id", keep="contact"),
        Field(description="the first half of the mentor's postcode, such as EV1: near enough for distances"),
    ]
    updated_on: Annotated[date, Field(description="the day of the change")]


@published("assignments.MentorAbsenceReported.v1", aggregate="mentor")
class MentorAbsenceReported(Fact):
    """A mentor can't be with a child on these days; a day reported again replaces what was said of it."""

    mentor_id: MentorId
    absent_from: Annotated[date, Field(description="first day of absence")]
    absent_until: Annotated[date, Field(description="first day back")]
    reason: Annotated[AbsenceReason, Field(description="why")]
    reported_at: Annotated[AwareDatetime, Field(description="when it was reported")]
