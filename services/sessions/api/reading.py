"""Sessions over HTTP: looking them up."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request

from services.sessions.api.fields import READERS, Day, own
from services.sessions.api.views import BreachPage, OneSessionView, SessionPage, SessionState
from services.sessions.read_model.sessions import (
    Place,
    Wanted,
    find_session,
    planned_sessions,
    used_for_the_whole_class,
)
from shared.kernel.auth import Actor
from shared.kernel.call import Reads, allows, seen
from shared.kernel.paging import Cursor, Limit, after, page
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
    day: Annotated[Day | None, Query(description="the calendar day at the school")] = None,
    state: Annotated[SessionState | None, Query()] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """Sessions in the order of their start. A mentor asks for their own, by mentor_id."""
    actor: Actor = request.state.actor
    if actor.role == "mentor" and actor.name != str(mentor_id):
        raise Problem(403, "not_allowed", "mentor_id: a mentor sees their own sessions, so give your own id")
    wanted = Wanted(mentor_id, child_id, school_id, day, state)
    found = await reads(planned_sessions, wanted, after=_place(cursor), limit=limit + 1)
    return page(found, limit, lambda row: [row["starts_at"].isoformat(), row["session_id"]])


@router.get(
    "/sessions/{session_id}",
    response_model=OneSessionView,
    dependencies=[allows(*READERS, "mentor"), seen("sessions")],
)
async def show_session(request: Request, session_id: UUID, reads: Reads) -> dict[str, Any]:
    """One session and, if any, the refused attempts to log work with the whole class."""
    found = await reads(find_session, session_id)
    if found is None:
        raise NotFound("session", session_id)
    own(request.state.actor, found["mentor_id"])
    return found


@router.get("/breaches", response_model=BreachPage, dependencies=[allows(*READERS), seen("sessions")])
async def list_breaches(
    reads: Reads, school_id: UUID | None = None, cursor: Cursor = None, limit: Limit = 50
) -> dict[str, Any]:
    """Every attempt to log work with the whole class, newest first."""
    found = await reads(used_for_the_whole_class, school_id=school_id, after=_place(cursor), limit=limit + 1)
    return page(found, limit, lambda row: [row["attempted_at"].isoformat(), row["session_id"]])


def _place(cursor: str | None) -> Place | None:
    """Time and id of the last item of the page before. Raises Problem 422."""
    place = after(cursor)
    try:
        return (datetime.fromisoformat(place[0]), UUID(place[1])) if place else None
    except (TypeError, ValueError, AttributeError, IndexError):
        raise Problem(
            422, "invalid_request", "cursor: pass the `next` of the page before, unchanged"
        ) from None
