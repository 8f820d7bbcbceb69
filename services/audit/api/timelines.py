"""Timelines over HTTP."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel

from services.audit.api.showing import AUDITORS, KeptFact, KnownAt, place, shown, start
from services.audit.read_model.opening import opened
from services.audit.read_model.timelines import timeline_of_child, timeline_of_mentor
from shared.kernel.call import Lookup, Reads, allows, seen
from shared.kernel.paging import Cursor, Limit, page
from shared.kernel.sight import sight

router = APIRouter(tags=["timelines"], dependencies=[allows(*AUDITORS), seen("ledger", "supports")])


class Timeline(BaseModel):
    """One page of a timeline, as known at `known_at`; pass that along to read on in the same knowledge."""

    items: list[KeptFact]
    next: str | None
    known_at: AwareDatetime


@router.get("/timelines/children/{child_id}")
async def child(
    child_id: UUID,
    reads: Reads,
    known_at: KnownAt = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Timeline:
    """Every fact that concerns the child, across services, in the order in which they were recorded.

    `through` names the mentor when a fact belongs here only because that mentor was assigned to the child.
    """
    until = known_at or reads.running.clock.now()
    found = await reads(timeline_of_child, child_id, known_at=until, after=start(cursor), limit=limit + 1)
    return Timeline(**await _page(reads, found, limit), known_at=until)


@router.get("/timelines/mentors/{mentor_id}")
async def mentor(
    mentor_id: UUID, reads: Reads, known_at: KnownAt = None, cursor: Cursor = None, limit: Limit = 100
) -> Timeline:
    """Every fact that concerns the mentor, across services, in the order in which they were recorded."""
    until = known_at or reads.running.clock.now()
    found = await reads(timeline_of_mentor, mentor_id, known_at=until, after=start(cursor), limit=limit + 1)
    return Timeline(**await _page(reads, found, limit), known_at=until)


async def _page(reads: Lookup, found: Any, limit: int) -> dict[str, Any]:
    """One page; personal fields are opened as far as the caller may see them, for this one child or mentor."""
    rows = await opened(reads.running.sealer, found, sight().opens)
    return page([shown(row) for row in rows], limit, place)
