"""When mentors can be with a child, and what they bring: availability, leave, absences, profile."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field, StringConstraints

from services.assignments.api.asking import Language, Name, Today
from services.assignments.api.speaking import themselves
from services.assignments.domain.mentor import mentor
from services.assignments.domain.mentor_commands import (
    GoOnLeave,
    Profile,
    ReportAbsence,
    Return,
    SetAvailability,
    UpdateProfile,
)
from services.assignments.read_model import mentors as questions
from shared.contracts.words.mentoring import AbsenceReason, LeaveKind, Weekday
from shared.contracts.words.support import Area, CurriculumLevel, Need
from shared.kernel.call import Call, Reads, allows, seen
from shared.kernel.problems import NotFound
from shared.kernel.sight import SeenAs

router = APIRouter(prefix="/mentors", tags=["mentors"])

District = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, to_upper=True, pattern=r"^[A-Za-z]{1,2}[0-9][A-Za-z0-9]?$", max_length=4
    ),
]


class LeaveBody(BaseModel):
    leave_from: date
    expected_back_on: date | None = None
    kind: LeaveKind


class ReturnBody(BaseModel):
    """`returned_on` is the first day back; the day leave began undoes it."""

    returned_on: date


class AvailabilityBody(BaseModel):
    minutes_per_week: int
    weekdays: tuple[Weekday, ...]
    effective_from: date


class ProfileBody(BaseModel):
    """All of the profile; what is left out is empty from now on."""

    areas: tuple[Area, ...] = ()
    curriculum_levels: tuple[CurriculumLevel, ...] = ()
    experience: tuple[Need, ...] = ()
    languages: Annotated[tuple[Language, ...], Field(max_length=20)] = ()
    town: Name | None = None
    postcode_district: District | None = None


class AbsenceBody(BaseModel):
    """`absent_until` is the first day back."""

    absent_from: date
    absent_until: date
    reason: AbsenceReason


class ProfileView(BaseModel):
    areas: tuple[Area, ...]
    curriculum_levels: tuple[CurriculumLevel, ...]
    experience: tuple[Need, ...]
    languages: tuple[str, ...]
    town: Annotated[str | None, SeenAs("contact")]
    postcode_district: Annotated[str | None, SeenAs("contact")]
    updated_on: date


class LeaveView(BaseModel):
    leave_from: date
    expected_back_on: date | None
    kind: LeaveKind
    returned_on: date | None


class AbsenceView(AbsenceBody):
    reported_at: datetime


class DaysView(BaseModel):
    """When a mentor can be with a child: what is in force on a day, and all that was said."""

    mentor_id: UUID
    on: date
    availability: AvailabilityBody | None
    availabilities: list[AvailabilityBody]
    leaves: list[LeaveView]
    absences: list[AbsenceView]
    profile: ProfileView | None


@router.post("/{mentor_id}/leave-of-absence", dependencies=[allows("coordinator", "manager")])
async def go_on_leave(mentor_id: UUID, body: LeaveBody, call: Call) -> Response:
    """Away for longer, and still employed: cover is looked for."""
    command = GoOnLeave(body.leave_from, body.expected_back_on, body.kind)
    return await call.decide(mentor, mentor_id, command)


@router.post("/{mentor_id}/return", dependencies=[allows("coordinator", "manager")])
async def come_back(mentor_id: UUID, body: ReturnBody, call: Call) -> Response:
    """Back from leave."""
    return await call.decide(mentor, mentor_id, Return(body.returned_on))


@router.post("/{mentor_id}/availability", dependencies=[allows("coordinator", "manager", "mentor")])
async def set_availability(mentor_id: UUID, body: AvailabilityBody, call: Call) -> Response:
    """How much the mentor can work, and on which days, from a day on."""
    themselves(call.actor, mentor_id)
    command = SetAvailability(body.minutes_per_week, body.weekdays, body.effective_from)
    return await call.decide(mentor, mentor_id, command)


@router.post("/{mentor_id}/profile", dependencies=[allows("coordinator", "manager", "mentor")])
async def update_profile(mentor_id: UUID, body: ProfileBody, call: Call) -> Response:
    """What the mentor brings to a child; used when candidates are ranked."""
    themselves(call.actor, mentor_id)
    profile = Profile(
        body.areas,
        body.curriculum_levels,
        body.experience,
        body.languages,
        body.town,
        body.postcode_district,
    )
    return await call.decide(mentor, mentor_id, UpdateProfile(profile, call.now.date()))


@router.post(
    "/{mentor_id}/absences", status_code=201, dependencies=[allows("coordinator", "manager", "mentor")]
)
async def report_absence(mentor_id: UUID, body: AbsenceBody, call: Call) -> Response:
    """The mentor can't be with a child on these days: sessions are cancelled and cover is looked for."""
    themselves(call.actor, mentor_id)
    command = ReportAbsence(body.absent_from, body.absent_until, body.reason, call.now)
    return await call.decide(
        mentor, mentor_id, command, status=201, location=f"/assignments/mentors/{mentor_id}/days"
    )


@router.get(
    "/{mentor_id}/days",
    dependencies=[allows("coordinator", "manager", "auditor", "mentor"), seen("mentors")],
)
async def show_days(
    mentor_id: UUID, reads: Reads, request: Request, today: Today, on: date | None = None
) -> DaysView:
    """When a mentor can be with a child, and what they bring."""
    themselves(request.state.actor, mentor_id)
    if await reads(questions.mentor, mentor_id, on or today) is None:
        raise NotFound("mentor", mentor_id)
    available = [dict(row) for row in await reads(questions.availabilities_of, mentor_id)]
    begun = [row for row in available if row["effective_from"] <= (on or today)]
    found: dict[str, Any] = {
        "mentor_id": mentor_id,
        "on": on or today,
        "availability": begun[-1] if begun else None,
        "availabilities": available,
        "leaves": [dict(row) for row in await reads(questions.leaves_of, mentor_id)],
        "absences": [dict(row) for row in await reads(questions.absences_of, mentor_id)],
        "profile": await reads(questions.profile_of, mentor_id),
    }
    return DaysView.model_validate(found)
