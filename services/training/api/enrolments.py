"""Enrolments over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from services.training.api.fields import READERS, TRAINERS, Day, Text, last_id, own
from services.training.api.views import EnrolmentPage, EnrolmentState, EnrolmentView
from services.training.domain.enrolment import enrolment
from services.training.domain.enrolment_commands import Assign, Complete, Fail, Start, Waive, Withdraw
from services.training.read_model.courses import find_course
from services.training.read_model.enrolments import enrolled, find_enrolment
from shared.contracts.words.training import CountsFor, Track, WaiverReason, WithdrawalReason
from shared.kernel.call import Call, Reads, allows, seen
from shared.kernel.paging import Cursor, Limit, page
from shared.kernel.problems import NotFound, Problem

router = APIRouter(tags=["enrolments"])


class NewEnrolment(BaseModel):
    """Have a mentor take a course by a day."""

    mentor_id: UUID
    course_id: UUID
    due_on: Day


class Beginning(BaseModel):
    """The first day on it; today when left out."""

    started_on: Day | None = None


class Completion(BaseModel):
    """`evidence` names the record that proves it, such as the number of an attendance sheet."""

    completed_on: Day
    evidence: Text


class Failure(BaseModel):
    """The day on which it was taken and not passed."""

    failed_on: Day


class Waiver(BaseModel):
    """`counts_for` certification: it certifies up to `valid_until`, no longer than completing it would."""

    reason: WaiverReason
    evidence: Text
    counts_for: CountsFor = "enrolment"
    valid_until: Day | None = None


class Withdrawal(BaseModel):
    """Why the mentor is taken off the course."""

    reason: WithdrawalReason


@router.post("/enrolments", status_code=201, dependencies=[allows(*TRAINERS, "coordinator")])
async def assign(body: NewEnrolment, call: Call) -> Response:
    """Assign a course to a mentor."""
    course = await call.reads(find_course, body.course_id)
    if course is None:
        raise NotFound("course", body.course_id)
    if course["state"] == "draft":
        raise Problem(409, "course_not_published", "this course is only a draft; publish it first")
    stream = call.new_id()
    command = Assign(
        enrolment_id=stream,
        mentor_id=body.mentor_id,
        course_id=body.course_id,
        track=course["track"],
        due_on=body.due_on,
        on=call.now.date(),
        retired_on=course["retired_on"],
    )
    return await call.decide(
        enrolment,
        stream,
        command,
        status=201,
        location="/training/enrolments/{id}",
        show={"enrolment_id": str(stream)},
        new=True,
    )


@router.post("/enrolments/{enrolment_id}/start", dependencies=[allows(*TRAINERS, "mentor")])
async def start(enrolment_id: UUID, body: Beginning, call: Call) -> Response:
    """Record that the mentor has begun; a mentor does so for their own."""
    if call.actor.role == "mentor":
        known = await call.reads(find_enrolment, enrolment_id)
        if known is None:
            raise NotFound("enrolment", enrolment_id)
        own(call.actor, known["mentor_id"])
    today = call.now.date()
    return await call.decide(enrolment, enrolment_id, Start(body.started_on or today, on=today))


@router.post("/enrolments/{enrolment_id}/completion", dependencies=[allows(*TRAINERS)])
async def complete(enrolment_id: UUID, body: Completion, call: Call) -> Response:
    """Record that it was passed; the mentor is certified in consequence."""
    command = Complete(body.completed_on, body.evidence, on=call.now.date())
    return await call.decide(enrolment, enrolment_id, command)


@router.post("/enrolments/{enrolment_id}/failure", dependencies=[allows(*TRAINERS)])
async def fail(enrolment_id: UUID, body: Failure, call: Call) -> Response:
    """Record that it was not passed."""
    return await call.decide(enrolment, enrolment_id, Fail(body.failed_on, on=call.now.date()))


@router.post("/enrolments/{enrolment_id}/waiver", dependencies=[allows("compliance")])
async def waive(enrolment_id: UUID, body: Waiver, call: Call) -> Response:
    """Spare a mentor the course, and say for what that counts."""
    known = await call.reads(find_enrolment, enrolment_id)
    course = await call.reads(find_course, known["course_id"]) if known else None
    if course is None:
        raise NotFound("enrolment", enrolment_id)
    command = Waive(
        reason=body.reason,
        evidence=body.evidence,
        counts_for=body.counts_for,
        valid_until=body.valid_until,
        valid_months=course["valid_months"],
        waived_by=str(call.actor),
        on=call.now.date(),
    )
    return await call.decide(enrolment, enrolment_id, command)


@router.post("/enrolments/{enrolment_id}/withdrawal", dependencies=[allows(*TRAINERS, "coordinator")])
async def withdraw(enrolment_id: UUID, body: Withdrawal, call: Call) -> Response:
    """Take a mentor off a course that was not completed."""
    return await call.decide(enrolment, enrolment_id, Withdraw(body.reason, on=call.now.date()))


@router.get(
    "/enrolments",
    response_model=EnrolmentPage,
    dependencies=[allows(*READERS, "mentor"), seen("enrolments")],
)
async def list_enrolments(
    request: Request,
    reads: Reads,
    mentor_id: UUID | None = None,
    course_id: UUID | None = None,
    track: Track | None = None,
    state: Annotated[EnrolmentState | None, Query()] = None,
    overdue: bool | None = None,
    due_until: Annotated[Day | None, Query(description="open ones that are due up to that day")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """Who is to take what, and how it went; a mentor sees their own."""
    own(request.state.actor, mentor_id)
    found = await reads(
        enrolled,
        mentor_id=mentor_id,
        course_id=course_id,
        track=track,
        state=state,
        overdue=overdue,
        due_until=due_until,
        after=last_id(cursor),
        limit=limit + 1,
    )
    return page(found, limit, lambda row: [row["enrolment_id"]])


@router.get(
    "/enrolments/{enrolment_id}",
    response_model=EnrolmentView,
    dependencies=[allows(*READERS, "mentor"), seen("enrolments")],
)
async def show_enrolment(request: Request, enrolment_id: UUID, reads: Reads) -> dict[str, Any]:
    """One enrolment; a mentor sees their own."""
    found = await reads(find_enrolment, enrolment_id)
    if found is None:
        raise NotFound("enrolment", enrolment_id)
    own(request.state.actor, found["mentor_id"])
    return found
