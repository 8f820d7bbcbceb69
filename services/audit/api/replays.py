"""Replays of a region over HTTP: begun, watched, cancelled, taken up again, and the answer."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import AwareDatetime, BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncConnection

from services.audit.api.asking import refusal
from services.audit.api.showing import AUDITORS
from services.audit.read_model import replays
from services.audit.read_model.known import NotWitnessed, extent
from services.audit.replay.workers import start
from services.audit.subscriptions import SOURCES
from shared.kernel.call import Call, Lookup, Reads, allows, seen
from shared.kernel.paging import Cursor, Limit, after, page, wrong_cursor
from shared.kernel.problems import NotFound, Problem

router = APIRouter(prefix="/replays", tags=["replays"], dependencies=[allows(*AUDITORS), seen("ledger")])

AT_WORK = ("waiting", "folding")


class ReplayRegion(BaseModel):
    """The state of the region on a day, as known at a moment, however long its history."""

    known_at: AwareDatetime | None = Field(None, description="only what was on record by then; default: now")
    on: date | None = Field(None, description="the day asked about; default: that of known_at")
    verified: bool = Field(False, description="rest on nothing but facts inside the largest witnessed tree")


class Replays(BaseModel):
    """One page of replays."""

    items: list[dict[str, Any]]
    next: str | None


@router.post("", status_code=202)
async def begin(body: ReplayRegion, call: Call) -> dict[str, Any]:
    """Begin a replay, or take it up again: the same question about the same facts is the same replay."""
    moment = body.known_at or call.now
    asked_by = str(call.actor)
    try:
        replay_id = await call.reads(_begun, moment, body.on or moment.date(), body.verified, asked_by)
    except NotWitnessed as refused:
        raise refusal(refused) from None
    return await _at_work(call.reads, replay_id)


@router.get("")
async def listed(reads: Reads, cursor: Cursor = None, limit: Limit = 20) -> Replays:
    """The newest replays and how they are."""
    found = await reads(replays.latest, _start(cursor), limit + 1)
    return Replays(**page(found, limit, lambda one: [one["made_at"].isoformat(), str(one["id"])]))


@router.get("/{replay_id}")
async def view(replay_id: UUID, reads: Reads) -> dict[str, Any]:
    """How it is: percent, facts a second, seconds left; when done, the hash of the answer."""
    return await _found(reads, replay_id)


@router.get("/{replay_id}/result", response_class=Response)
async def result(replay_id: UUID, reads: Reads) -> Response:
    """The answer: the same bytes on every machine."""
    found = await _found(reads, replay_id)
    body = await reads(replays.result, replay_id)
    if body is None:
        raise Problem(409, "not_done", f"the replay is {found['state']}; its answer is not there yet")
    return Response(body, media_type="application/json")


@router.post("/{replay_id}/cancel")
async def cancel(replay_id: UUID, call: Call) -> dict[str, Any]:
    """Stop it. What is folded is kept, so that it can be taken up again."""
    await _found(call.reads, replay_id)
    await call.reads(replays.set_state, replay_id, "cancelled")
    return await _found(call.reads, replay_id)


@router.post("/{replay_id}/resume", status_code=202)
async def resume(replay_id: UUID, call: Call) -> dict[str, Any]:
    """Go on where it was put down."""
    await _found(call.reads, replay_id)
    return await _at_work(call.reads, replay_id)


async def _begun(db: AsyncConnection, moment: datetime, on: date, verified: bool, asked_by: str) -> UUID:
    found = await extent(db, moment, SOURCES, verified)
    return await replays.begin(db, on, found, asked_by)


async def _at_work(reads: Lookup, replay_id: UUID) -> dict[str, Any]:
    """See to it that a process is at it, unless it is done or one already is."""
    found = await _found(reads, replay_id)
    fresh = found["state"] == "waiting" and found["made_at"] == found["updated_at"]
    if found["state"] == "done" or (found["state"] in AT_WORK and not fresh):
        return found
    await reads(replays.set_state, replay_id, "waiting")
    await start(replay_id, reads.running.settings.database_url.get_secret_value())
    return await _found(reads, replay_id)


async def _found(reads: Lookup, replay_id: UUID) -> dict[str, Any]:
    found = await reads(replays.find, replay_id)
    if found is None:
        raise NotFound("replay", replay_id)
    return found


def _start(cursor: str | None) -> tuple[datetime, UUID] | None:
    found = after(cursor)
    if found is None:
        return None
    try:
        made_at, replay_id = found
        return datetime.fromisoformat(made_at), UUID(replay_id)
    except (TypeError, ValueError, AttributeError):
        raise wrong_cursor() from None
