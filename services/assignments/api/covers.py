"""Cover: asked for, agreed to in whole or in part, declined, given back, cancelled, listed, shown."""

from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from fastapi import APIRouter, Response
from pydantic import AwareDatetime, BaseModel, Field

from services.assignments.api.asking import by_time, known, listed
from services.assignments.api.mentor_days import speaks_for
from services.assignments.domain.assignment import assignment
from services.assignments.domain.assignment_commands import StandAside
from services.assignments.domain.assignment_states import Active, HandoverPending, Paused
from services.assignments.domain.cover import cover
from services.assignments.domain.cover_commands import (
    AcceptCover,
    CancelCover,
    DeclineCover,
    GiveBack,
    RequestCover,
)
from services.assignments.domain.cover_search import check_days, until_last_call
from services.assignments.domain.cover_states import NotAsked
from services.assignments.domain.gate import pass_child, pass_cover
from services.assignments.read_model import cover as questions
from services.assignments.read_model.children import standing_of_child
from services.assignments.read_model.mentors import standing_of_mentor
from services.assignments.values import values
from shared.contracts.words.mentoring import CoverCancelReason, CoverForm, CoverReason, GivenBackReason
from shared.kernel.call import Call, CommandCall, Reads, allows, seen
from shared.kernel.commands import execute
from shared.kernel.decider import Refused
from shared.kernel.envelope import Origin
from shared.kernel.paging import Cursor, Limit
from shared.kernel.problems import NotFound

router = APIRouter(prefix="/covers", tags=["cover"])

Status = Literal["requested", "partially_accepted", "accepted", "declined", "cancelled", "expired"]
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


class AcceptBody(BaseModel):
    """`days` left out: all that are left."""

    mentor_id: UUID
    days: Days = ()


class DeclineBody(BaseModel):
    mentor_id: UUID


class GiveBackBody(BaseModel):
    mentor_id: UUID
    days: Annotated[Days, Field(min_length=1)]
    reason: GivenBackReason = "mentor_declined"


class CancelBody(BaseModel):
    """`days` left out: all from today on, also those that somebody agreed to cover."""

    reason: CoverCancelReason
    days: Days = ()


class DayView(BaseModel):
    day: date
    state: Literal["open", "taken", "given_up", "not_needed"]
    mentor_id: UUID | None


class AnswerView(BaseModel):
    mentor_id: UUID
    answer: Literal["asked", "accepted", "declined", "gave_back"]
    answered_at: datetime | None


class CoverView(BaseModel):
    """A search for cover. `asked_now` is, of an individual search, whose answer is waited for."""

    cover_id: UUID
    assignment_id: UUID | None
    child_id: UUID
    school_id: UUID
    absent_mentor_id: UUID | None
    form: CoverForm
    asked: list[UUID]
    asked_now: UUID | None
    status: Status
    reason: CoverReason
    first_day: date
    last_day: date
    expires_at: datetime
    requested_at: datetime
    closed_at: datetime | None
    closed_because: str | None


class CoverWithDays(CoverView):
    days: list[DayView]
    answers: list[AnswerView]


class CoverPage(BaseModel):
    items: list[CoverView]
    next: str | None


@router.post("", status_code=201, dependencies=[allows("coordinator", "manager")])
async def request(body: RequestBody, call: Call) -> Response:
    """Look for somebody who stands in for a child's mentor on these days."""
    cover_id = call.new_id()
    child = await call.reads(standing_of_child, body.child_id)
    pass_child(child)
    check_days(body.days, call.now)
    primary = await call.reads(questions.primary_of, body.child_id, min(body.days))
    if body.form == "assigned" and len(body.asked) == 1:
        pass_cover(await call.reads(standing_of_mentor, body.asked[0]), body.days)
    command = RequestCover(
        cover_id=cover_id,
        child=child,
        assignment_id=primary["assignment_id"] if primary else None,
        absent_mentor_id=primary["mentor_id"] if primary else None,
        form=body.form,
        asked=body.asked,
        days=body.days,
        reason=body.reason,
        expires_at=body.expires_at or until_last_call(body.days, call.now),
        at=call.now,
        child_slot=primary["child_slot"] or 1 if primary else 1,
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
    """The primary leaves the days to whoever covers; who is named by a coordinator has agreed."""
    store, origin = call.running.store, _origin(call, command.cover_id)
    if command.assignment_id is not None:
        state = await known(call, assignment, command.assignment_id)
        if isinstance(state, Active | Paused | HandoverPending):
            aside = StandAside(command.cover_id, command.days, call.now)
            await execute(store, assignment, command.assignment_id, aside, origin=origin)
    if command.form == "assigned":
        mentor = await call.reads(standing_of_mentor, command.asked[0])
        for slot in range(1, values().exclusivity_limit + 1):
            accept = AcceptCover(mentor, command.days, call.now, slot)
            try:
                await execute(store, cover, command.cover_id, accept, origin=origin)
                return
            except Refused as refused:
                if refused.code != "mentor_already_assigned" or slot == values().exclusivity_limit:
                    gone = CancelCover("made_in_error", command.days, True, call.now)
                    await execute(store, cover, command.cover_id, gone, origin=origin)
                    raise


def _origin(call: CommandCall, causation: UUID) -> Origin:
    return Origin(
        call.region, call.running.service, str(call.actor), call.now, call.correlation_id, str(causation)
    )


@router.post("/{cover_id}/accept", dependencies=[allows("coordinator", "manager", "mentor")])
async def accept(cover_id: UUID, body: AcceptBody, call: Call) -> Response:
    """Agree to cover all days that are left, or some of them; through the gate on each of them."""
    speaks_for(call, body.mentor_id)
    mentor = await call.reads(standing_of_mentor, body.mentor_id)
    limit, slot = values().exclusivity_limit, 1
    while True:
        try:
            return await call.decide(cover, cover_id, AcceptCover(mentor, body.days, call.now, slot))
        except Refused as refused:
            if refused.code != "mentor_already_assigned" or slot >= limit:
                raise
            slot += 1


@router.post("/{cover_id}/decline", dependencies=[allows("coordinator", "manager", "mentor")])
async def decline(cover_id: UUID, body: DeclineBody, call: Call) -> Response:
    """Say no; of an individual search the next one is asked."""
    speaks_for(call, body.mentor_id)
    return await call.decide(cover, cover_id, DeclineCover(body.mentor_id, call.now))


@router.post("/{cover_id}/give-back", dependencies=[allows("coordinator", "manager", "mentor")])
async def give_back(cover_id: UUID, body: GiveBackBody, call: Call) -> Response:
    """A mentor who agreed can't on these days after all: whoever may is looked for."""
    speaks_for(call, body.mentor_id)
    command = GiveBack(body.mentor_id, body.days, body.reason, call.now)
    return await call.decide(cover, cover_id, command)


@router.post("/{cover_id}/cancel", dependencies=[allows("coordinator", "manager")])
async def cancel(cover_id: UUID, body: CancelBody, call: Call) -> Response:
    """Nobody is needed on these days any more."""
    state = await known(call, cover, cover_id)
    if isinstance(state, NotAsked):
        raise NotFound("cover", cover_id)
    today = call.now.date()
    days = body.days or tuple(day for day in state.search.requested.days if day >= today)
    return await call.decide(cover, cover_id, CancelCover(body.reason, days, True, call.now))


@router.get("", dependencies=[allows("coordinator", "manager", "auditor", "dsl", "mentor"), seen("cover")])
async def list_covers(
    reads: Reads,
    status: Status | None = None,
    child_id: UUID | None = None,
    mentor_id: UUID | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> CoverPage:
    """Searches for cover, the oldest first; of a mentor: those they were asked or answered, and open broadcasts."""
    found = await reads(questions.covers_by_request, status, child_id, mentor_id, by_time(cursor), limit + 1)
    return CoverPage.model_validate(listed(found, limit, "requested_at", "cover_id"))


@router.get(
    "/{cover_id}", dependencies=[allows("coordinator", "manager", "auditor", "dsl", "mentor"), seen("cover")]
)
async def show_cover(cover_id: UUID, reads: Reads) -> CoverWithDays:
    """One search, with each of its days and who answered what."""
    found = await reads(questions.cover, cover_id)
    if found is None:
        raise NotFound("cover", cover_id)
    reads.shows(child_id=found["child_id"])
    more: dict[str, Any] = {
        "days": [dict(row) for row in await reads(questions.days_of, cover_id)],
        "answers": [dict(row) for row in await reads(questions.answers_of, cover_id)],
    }
    return CoverWithDays.model_validate({**found, **more})
