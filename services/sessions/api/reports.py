"""Sessions over HTTP: what auditors and the office ask of many sessions at once."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request

from services.sessions.api.fields import READERS, Day, Moment, place_after
from services.sessions.api.report_views import BreachPage, ChangePage, ContactHoursView, PatternPage
from services.sessions.read_model.boundary import Attempts, help_patterns, used_for_the_whole_class
from services.sessions.read_model.changes import ChangePlace, Span, late_or_amended
from services.sessions.read_model.contact_hours import Whose, contact_hours
from shared.kernel.call import Reads, allows, seen
from shared.kernel.paging import Cursor, Limit, after, page, wrong_cursor

router = APIRouter(tags=["reports"])

Since = Annotated[Day, Query(alias="from", description="first day at the school")]
Until = Annotated[Day, Query(alias="to", description="last day at the school")]


@router.get(
    "/logs/late-or-amended",
    response_model=ChangePage,
    dependencies=[allows(*READERS), seen("sessions", "logs")],
)
async def list_changes(
    request: Request,
    reads: Reads,
    since: Since,
    until: Until,
    known_at: Annotated[Moment | None, Query(description="as it was known then; now, when left out")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """Which logs of these days came late or were changed: before, after, by whom, why."""
    span = Span(since, until, known_at or request.app.state.running.clock.now())
    found = await reads(late_or_amended, span, after=_change_after(cursor), limit=limit + 1)
    return page(
        found, limit, lambda row: [row["at"].isoformat(), row["session_id"], row["kind"], row["number"]]
    )


@router.get(
    "/boundary-breaches",
    response_model=BreachPage,
    dependencies=[allows(*READERS), seen("sessions", "logs")],
)
async def list_boundary_breaches(
    reads: Reads,
    since: Annotated[Day | None, Query(alias="from", description="first day at the school")] = None,
    until: Annotated[Day | None, Query(alias="to", description="last day at the school")] = None,
    mentor_id: UUID | None = None,
    school_id: UUID | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """Every attempt to log work with the whole class, newest first."""
    wanted = Attempts(since, until, mentor_id, school_id)
    found = await reads(used_for_the_whole_class, wanted, after=place_after(cursor), limit=limit + 1)
    return page(found, limit, lambda row: [row["attempted_at"].isoformat(), row["session_id"]])


@router.get("/help-patterns", response_model=PatternPage, dependencies=[allows(*READERS), seen("logs")])
async def list_help_patterns(
    reads: Reads, mentor_id: UUID | None = None, cursor: Cursor = None, limit: Limit = 50
) -> dict[str, Any]:
    """Every pattern of help to other pupils that is no longer in passing, newest first."""
    found = await reads(help_patterns, mentor_id=mentor_id, after=place_after(cursor), limit=limit + 1)
    return page(found, limit, lambda row: [row["found_at"].isoformat(), row["mentor_id"]])


@router.get(
    "/contact-hours", response_model=ContactHoursView, dependencies=[allows(*READERS), seen("sessions")]
)
async def show_contact_hours(
    reads: Reads,
    since: Since,
    until: Until,
    mentor_id: UUID | None = None,
    child_id: UUID | None = None,
    school_id: UUID | None = None,
) -> dict[str, Any]:
    """Verified minutes with the child by ratio, of a mentor, a child, a school, or everybody."""
    return await reads(contact_hours, Whose(since, until, mentor_id, child_id, school_id))


def _change_after(cursor: str | None) -> ChangePlace | None:
    """The last change of the page before. Raises Problem 422."""
    place = after(cursor)
    if place is None:
        return None
    try:
        at, session_id, kind, number = place
        return datetime.fromisoformat(at), UUID(session_id), str(kind), int(number)
    except (TypeError, ValueError, AttributeError):
        raise wrong_cursor() from None
