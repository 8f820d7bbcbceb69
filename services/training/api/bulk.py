"""Many mentors on one course in one request."""

import asyncio
from typing import Annotated, Literal
from uuid import UUID, uuid5

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from services.training.api.fields import TRAINERS, Day
from services.training.api.recording import Decided, recorder
from services.training.domain.enrolment_commands import Assign
from services.training.read_model.courses import find_course
from shared.kernel.call import Reads, allows
from shared.kernel.problems import NotFound, Problem

router = APIRouter(tags=["enrolments"])
_BULK = UUID("c1f7bb0e-8a0c-5d8c-9a44-4f2d6c1b7e90")
MOST = 1_000


class ManyEnrolments(BaseModel):
    """These mentors are to take this course by that day."""

    course_id: UUID
    due_on: Day
    mentor_ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST)]


class EnrolledRow(BaseModel):
    """What became of one mentor; `code` and `detail` say why when refused."""

    mentor_id: UUID
    enrolment_id: UUID | None
    outcome: Literal["enrolled", "unchanged", "refused"]
    code: str | None = None
    detail: str | None = None


class BulkReport(BaseModel):
    """`items` are in the order asked. `position` is that of the last fact, for `after`."""

    enrolled: int
    unchanged: int
    refused: int
    position: int
    items: list[EnrolledRow]


@router.post("/enrolments/bulk", dependencies=[allows(*TRAINERS, "coordinator")])
async def enrol_many(body: ManyEnrolments, request: Request, reads: Reads) -> BulkReport:
    """Assign a course to many mentors. Safe to repeat: who is on the course already is left alone."""
    record = recorder(request)
    course = await reads(find_course, body.course_id)
    if course is None:
        raise NotFound("course", body.course_id)
    if course["state"] == "draft":
        raise Problem(409, "course_not_published", "this course is only a draft; publish it first")
    today = reads.running.clock.now().date()

    async def enrol(mentor_id: UUID) -> tuple[UUID, Decided]:
        # made from what is asked, so that asking again finds the enrolment instead of making another
        stream = uuid5(_BULK, f"{mentor_id}:{body.course_id}:{body.due_on}")
        command = Assign(
            enrolment_id=stream,
            mentor_id=mentor_id,
            course_id=body.course_id,
            track=course["track"],
            due_on=body.due_on,
            on=today,
            retired_on=course["retired_on"],
        )
        return stream, await record(stream, command)

    wanted = list(dict.fromkeys(body.mentor_ids))
    decided = await asyncio.gather(*map(enrol, wanted))
    rows = [_row(mentor_id, *found) for mentor_id, found in zip(wanted, decided, strict=True)]
    outcomes = [row.outcome for row in rows]
    return BulkReport(
        enrolled=outcomes.count("enrolled"),
        unchanged=outcomes.count("unchanged"),
        refused=outcomes.count("refused"),
        position=max((found.position for _, found in decided), default=0),
        items=rows,
    )


def _row(mentor_id: UUID, stream: UUID, found: Decided) -> EnrolledRow:
    if found.refused is None:
        outcome: Literal["enrolled", "unchanged"] = "enrolled" if found.changed else "unchanged"
        return EnrolledRow(mentor_id=mentor_id, enrolment_id=stream, outcome=outcome)
    said = {"code": found.refused.code, "detail": found.refused.message}
    on_it = found.refused.code == "already_enrolled"
    return EnrolledRow(
        mentor_id=mentor_id, enrolment_id=None, outcome="unchanged" if on_it else "refused", **said
    )
