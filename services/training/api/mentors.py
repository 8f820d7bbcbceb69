"""How mentors stand, over HTTP, and on what evidence."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request

from services.training.api.fields import READERS, KnownAt, On, last_id, own
from services.training.api.mentor_views import ComplianceView, EvidenceView, MentorPage
from services.training.domain.standing import Status
from services.training.read_model.compliance import how_stands, who_stands
from services.training.read_model.evidence import on_what_evidence
from shared.kernel.call import Reads, allows, seen
from shared.kernel.paging import Cursor, Limit, page
from shared.kernel.problems import NotFound

router = APIRouter(tags=["mentors"])


@router.get("/mentors", response_model=MentorPage, dependencies=[allows(*READERS), seen("mentors")])
async def list_mentors(
    reads: Reads,
    state: Annotated[Status | None, Query()] = None,
    region: Annotated[str | None, Query(max_length=60)] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """Mentors and how they stand."""
    found = await reads(who_stands, state=state, region=region, after=last_id(cursor), limit=limit + 1)
    return page(found, limit, lambda row: [row["mentor_id"]])


@router.get(
    "/mentors/{mentor_id}/compliance",
    response_model=ComplianceView,
    dependencies=[allows(*READERS, "mentor"), seen("history", "mentors")],
)
async def show_compliance(
    request: Request, mentor_id: UUID, reads: Reads, on: On = None, known_at: KnownAt = None
) -> dict[str, Any]:
    """Every required item of a mentor on a day, and whether the mentor may be with a child then."""
    own(request.state.actor, mentor_id)
    found = await reads(how_stands, mentor_id, on or reads.running.clock.now().date(), known_at)
    if found is None:
        raise NotFound("mentor", mentor_id)
    return found


@router.get(
    "/mentors/{mentor_id}/evidence",
    response_model=EvidenceView,
    dependencies=[allows("compliance", "manager", "dsl", "auditor"), seen("history", "mentors")],
)
async def show_evidence(
    mentor_id: UUID, reads: Reads, on: On = None, known_at: KnownAt = None
) -> dict[str, Any]:
    """On what evidence a mentor was cleared: each proof that counted, who saw it, when it came on record."""
    found = await reads(on_what_evidence, mentor_id, on or reads.running.clock.now().date(), known_at)
    if found is None:
        raise NotFound("mentor", mentor_id)
    return found
