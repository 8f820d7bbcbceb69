"""What auditors ask of alerts, over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime

from services.notifications.api.callers import OFFICE, place
from services.notifications.read_model.alerts import alerts
from shared.contracts.words.training import ClearanceKind, Track
from shared.kernel.call import Reads, allows, seen
from shared.kernel.paging import Cursor, Limit, Page, page
from shared.kernel.problems import Problem

router = APIRouter(tags=["notifications"])


@router.get("/alerts", dependencies=[allows(*OFFICE, "trainer"), seen("inbox", "actions")])
async def list_alerts(
    reads: Reads,
    mentor_id: UUID,
    track: Annotated[Track | None, Query(description="only about this track")] = None,
    clearance: Annotated[ClearanceKind | None, Query(description="only about this clearance")] = None,
    before: Annotated[
        AwareDatetime | None, Query(description="only what fired before, such as the lapse")
    ] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page:
    """Which alerts fired about this mentor, who was told, who acknowledged, how long until something was done."""
    if track is not None and clearance is not None:
        told = {"field": "clearance", "detail": "give a track or a clearance, not both"}
        raise Problem(422, "invalid_request", told["detail"], errors=[told])
    reads.shows(mentor_id=mentor_id)
    found = await reads(
        alerts, mentor_id, item=track or clearance, before=before, after=place(cursor), limit=limit + 1
    )
    return Page(**page(found, limit, _place))


def _place(row: dict[str, Any]) -> list[Any]:
    return [row["fired_at"].isoformat(), str(row["cause"])]
