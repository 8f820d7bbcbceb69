"""Cover: agreed to in whole or in part, declined, given back, cancelled, listed, shown."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from services.assignments.api.asking import by_time, known, listed
from services.assignments.api.speaking import speaks_for
from services.assignments.domain.cover import cover
from services.assignments.domain.cover_commands import (
    AcceptCover,
    CancelCover,
    DeclineCover,
    GiveBack,
)
from services.assignments.domain.cover_states import NotAsked
from services.assignments.read_model import cover as questions
from services.assignments.read_model.mentors import standing_of_mentor
from services.assignments.values import values
from shared.contracts.words.mentoring import CoverCancelReason, CoverForm, CoverReason, GivenBackReason
from shared.kernel.auth import Actor
from shared.kernel.call import Call, Reads, allows, seen
from shared.kernel.decider import Refused
from shared.kernel.paging import Cursor, Limit
from shared.kernel.problems import NotFound, Problem

router = APIRouter(prefix="/covers", tags=["cover"])

Status = Literal["requested", "partially_accepted", "accepted", "declined", "cancelled", "expired"]
Days = Annotated[tuple[date, ...], Field(max_length=60)]


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
    request: Request,
    reads: Reads,
    status: Status | None = None,
    child_id: UUID | None = None,
    mentor_id: UUID | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> CoverPage:
    """Searches for cover, the oldest first; of a mentor: those they were asked or answered, and open broadcasts.

    A mentor asks for their own, by mentor_id.
    """
    actor: Actor = request.state.actor
    if actor.role == "mentor" and actor.name != str(mentor_id):
        raise Problem(
            403, "not_allowed", "mentor_id: a mentor sees what they were asked, so give your own id"
        )
    found = await reads(questions.covers_by_request, status, child_id, mentor_id, by_time(cursor), limit + 1)
    page = listed(found, limit, "requested_at", "cover_id")
    page["items"] = [_as_told(actor, row) for row in page["items"]]
    return CoverPage.model_validate(page)


@router.get(
    "/{cover_id}", dependencies=[allows("coordinator", "manager", "auditor", "dsl", "mentor"), seen("cover")]
)
async def show_cover(request: Request, cover_id: UUID, reads: Reads) -> CoverWithDays:
    """One search, with each of its days and who answered what. A mentor sees what they were asked, and their answer."""
    found = await reads(questions.cover, cover_id)
    if found is None:
        raise NotFound("cover", cover_id)
    actor: Actor = request.state.actor
    answers = [dict(row) for row in await reads(questions.answers_of, cover_id)]
    if actor.role == "mentor":
        answers = [answer for answer in answers if str(answer["mentor_id"]) == actor.name]
        if not answers and found["form"] != "broadcast" and actor.name != str(found["absent_mentor_id"]):
            raise Problem(
                403, "not_allowed", "you were not asked to cover here; see what you were asked at /covers"
            )
    reads.shows(child_id=found["child_id"])
    days = [dict(row) for row in await reads(questions.days_of, cover_id)]
    return CoverWithDays.model_validate({**_as_told(actor, found), "days": days, "answers": answers})


def _as_told(actor: Actor, row: Mapping[Any, Any]) -> dict[Any, Any]:
    """A mentor is told who is to be covered when, and not why a colleague may not come, or who else was asked."""
    if actor.role != "mentor" or actor.name == str(row["absent_mentor_id"]):
        return dict(row)
    asked = [one for one in row["asked"] if str(one) == actor.name]
    now = row["asked_now"] if str(row["asked_now"]) == actor.name else None
    return {**row, "absent_mentor_id": None, "reason": "other", "asked": asked, "asked_now": now}
