"""Logs over HTTP: drafted, handed in, returned, approved, amended, voided."""

from uuid import UUID

from fastapi import APIRouter, Response

from services.sessions.api.asking import asked_session
from services.sessions.api.bodies import Amendment, Approval, LogDraft, Returning, SessionLog, Voiding
from services.sessions.api.fields import COORDINATORS
from services.sessions.domain.log_commands import Amend, Approve, Draft, Log, Return, Void
from services.sessions.domain.session import session
from services.sessions.read_model.periods import cut_off_of
from services.sessions.read_model.support import find_support, outcomes_of
from shared.kernel.call import Call, allows
from shared.kernel.problems import Problem

router = APIRouter(tags=["logs"])

MINE = allows(*COORDINATORS, "mentor")
OFFICE = allows(*COORDINATORS)


@router.post("/sessions/{session_id}/draft", dependencies=[MINE])
async def draft(session_id: UUID, body: LogDraft, call: Call) -> Response:
    """Keep what is there of a log; it is handed in later."""
    await asked_session(session_id, call)
    command = Draft(
        activities=body.activities,
        contact_minutes=body.contact_minutes,
        ratio=body.ratio,
        incidental_help=body.incidental_help,
        notes=body.notes,
        at=call.now,
        areas=body.areas,
    )
    return await call.decide(session, session_id, command)


@router.post("/sessions/{session_id}/log", dependencies=[MINE])
async def log(session_id: UUID, body: SessionLog, call: Call) -> Response:
    """Hand in what was done. Work with the whole class is refused, and the attempt is recorded."""
    planned = await asked_session(session_id, call)
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
        areas=body.areas,
        ratings=tuple((rated.outcome_id, rated.rating) for rated in body.outcomes),
        outcomes=await call.reads(outcomes_of, planned["child_id"]) if body.outcomes else frozenset(),
        cut_off_at=await call.reads(cut_off_of, planned["day"]),
    )
    return await call.decide(session, session_id, command)


@router.post("/sessions/{session_id}/return", dependencies=[OFFICE])
async def return_(session_id: UUID, body: Returning, call: Call) -> Response:
    """The log goes back to the mentor, with what is to be mended."""
    await asked_session(session_id, call)
    return await call.decide(session, session_id, Return(body.reason, str(call.actor), call.now))


@router.post("/sessions/{session_id}/approve", dependencies=[OFFICE])
async def approve(session_id: UUID, body: Approval, call: Call) -> Response:
    """The minutes are verified, by somebody who did not hand in the log."""
    await asked_session(session_id, call)
    return await call.decide(session, session_id, Approve(str(call.actor), call.now))


@router.post("/sessions/{session_id}/amend", dependencies=[OFFICE])
async def amend(session_id: UUID, body: Amendment, call: Call) -> Response:
    """Put a locked log right, or put on record what did not come before the payroll cut-off."""
    planned = await asked_session(session_id, call)
    command = Amend(
        reason_code=body.reason_code,
        reason=body.reason,
        activities=body.activities,
        contact_minutes=body.contact_minutes,
        ratio=body.ratio,
        incidental_help=body.incidental_help,
        notes=body.notes,
        support=await call.reads(find_support, planned["assignment_id"]),
        cut_off_at=await call.reads(cut_off_of, planned["day"]),
        by=str(call.actor),
        at=call.now,
        areas=body.areas,
    )
    return await call.decide(session, session_id, command)


@router.post("/sessions/{session_id}/void", dependencies=[OFFICE])
async def void(session_id: UUID, body: Voiding, call: Call) -> Response:
    """A session on record does not count; what was paid for it is reversed."""
    await asked_session(session_id, call)
    command = Void(body.reason_code, body.reason, str(call.actor), call.now)
    return await call.decide(session, session_id, command)
