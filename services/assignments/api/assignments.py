"""Assignments: begun, ended, listed, shown."""

from datetime import date, datetime
from typing import Any, Literal, assert_never
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel

from services.assignments.api.asking import by_time, known, listed
from services.assignments.domain.assignment import (
    Activate,
    Active,
    Cancelled,
    EndAssignment,
    Ended,
    Nothing,
    Offered,
    assignment,
)
from services.assignments.read_model import coverage as questions
from services.assignments.read_model.children import standing_of_child
from services.assignments.read_model.mentors import standing_of_mentor
from shared.contracts.assignments.assignment import MentorAssigned, MentorOffered
from shared.contracts.words.support import EndReason, Role
from shared.kernel.call import Call, CommandCall, Reads, allows, seen
from shared.kernel.paging import Cursor, Limit
from shared.kernel.problems import NotFound

router = APIRouter(prefix="/assignments", tags=["assignments"])

Status = Literal["offered", "cancelled", "active", "ended"]


class ActivateBody(BaseModel):
    effective_from: date


class EndBody(BaseModel):
    """`ended_on` is the first day without this mentor."""

    reason: EndReason
    ended_on: date


class AssignmentView(BaseModel):
    """An offer and what became of it; in force from `effective_from` up to, without, `ended_on`."""

    assignment_id: UUID
    child_id: UUID
    mentor_id: UUID
    school_id: UUID
    role: Role
    status: Status
    reason: str | None
    offered_at: datetime
    cancelled_at: datetime | None
    effective_from: date | None
    ended_on: date | None
    assigned_recorded_at: datetime | None
    ended_recorded_at: datetime | None


class AssignmentPage(BaseModel):
    items: list[AssignmentView]
    next: str | None


@router.post("/{assignment_id}/activate", dependencies=[allows("coordinator", "manager")])
async def activate(assignment_id: UUID, body: ActivateBody, call: Call) -> Response:
    """Begin: the offer was agreed to. Only one primary at a time, for the child and for the mentor."""
    offered = await _offered(call, assignment_id)
    command = Activate(
        child=await call.reads(standing_of_child, offered.child_id),
        mentor=await call.reads(standing_of_mentor, offered.mentor_id),
        effective_from=body.effective_from,
        at=call.now,
    )
    return await call.decide(assignment, assignment_id, command)


async def _offered(call: CommandCall, assignment_id: UUID) -> MentorOffered | MentorAssigned:
    """Who is meant, from the store itself, since the read model may not have the offer yet."""
    state = await known(call, assignment, assignment_id)
    match state:
        case Nothing():
            raise NotFound("offer", assignment_id)
        case Offered(offered) | Cancelled(offered):
            return offered
        case Active(assigned) | Ended(assigned):
            return assigned
        case _:
            assert_never(state)


@router.post("/{assignment_id}/end", dependencies=[allows("coordinator", "manager")])
async def end(assignment_id: UUID, body: EndBody, call: Call) -> Response:
    """End it."""
    return await call.decide(assignment, assignment_id, EndAssignment(body.reason, body.ended_on))


@router.get("", dependencies=[allows("coordinator", "manager", "auditor", "dsl"), seen("coverage")])
async def list_assignments(
    reads: Reads,
    child_id: UUID | None = None,
    mentor_id: UUID | None = None,
    status: Status | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> AssignmentPage:
    """Offers and assignments, the oldest first."""
    found = await reads(
        questions.assignments_by_offer, child_id, mentor_id, status, by_time(cursor), limit + 1
    )
    return AssignmentPage.model_validate(listed(found, limit, "offered_at", "assignment_id"))


@router.get(
    "/{assignment_id}",
    dependencies=[allows("coordinator", "manager", "auditor", "dsl", "mentor"), seen("coverage")],
    response_model=AssignmentView,
)
async def show_assignment(assignment_id: UUID, reads: Reads) -> Any:
    """One offer or assignment."""
    found = await reads(questions.assignment, assignment_id)
    if found is None:
        raise NotFound("assignment", assignment_id)
    return dict(found)
