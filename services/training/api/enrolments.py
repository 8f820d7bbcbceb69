"""Enrolments over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from services.training.api.fields import READERS, TRAINERS, Day, Text, last_id
from services.training.api.views import EnrolmentPage, EnrolmentState, EnrolmentView
from services.training.domain.enrolment import Assign, Complete, Fail, enrolment
from services.training.read_model.courses import enrolled, find_course, find_enrolment
from shared.kernel.call import Call, Reads, allows, seen
from shared.kernel.paging import Cursor, Limit, page
from shared.kernel.problems import NotFound

router = APIRouter(tags=["enrolments"])


class NewEnrolment(BaseModel):
    """Have a mentor take a course by a day."""

    mentor_id: UUID
    course_id: UUID
    due_on: Day


class Completion(BaseModel):
    """`evidence` names the record that proves it, such as the number of an attendance sheet."""

    completed_on: Day
    evidence: Text


class Failure(BaseModel):
    """The day on which it was taken and not passed."""

    failed_on: Day


@router.post("/enrolments", status_code=201, dependencies=[allows(*TRAINERS, "coordinator")])
async def assign(body: NewEnrolment, call: Call) -> Response:
    """Assign a course to a mentor."""
    course = await call.reads(find_course, body.course_id)
    if course is None:
        raise NotFound("course", body.course_id)
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


@router.post("/enrolments/{enrolment_id}/completion", dependencies=[allows(*TRAINERS)])
async def complete(enrolment_id: UUID, body: Completion, call: Call) -> Response:
    """Record that it was passed; the mentor is certified in consequence."""
    command = Complete(body.completed_on, body.evidence, on=call.now.date())
    return await call.decide(enrolment, enrolment_id, command)


@router.post("/enrolments/{enrolment_id}/failure", dependencies=[allows(*TRAINERS)])
async def fail(enrolment_id: UUID, body: Failure, call: Call) -> Response:
    """Record that it was not passed."""
    return await call.decide(enrolment, enrolment_id, Fail(body.failed_on, on=call.now.date()))


@router.get("/enrolments", response_model=EnrolmentPage, dependencies=[allows(*READERS), seen("enrolments")])
async def list_enrolments(
    reads: Reads,
    mentor_id: UUID | None = None,
    course_id: UUID | None = None,
    state: Annotated[EnrolmentState | None, Query()] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """Who is to take what, and how it went; in the order of assigning."""
    found = await reads(
        enrolled,
        mentor_id=mentor_id,
        course_id=course_id,
        state=state,
        after=last_id(cursor),
        limit=limit + 1,
    )
    return page(found, limit, lambda row: [row["enrolment_id"]])


@router.get(
    "/enrolments/{enrolment_id}",
    response_model=EnrolmentView,
    dependencies=[allows(*READERS), seen("enrolments")],
)
async def show_enrolment(enrolment_id: UUID, reads: Reads) -> dict[str, Any]:
    """One enrolment."""
    found = await reads(find_enrolment, enrolment_id)
    if found is None:
        raise NotFound("enrolment", enrolment_id)
    return found
