"""Sessions over HTTP: looking them up."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request

from services.sessions.api.fields import READERS, Day, own, place_after
from services.sessions.api.views import OneSessionView, SessionPage, SessionState
from services.sessions.read_model.sessions import Wanted, planned_sessions, whole_session
from shared.kernel.auth import Actor
from shared.kernel.call import Reads, allows, seen
from shared.kernel.paging import Cursor, Limit, page
from shared.kernel.problems import NotFound, Problem

router = APIRouter(tags=["sessions"])


@router.get(
    "/sessions", response_model=SessionPage, dependencies=[allows(*READERS, "mentor"), seen("sessions")]
)
async def list_sessions(
    request: Request,
    reads: Reads,
    mentor_id: UUID | None = None,
    child_id: UUID | None = None,
    school_id: UUID | None = None,
    assignment_id: UUID | None = None,
    day: Annotated[Day | None, Query(description="the calendar day at the school")] = None,
    since: Annotated[Day | None, Query(alias="from", description="first day at the school")] = None,
    until: Annotated[Day | None, Query(alias="to", description="last day at the school")] = None,
    state: Annotated[SessionState | None, Query()] = None,
    late: Annotated[bool | None, Query(description="whether the log came late")] = None,
    cover: Annotated[bool | None, Query(description="whether somebody stood in")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """Sessions in the order of their start. A mentor asks for their own, by mentor_id."""
    actor: Actor = request.state.actor
    if actor.role == "mentor" and actor.name != str(mentor_id):
        raise Problem(403, "not_allowed", "mentor_id: a mentor sees their own sessions, so give your own id")
    wanted = Wanted(mentor_id, child_id, school_id, assignment_id, day, state, late, cover, since, until)
    found = await reads(planned_sessions, wanted, after=place_after(cursor), limit=limit + 1)
    return page(found, limit, lambda row: [row["starts_at"].isoformat(), row["session_id"]])


@router.get(
    "/sessions/{session_id}",
    response_model=OneSessionView,
    dependencies=[allows(*READERS, "mentor"), seen("sessions", "logs")],
)
async def show_session(request: Request, session_id: UUID, reads: Reads) -> dict[str, Any]:
    """One session with every log handed in, each return and amendment, and each refused attempt."""
    found = await reads(whole_session, session_id)
    if found is None:
        raise NotFound("session", session_id)
    own(request.state.actor, found["mentor_id"])
    return found
