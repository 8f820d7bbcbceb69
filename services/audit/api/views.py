"""Who was shown whose record, over HTTP."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel

from services.audit.api.showing import KnownAt, shown, start
from services.audit.read_model.views import who_viewed
from shared.kernel.call import Lookup, Reads, allows, seen
from shared.kernel.paging import Cursor, Limit, page

# Who looks over other people's shoulders is not themselves a coordinator of the case.
router = APIRouter(tags=["views"], dependencies=[allows("auditor", "dsl", "manager"), seen("ledger")])

Since = Annotated[AwareDatetime | None, Query(alias="from", description="shown at this moment or later")]
Until = Annotated[AwareDatetime | None, Query(alias="to", description="shown before this moment")]


class View(BaseModel):
    """Somebody was shown a record, for a purpose, and which classes of personal data were readable in it.

    `exact` leads to the bytes of the fact.
    """

    viewed_at: datetime
    viewer: str
    viewer_role: str
    purpose: str | None = None
    classes: list[str] = []
    record: str
    service: str
    position: int
    recorded_at: datetime
    view_id: UUID
    correlation_id: str
    exact: str


class Views(BaseModel):
    """One page of views, as known at `known_at`; pass that along to read on in the same knowledge."""

    items: list[View]
    next: str | None
    known_at: AwareDatetime


@router.get("/views/children/{child_id}")
async def of_child(
    child_id: UUID,
    reads: Reads,
    since: Since = None,
    until: Until = None,
    known_at: KnownAt = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Views:
    """Who was shown the child's record, when, and which part of it, by whichever service."""
    return await _views(reads, "child", child_id, since, until, known_at, cursor, limit)


@router.get("/views/mentors/{mentor_id}")
async def of_mentor(
    mentor_id: UUID,
    reads: Reads,
    since: Since = None,
    until: Until = None,
    known_at: KnownAt = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Views:
    """Who was shown the mentor's record: evidence, compliance, timeline."""
    return await _views(reads, "mentor", mentor_id, since, until, known_at, cursor, limit)


async def _views(
    reads: Lookup,
    kind: str,
    subject_id: UUID,
    since: datetime | None,
    until: datetime | None,
    known_at: datetime | None,
    cursor: str | None,
    limit: int,
) -> Views:
    moment = known_at or reads.running.clock.now()
    found = await reads(
        who_viewed,
        kind,
        subject_id,
        since=since,
        until=until,
        known_at=moment,
        after=start(cursor),
        limit=limit + 1,
    )
    return Views(**page([_shown(row) for row in found], limit, _place), known_at=moment)


def _shown(row: Mapping[str, Any]) -> View:
    kept = shown(row)
    return View(
        **kept.data, **kept.model_dump(include=View.model_fields.keys() - kept.data), service=kept.source
    )


def _place(view: View) -> list[Any]:
    return [view.recorded_at.isoformat(), view.service, view.position]
