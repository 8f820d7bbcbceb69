"""Cover: agreed to in whole or in part, declined, given back, cancelled, listed, shown."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from services.assignments.api.asking import by_time, known, listed
from services.assignments.api.mentor_days import speaks_for
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
from shared.kernel.call import Call, Reads, allows, seen
from shared.kernel.decider import Refused
from shared.kernel.paging import Cursor, Limit
from shared.kernel.problems import NotFound

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
