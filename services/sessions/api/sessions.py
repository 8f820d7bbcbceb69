"""Sessions over HTTP: planning, moving, starting, finishing, calling off."""

from datetime import UTC
from uuid import UUID

from fastapi import APIRouter, Response

from services.sessions.api.asking import asked_session
from services.sessions.api.bodies import Beginning, Cancellation, Ending, NewSession, NewTime
from services.sessions.api.fields import COORDINATORS, own
from services.sessions.domain.commands import Cancel, Finish, Reschedule, Schedule, Start
from services.sessions.domain.session import session
from services.sessions.read_model.support import find_support, shown, support_at
from shared.kernel.call import Call, allows
from shared.kernel.problems import Problem

router = APIRouter(tags=["sessions"])

MINE = allows(*COORDINATORS, "mentor")


@router.post("/sessions", status_code=201, dependencies=[MINE])
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


@router.post("/sessions/{session_id}/reschedule", dependencies=[MINE])
async def reschedule(session_id: UUID, body: NewTime, call: Call) -> Response:
    """Move a session that has not begun to another time."""
    planned = await asked_session(session_id, call)
    command = Reschedule(
        starts_at=body.starts_at.astimezone(UTC),
        ends_at=body.ends_at.astimezone(UTC),
        reason=body.reason,
        support=await call.reads(find_support, planned["assignment_id"]),
        evidence=await call.reads(shown, planned["mentor_id"]),
        at=call.now,
    )
    return await call.decide(session, session_id, command)


@router.post("/sessions/{session_id}/start", dependencies=[MINE])
async def start(session_id: UUID, body: Beginning, call: Call) -> Response:
    """The mentor is with the child. A session found missed is started by the office alone."""
    planned = await asked_session(session_id, call)
    command = Start(
        started_at=(body.started_at or call.now).astimezone(UTC),
        support=await call.reads(find_support, planned["assignment_id"]),
        evidence=await call.reads(shown, planned["mentor_id"]),
        at=call.now,
        by_office=call.actor.role in COORDINATORS,
    )
    return await call.decide(session, session_id, command)


@router.post("/sessions/{session_id}/finish", dependencies=[MINE])
async def finish(session_id: UUID, body: Ending, call: Call) -> Response:
    """Contact has ended; the log is awaited."""
    await asked_session(session_id, call)
    command = Finish((body.finished_at or call.now).astimezone(UTC), at=call.now)
    return await call.decide(session, session_id, command)


@router.post("/sessions/{session_id}/cancellation", dependencies=[MINE])
async def cancel(session_id: UUID, body: Cancellation, call: Call) -> Response:
    """The session will not take place. Who leaves `chargeable` out lets the notice that was given decide."""
    await asked_session(session_id, call)
    if body.chargeable is not None and call.actor.role not in COORDINATORS:
        message = "chargeable: a coordinator decides it; leave it out, and the notice given does"
        raise Problem(403, "not_allowed", message)
    command = Cancel(body.cancelled_by, body.reason, call.now, body.chargeable)
    return await call.decide(session, session_id, command)
