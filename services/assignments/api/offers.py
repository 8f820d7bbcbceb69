"""Offers: a mentor proposed for a child, and the proposal let go."""

from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel

from services.assignments.domain.assignment import CancelOffer, OfferMentor, assignment
from services.assignments.read_model.children import standing_of_child
from services.assignments.read_model.mentors import standing_of_mentor
from shared.contracts.words.support import OfferCancelReason, Role
from shared.kernel.call import Call, allows

router = APIRouter(prefix="/offers", tags=["assignments"])


class OfferBody(BaseModel):
    child_id: UUID
    mentor_id: UUID
    role: Role = "primary"


class CancelBody(BaseModel):
    reason: OfferCancelReason


@router.post("", status_code=201, dependencies=[allows("coordinator", "manager")])
async def offer(body: OfferBody, call: Call) -> Response:
    """Propose a mentor for a child; refused with every item the mentor lacks."""
    assignment_id = call.new_id()
    command = OfferMentor(
        assignment_id=assignment_id,
        child=await call.reads(standing_of_child, body.child_id),
        mentor=await call.reads(standing_of_mentor, body.mentor_id),
        role=body.role,
        at=call.now,
    )
    return await call.decide(
        assignment,
        assignment_id,
        command,
        status=201,
        location="/assignments/assignments/{id}",
        show={"assignment_id": assignment_id},
        new=True,
    )


@router.post("/{assignment_id}/cancel", dependencies=[allows("coordinator", "manager", "mentor", "school")])
async def cancel(assignment_id: UUID, body: CancelBody, call: Call) -> Response:
    """Let the proposal go."""
    return await call.decide(assignment, assignment_id, CancelOffer(body.reason, call.now))
