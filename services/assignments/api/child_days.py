"""A child's way and days: support rests and goes on, the child leaves and comes back, is absent."""

from datetime import date, datetime
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from services.assignments.api.asking import Today, by_number, listed
from services.assignments.api.speaking import may_ask
from services.assignments.domain.child import (
    ExitChild,
    PauseChild,
    ReopenChild,
    ReportAbsence,
    ResumeChild,
    child,
)
from services.assignments.read_model import children as questions
from shared.contracts.words.requests import ChildAbsenceReason, ChildExitReason, ChildPauseReason
from shared.kernel.call import Call, Reads, allows, seen
from shared.kernel.paging import Cursor, Limit
from shared.kernel.problems import NotFound

router = APIRouter(prefix="/children", tags=["children"])


class PauseBody(BaseModel):
    reason: ChildPauseReason
    paused_from: date
    review_on: date | None = None


class ResumeBody(BaseModel):
    resumed_on: date


class ExitBody(BaseModel):
    """`exited_on` is the first day on which the agency is not responsible."""

    reason: ChildExitReason
    exited_on: date


class ReopenBody(BaseModel):
    """`school_id` when the child comes back at another school."""

    reopened_on: date
    school_id: UUID | None = None


class AbsenceBody(BaseModel):
    """Absent from `absent_from` up to, without, `absent_until`: the first day back."""

    absent_from: date
    absent_until: date
    reason: ChildAbsenceReason


class AbsenceView(AbsenceBody):
    number: int
    school_id: UUID
    reported_at: datetime


class AbsencePage(BaseModel):
    items: list[AbsenceView]
    next: str | None


@router.post("/{child_id}/pause", dependencies=[allows("coordinator", "manager")])
async def pause(child_id: UUID, body: PauseBody, call: Call) -> Response:
    """Let support rest: the child's mentors rest with it."""
    return await call.decide(child, child_id, PauseChild(body.reason, body.paused_from, body.review_on))


@router.post("/{child_id}/resume", dependencies=[allows("coordinator", "manager")])
async def resume(child_id: UUID, body: ResumeBody, call: Call) -> Response:
    """Let support go on."""
    return await call.decide(child, child_id, ResumeChild(body.resumed_on))


@router.post("/{child_id}/exit", dependencies=[allows("coordinator", "manager")])
async def leave(child_id: UUID, body: ExitBody, call: Call) -> Response:
    """The agency is no longer responsible: offers are cancelled and assignments end."""
    return await call.decide(child, child_id, ExitChild(body.reason, body.exited_on))


@router.post("/{child_id}/reopen", dependencies=[allows("coordinator", "manager")])
async def reopen(child_id: UUID, body: ReopenBody, call: Call) -> Response:
    """The agency is responsible again, on the provision specified last, until another is."""
    return await call.decide(child, child_id, ReopenChild(body.reopened_on, body.school_id))


@router.post(
    "/{child_id}/absences",
    status_code=201,
    dependencies=[allows("coordinator", "manager", "mentor", "school", "parent")],
)
async def report_absence(child_id: UUID, body: AbsenceBody, call: Call) -> Response:
    """Say that the child is not at school on these days."""
    await may_ask(call.reads, call.actor, child_id, call.now.date())
    command = ReportAbsence(body.absent_from, body.absent_until, body.reason, call.now)
    location = f"/assignments/children/{child_id}/absences"
    return await call.decide(child, child_id, command, status=201, location=location)


@router.get(
    "/{child_id}/absences",
    dependencies=[
        allows("coordinator", "manager", "auditor", "dsl", "mentor", "school"),
        seen("children", "coverage"),
    ],
)
async def list_absences(
    child_id: UUID,
    reads: Reads,
    request: Request,
    today: Today,
    since: date | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> AbsencePage:
    """The absences of a child that last beyond `since`, in the order in which they were reported."""
    await may_ask(reads, request.state.actor, child_id, today)
    if await reads(questions.child, child_id) is None:
        raise NotFound("child", child_id)
    found = await reads(questions.absences_of, child_id, since, by_number(cursor), limit + 1)
    return AbsencePage.model_validate(listed(found, limit, "number"))
