"""Sessions over HTTP: planning, starting, logging, cancelling."""

from datetime import UTC
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from services.sessions.api.fields import COORDINATORS, Moment, Text, own
from services.sessions.domain.commands import Cancel, Log, Schedule, Start
from services.sessions.domain.session import session
from services.sessions.read_model.sessions import find_session
from services.sessions.read_model.support import find_support, shown, support_at
from shared.contracts.words.sessions import Activity, CancelledBy, CancelReason, Ratio
from shared.kernel.call import Call, CommandCall, allows
from shared.kernel.problems import NotFound, Problem

router = APIRouter(tags=["sessions"])


class NewSession(BaseModel):
    """Contact of a mentor with the child they are assigned to; with a time zone on each time."""

    mentor_id: UUID
    child_id: UUID
    starts_at: Moment
    ends_at: Moment


class Beginning(BaseModel):
    """When contact began; now, when left out."""

    started_at: Moment | None = None


class SessionLog(BaseModel):
    """What was done. `late_reason` is a coordinator's, for a log more than 72 hours after the session."""

    activities: Annotated[tuple[Activity, ...], Field(min_length=1, max_length=20)]
    contact_minutes: Annotated[int, Field(ge=0, le=720)]
    ratio: Ratio
    incidental_help: bool = False
    notes: Annotated[str, Field(max_length=10_000, pattern=r"^[^\x00]*$")] = ""
    late_reason: Text | None = None


class Cancellation(BaseModel):
    """Whose decision it is, why, and whether it is paid and billed all the same."""

    cancelled_by: CancelledBy
    reason: CancelReason
    chargeable: bool = False


@router.post("/sessions", status_code=201, dependencies=[allows(*COORDINATORS, "mentor")])
async def schedule(body: NewSession, call: Call) -> Response:
    """Plan a session in the time zone of the child's school."""
    own(call.actor, body.mentor_id)
    place = await call.reads(support_at, body.mentor_id, body.child_id, body.starts_at)
    stream = call.new_id()
    command = Schedule(
        session_id=stream,
        mentor_id=body.mentor_id,
        child_id=body.child_id,
        starts_at=body.starts_at.astimezone(UTC),
        ends_at=body.ends_at.astimezone(UTC),
        time_zone=place.time_zone,
        support=place.support,
        evidence=await call.reads(shown, body.mentor_id),
        at=call.now,
    )
    return await call.decide(
        session,
        stream,
        command,
        status=201,
        location="/sessions/sessions/{id}",
        show={"session_id": str(stream)},
        new=True,
    )


@router.post("/sessions/{session_id}/start", dependencies=[allows(*COORDINATORS, "mentor")])
async def start(session_id: UUID, body: Beginning, call: Call) -> Response:
    """The mentor is with the child."""
    planned = await _planned(session_id, call)
    command = Start(
        started_at=(body.started_at or call.now).astimezone(UTC),
        support=await call.reads(find_support, planned["assignment_id"]),
        evidence=await call.reads(shown, planned["mentor_id"]),
        at=call.now,
    )
    return await call.decide(session, session_id, command)


@router.post("/sessions/{session_id}/log", dependencies=[allows(*COORDINATORS, "mentor")])
async def log(session_id: UUID, body: SessionLog, call: Call) -> Response:
    """Hand in what was done. Work with the whole class is refused, and the attempt is recorded."""
    planned = await _planned(session_id, call)
    if body.late_reason is not None and call.actor.role not in COORDINATORS:
        raise Problem(403, "not_allowed", "late_reason: a coordinator gives it, and hands in the log with it")
    command = Log(
        activities=body.activities,
        contact_minutes=body.contact_minutes,
        ratio=body.ratio,
        incidental_help=body.incidental_help,
        notes=body.notes,
        support=await call.reads(find_support, planned["assignment_id"]),
        at=call.now,
        by=str(call.actor),
        late_reason=body.late_reason,
    )
    return await call.decide(session, session_id, command)


@router.post("/sessions/{session_id}/cancellation", dependencies=[allows(*COORDINATORS, "mentor")])
async def cancel(session_id: UUID, body: Cancellation, call: Call) -> Response:
    """The session will not take place."""
    await _planned(session_id, call)
    command = Cancel(body.cancelled_by, body.reason, body.chargeable, at=call.now)
    return await call.decide(session, session_id, command)


async def _planned(session_id: UUID, call: CommandCall) -> dict[str, Any]:
    """The session as the read model has it, if the caller may act on it. Raises Problem 403 and 404."""
    found = await call.reads(find_session, session_id)
    if found is None:
        raise NotFound("session", session_id)
    own(call.actor, found["mentor_id"])
    return found
