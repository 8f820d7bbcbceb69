"""Timetables over HTTP: set, changed, ended, planned anew; and what could not be planned, and why."""

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.sessions.api.fields import COORDINATORS, READERS
from services.sessions.api.timetable_views import (
    Ending,
    NewTimetable,
    OneTimetableView,
    Slots,
    TimetablePage,
    Weekly,
)
from services.sessions.domain.permission import school_day
from services.sessions.domain.timetable import timetable
from services.sessions.domain.timetable_commands import End, Expand, SetSlots
from services.sessions.read_model.support import find_support, support_at
from services.sessions.read_model.timetables import find_timetable, outlook, set_timetables
from shared.contracts.sessions.timetable import Slot
from shared.kernel.auth import Actor
from shared.kernel.call import Call, CommandCall, Reads, allows, seen
from shared.kernel.paging import Cursor, Limit, after, page, wrong_cursor
from shared.kernel.problems import NotFound, Problem

router = APIRouter(tags=["timetables"])

PLANNING = ("timetables", "session_accounts", "calendars", "assignments", "eligibility", "away")


@router.post("/timetables", status_code=201, dependencies=[allows(*COORDINATORS)])
async def set_timetable(body: NewTimetable, call: Call) -> Response:
    """Set the weekly slots of an assignment. They become sessions, four weeks ahead, on school days."""
    support = await call.reads(find_support, body.assignment_id)
    if support is None:
        raise NotFound("assignment", body.assignment_id)
    if support.role != "primary":
        detail = "assignment_id: cover has no timetable of its own; it takes over the child's"
        raise Problem(422, "invalid_request", detail)
    place = await call.reads(support_at, support.mentor_id, support.child_id, call.now)
    zone = body.time_zone or place.time_zone
    stream = call.new_id()
    command = SetSlots(
        timetable_id=stream,
        support=support,
        slots=_slots(body.slots),
        effective_from=body.effective_from
        or max(school_day(call.now, place.time_zone), support.effective_from),
        effective_until=body.effective_until,
        time_zone=zone,
        at=call.now,
    )
    return await call.decide(
        timetable,
        stream,
        command,
        status=201,
        location="/sessions/timetables/{id}",
        show={"timetable_id": str(stream)},
        new=True,
    )


@router.post("/timetables/{timetable_id}/slots", dependencies=[allows(*COORDINATORS)])
async def change_timetable(timetable_id: UUID, body: Weekly, call: Call) -> Response:
    """Other slots from a day on. Sessions that have not begun are moved, called off or added."""
    known = await _known(timetable_id, call)
    command = SetSlots(
        timetable_id=timetable_id,
        support=await call.reads(find_support, known["assignment_id"]),
        slots=_slots(body.slots),
        effective_from=body.effective_from or school_day(call.now, known["time_zone"]),
        effective_until=body.effective_until,
        time_zone=known["time_zone"],
        at=call.now,
    )
    return await call.decide(timetable, timetable_id, command)


@router.post("/timetables/{timetable_id}/end", dependencies=[allows(*COORDINATORS)])
async def end_timetable(timetable_id: UUID, body: Ending, call: Call) -> Response:
    """No sessions from that day on; those that were planned are called off."""
    known = await _known(timetable_id, call)
    tomorrow = date.fromordinal(school_day(call.now, known["time_zone"]).toordinal() + 1)
    command = End(body.ended_on or tomorrow, body.reason, at=call.now)
    return await call.decide(timetable, timetable_id, command)


@router.post("/timetables/{timetable_id}/expansion", dependencies=[allows(*COORDINATORS)])
async def expand_timetable(timetable_id: UUID, call: Call) -> Response:
    """Try again now to plan what could not be planned."""
    await _known(timetable_id, call)
    return await call.decide(timetable, timetable_id, Expand("asked_for", call.new_id(), at=call.now))


@router.get(
    "/timetables",
    response_model=TimetablePage,
    dependencies=[allows(*READERS, "mentor"), seen("timetables")],
)
async def list_timetables(
    request: Request,
    reads: Reads,
    assignment_id: UUID | None = None,
    mentor_id: UUID | None = None,
    child_id: UUID | None = None,
    school_id: UUID | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """Timetables, the first set first. A mentor asks for their own, by mentor_id."""
    actor: Actor = request.state.actor
    if actor.role == "mentor" and actor.name != str(mentor_id):
        raise Problem(
            403, "not_allowed", "mentor_id: a mentor sees their own timetables, so give your own id"
        )
    named = {
        "assignment_id": assignment_id,
        "mentor_id": mentor_id,
        "child_id": child_id,
        "school_id": school_id,
    }
    which = {name: value for name, value in named.items() if value is not None}
    place = after(cursor)
    try:
        since = UUID(place[0]) if place else None
    except (TypeError, ValueError, AttributeError, IndexError):
        raise wrong_cursor() from None
    found = await reads(set_timetables, which, after=since, limit=limit + 1)
    return page(found, limit, lambda row: [row["timetable_id"]])


@router.get(
    "/timetables/{timetable_id}",
    response_model=OneTimetableView,
    dependencies=[allows(*READERS, "mentor"), seen(*PLANNING)],
)
async def show_timetable(request: Request, timetable_id: UUID, reads: Reads) -> dict[str, Any]:
    """A timetable, the sessions planned of it, and which slots to come are not planned, and why."""
    found = await reads(find_timetable, timetable_id)
    if found is None:
        raise NotFound("timetable", timetable_id)
    actor: Actor = request.state.actor
    if actor.role == "mentor" and actor.name != str(found["mentor_id"]):
        raise Problem(403, "not_allowed", "this is somebody else's timetable; a mentor sees their own")
    reads.shows(child_id=found["child_id"], mentor_id=found["mentor_id"])
    running = reads.running
    planned, missing = await reads(outlook, timetable_id, running.settings.region, running.clock.now())
    return {**found, "planned": planned, "not_planned": missing}


def _slots(slots: Slots) -> tuple[Slot, ...]:
    return tuple(Slot(**slot.model_dump()) for slot in slots)


async def _known(timetable_id: UUID, call: CommandCall) -> dict[str, Any]:
    """The timetable as the read model has it. Raises Problem 404."""
    found = await call.reads(find_timetable, timetable_id)
    if found is None:
        raise NotFound("timetable", timetable_id)
    return found
