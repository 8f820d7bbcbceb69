"""Cover asked for: individually, of whoever may, or of one whom a coordinator names."""

from dataclasses import replace
from datetime import date
from typing import Annotated
from uuid import UUID

import orjson
from fastapi import APIRouter, Response
from pydantic import AwareDatetime, BaseModel, Field

from services.assignments.api.asking import known
from services.assignments.domain.assignment import assignment
from services.assignments.domain.assignment_commands import StandAside
from services.assignments.domain.assignment_states import Active, HandoverPending, Paused
from services.assignments.domain.cover import cover
from services.assignments.domain.cover_asking import until_last_call
from services.assignments.domain.cover_commands import AcceptCover, CancelCover, RequestCover
from services.assignments.domain.cover_states import Open
from services.assignments.read_model import cover as questions
from services.assignments.read_model.children import standing_of_child
from services.assignments.read_model.mentors import standing_of_mentor
from services.assignments.values import values
from shared.contracts.words.mentoring import CoverForm, CoverReason
from shared.kernel.call import Call, CommandCall, allows
from shared.kernel.commands import execute
from shared.kernel.decider import Refused
from shared.kernel.envelope import Origin

router = APIRouter(prefix="/covers", tags=["cover"])

Days = Annotated[tuple[date, ...], Field(max_length=60)]


class RequestBody(BaseModel):
    """Individual asks one after the other, broadcast whoever may, assigned names who does it (through the gate).

    `expires_at` left out: as the last day ends.
    """

    child_id: UUID
    form: CoverForm
    asked: Annotated[tuple[UUID, ...], Field(max_length=50)] = ()
    days: Days
    reason: CoverReason = "other"
    expires_at: AwareDatetime | None = None


@router.post("", status_code=201, dependencies=[allows("coordinator", "manager")])
async def request(body: RequestBody, call: Call) -> Response:
    """Look for somebody who stands in for a child's mentor on these days."""
    cover_id = call.new_id()
    child = await call.reads(standing_of_child, body.child_id, call.now.date())
    on = min(body.days, default=call.now.date())
    primary = await call.reads(questions.primary_of, body.child_id, on)
    named, taken = None, frozenset[int]()
    if body.form == "assigned" and len(body.asked) == 1 and body.days:
        named = await call.reads(standing_of_mentor, body.asked[0])
        taken = frozenset(await call.reads(questions.slots_of_mentor, body.asked[0], body.days))
    command = RequestCover(
        cover_id=cover_id,
        child=child,
        assignment_id=primary["assignment_id"] if primary else None,
        absent_mentor_id=primary["mentor_id"] if primary else None,
        form=body.form,
        asked=body.asked,
        days=body.days,
        reason=body.reason,
        expires_at=body.expires_at or until_last_call(body.days or (on,), call.now),
        at=call.now,
        child_slot=primary["child_slot"] or 1 if primary else 1,
        named=named,
        named_is_taken=len(taken) >= values().exclusivity_limit,
    )
    answer = await call.decide(
        cover,
        cover_id,
        command,
        status=201,
        location="/assignments/covers/{id}",
        show={"cover_id": cover_id},
        new=True,
    )
    if answer.status_code < 400:
        # The same key again asked for the same cover: what follows is done if it was not done then.
        first = UUID(orjson.loads(bytes(answer.body))["cover_id"])
        await _follow_up(call, replace(command, cover_id=first))
    return answer


async def _follow_up(call: CommandCall, command: RequestCover) -> None:
    """The primary leaves the days to whoever covers; who is named by a coordinator has agreed.

    Only while the days are open: a request that is sent again must not bring back what was settled since. If
    somebody else got the mentor in the same moment the search is cancelled, as it tells; it was asked for all the same.
    """
    search = await known(call, cover, command.cover_id)
    if not isinstance(search, Open):
        return
    command = replace(command, days=search.search.left)
    store, sealer, origin = call.running.store, call.running.sealer, _origin(call, command.cover_id)
    if command.assignment_id is not None:
        state = await known(call, assignment, command.assignment_id)
        if isinstance(state, Active | Paused | HandoverPending):
            aside = StandAside(command.cover_id, command.days, command.reason, call.now)
            await execute(store, assignment, command.assignment_id, aside, origin=origin, sealer=sealer)
    if command.form == "assigned":
        mentor = await call.reads(standing_of_mentor, command.asked[0])
        for slot in range(1, values().exclusivity_limit + 1):
            accept = AcceptCover(mentor, command.days, call.now, slot)
            try:
                await execute(store, cover, command.cover_id, accept, origin=origin, sealer=sealer)
                return
            except Refused as refused:
                if refused.code != "mentor_already_assigned" or slot == values().exclusivity_limit:
                    gone = CancelCover("made_in_error", command.days, True, call.now)
                    await execute(store, cover, command.cover_id, gone, origin=origin, sealer=sealer)
                    return


def _origin(call: CommandCall, causation: UUID) -> Origin:
    return Origin(
        call.region, call.running.service, str(call.actor), call.now, call.correlation_id, str(causation)
    )
