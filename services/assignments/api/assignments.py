"""Assignments: begun, interrupted, ended, listed, shown."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from services.assignments.api.asking import by_time, known, listed
from services.assignments.api.speaking import themselves
from services.assignments.domain.assignment import assignment
from services.assignments.domain.assignment_commands import (
    Activate,
    EndAssignment,
    PauseAssignment,
    ResumeAssignment,
)
from services.assignments.domain.assignment_states import Accepted, Cancelled, Nothing, Proposed
from services.assignments.read_model import coverage as questions
from services.assignments.read_model.children import standing_of_child
from services.assignments.read_model.mentors import standing_of_mentor
from services.assignments.values import values
from shared.contracts.assignments.assignment import MentorAssigned, MentorOffered
from shared.contracts.words.mentoring import PauseReason
from shared.contracts.words.support import EndReason, Role
from shared.kernel.call import Call, CommandCall, Reads, allows, seen
from shared.kernel.decider import Refused
from shared.kernel.paging import Cursor, Limit
from shared.kernel.problems import NotFound

router = APIRouter(prefix="/assignments", tags=["assignments"])

Status = Literal["proposed", "accepted", "cancelled", "active", "paused", "handover_pending", "ended"]


class ActivateBody(BaseModel):
    effective_from: date


class PauseBody(BaseModel):
    """`paused_from` is the first day without support; `review_on` when to see whether it can go on."""

    reason: PauseReason
    paused_from: date
    review_on: date | None = None


class ResumeBody(BaseModel):
    """`resumed_on` is the first day of support again; the day the pause began undoes it."""

    resumed_on: date


class EndBody(BaseModel):
    """`ended_on` is the first day without this mentor."""

    reason: EndReason
    ended_on: date


class AssignmentView(BaseModel):
    """An offer and what became of it; in force from `effective_from` up to, without, `ended_on`.

    Cover is agreed up to, without, `effective_until`. `handover` is null until it was recorded or overridden.
    """

    assignment_id: UUID
    child_id: UUID
    mentor_id: UUID
    school_id: UUID
    role: Role
    status: Status
    reason: str | None
    offered_at: datetime
    accepted_at: datetime | None
    cancelled_at: datetime | None
    effective_from: date | None
    effective_until: date | None
    cover_id: UUID | None
    paused_from: date | None
    last_day: date | None
    handover: Literal["recorded", "overridden"] | None
    ended_on: date | None
    assigned_recorded_at: datetime | None
    ended_recorded_at: datetime | None


class AssignmentPage(BaseModel):
    items: list[AssignmentView]
    next: str | None


@router.post("/{assignment_id}/activate", dependencies=[allows("coordinator", "manager")])
async def activate(assignment_id: UUID, body: ActivateBody, call: Call) -> Response:
    """Begin what was agreed to. Only as many primaries at once as the agency allows, for child and for mentor."""
    offered = await offered_as(call, assignment_id)
    child = await call.reads(standing_of_child, offered.child_id, call.now.date())
    mentor = await call.reads(standing_of_mentor, offered.mentor_id)
    limit, child_slot, mentor_slot = values().exclusivity_limit, 1, 1
    while True:
        command = Activate(child, mentor, body.effective_from, call.now, child_slot, mentor_slot)
        try:
            return await call.decide(assignment, assignment_id, command)
        except Refused as refused:
            if refused.code == "child_already_assigned" and child_slot < limit:
                child_slot += 1
            elif refused.code == "mentor_already_assigned" and mentor_slot < limit:
                mentor_slot += 1
            else:
                raise


async def offered_as(call: CommandCall, assignment_id: UUID) -> MentorOffered | MentorAssigned:
    """Who is meant, from the store itself, since the read model may not have the offer yet."""
    state = await known(call, assignment, assignment_id)
    match state:
        case Nothing():
            raise NotFound("offer", assignment_id)
        case Proposed(offered) | Accepted(offered) | Cancelled(offered):
            return offered
        case _:
            return state.course.assigned


@router.post("/{assignment_id}/pause", dependencies=[allows("coordinator", "manager")])
async def pause(assignment_id: UUID, body: PauseBody, call: Call) -> Response:
    """Interrupt support: coming sessions are cancelled, mentor and child stay linked."""
    command = PauseAssignment(body.reason, body.paused_from, body.review_on)
    return await call.decide(assignment, assignment_id, command)


@router.post("/{assignment_id}/resume", dependencies=[allows("coordinator", "manager")])
async def resume(assignment_id: UUID, body: ResumeBody, call: Call) -> Response:
    """Go on after a pause."""
    return await call.decide(assignment, assignment_id, ResumeAssignment(body.resumed_on))


@router.post("/{assignment_id}/end", dependencies=[allows("coordinator", "manager")])
async def end(assignment_id: UUID, body: EndBody, call: Call) -> Response:
    """End it. The next primary waits for the handover, unless it was made in error."""
    return await call.decide(assignment, assignment_id, EndAssignment(body.reason, body.ended_on))


@router.get("", dependencies=[allows("coordinator", "manager", "auditor", "dsl"), seen("coverage")])
async def list_assignments(
    reads: Reads,
    child_id: UUID | None = None,
    mentor_id: UUID | None = None,
    status: Status | None = None,
    role: Role | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> AssignmentPage:
    """Offers and assignments, the oldest first."""
    found = await reads(
        questions.assignments_by_offer, child_id, mentor_id, status, role, by_time(cursor), limit + 1
    )
    return AssignmentPage.model_validate(listed(found, limit, "offered_at", "assignment_id"))


@router.get(
    "/{assignment_id}",
    dependencies=[allows("coordinator", "manager", "auditor", "dsl", "mentor"), seen("coverage")],
    response_model=AssignmentView,
)
async def show_assignment(assignment_id: UUID, reads: Reads, request: Request) -> Any:
    """One offer or assignment. A mentor sees their own."""
    found = await reads(questions.assignment, assignment_id)
    if found is None:
        raise NotFound("assignment", assignment_id)
    themselves(request.state.actor, found["mentor_id"])
    reads.shows(child_id=found["child_id"], mentor_id=found["mentor_id"])
    return dict(found)
