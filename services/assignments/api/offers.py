"""Offers: a mentor proposed for a child, agreed to, or let go."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel

from services.assignments.api.assignments import offered_as
from services.assignments.api.speaking import speaks_for, their_child
from services.assignments.domain.assignment import assignment
from services.assignments.domain.assignment_commands import AcceptOffer, CancelOffer, OfferMentor
from services.assignments.read_model.children import standing_of_child
from services.assignments.read_model.mentors import standing_of_mentor
from shared.contracts.words.support import OfferCancelReason
from shared.kernel.call import Call, CommandCall, allows

router = APIRouter(prefix="/offers", tags=["assignments"])


class OfferBody(BaseModel):
    """`role` is always primary: cover is asked for at /covers, by the day."""

    child_id: UUID
    mentor_id: UUID
    role: Literal["primary"] = "primary"


class CancelBody(BaseModel):
    reason: OfferCancelReason


@router.post("", status_code=201, dependencies=[allows("coordinator", "manager")])
async def offer(body: OfferBody, call: Call) -> Response:
    """Propose a mentor for a child; refused with every item the mentor lacks."""
    assignment_id = call.new_id()
    command = OfferMentor(
        assignment_id=assignment_id,
        child=await call.reads(standing_of_child, body.child_id, call.now.date()),
        mentor=await call.reads(standing_of_mentor, body.mentor_id),
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


@router.post(
    "/{assignment_id}/accept",
    dependencies=[allows("coordinator", "manager", "mentor", "school", "parent")],
)
async def accept(assignment_id: UUID, call: Call) -> Response:
    """School, family and mentor agree; what is left is to begin."""
    await _have_a_say(call, assignment_id)
    return await call.decide(assignment, assignment_id, AcceptOffer(call.now))


@router.post(
    "/{assignment_id}/cancel",
    dependencies=[allows("coordinator", "manager", "mentor", "school", "parent")],
)
async def cancel(assignment_id: UUID, body: CancelBody, call: Call) -> Response:
    """Let the proposal go, also when it was agreed to."""
    await _have_a_say(call, assignment_id)
    return await call.decide(assignment, assignment_id, CancelOffer(body.reason, call.now))


async def _have_a_say(call: CommandCall, assignment_id: UUID) -> None:
    """Whose offer it is: the mentor's, the school's, the family's. Raises Problem 403 and 404."""
    offered = await offered_as(call, assignment_id)
    speaks_for(call, offered.mentor_id)
    their_child(call.actor, offered.child_id, offered.school_id)
