"""The ledger over HTTP: single facts, byte for byte, and lists of them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from services.audit.api.showing import AUDITORS, closed, place, start, unsealed
from services.audit.read_model.ledger import find_fact, recorded_facts
from shared.kernel.call import Reads, allows, seen
from shared.kernel.paging import Cursor, Limit, Page, page
from shared.kernel.problems import NotFound
from shared.kernel.sight import insist

router = APIRouter(tags=["facts"], dependencies=[allows(*AUDITORS), seen("ledger")])


@router.get("/facts")
async def facts(
    request: Request,
    reads: Reads,
    source: Annotated[str | None, Query(description="the service that recorded them")] = None,
    type: Annotated[str | None, Query(examples=["assignments.MentorAssigned.v1"])] = None,
    stream: UUID | None = None,
    correlation_id: str | None = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page:
    """Facts of every service in the order in which they were recorded; personal fields stay closed here.

    They are read in the timeline of one child or one mentor, so that it is on record whose.
    """
    found = await reads(
        recorded_facts,
        source=source,
        type=type,
        stream=stream,
        correlation_id=correlation_id,
        after=start(cursor),
        limit=limit + 1,
        restricted=_restricted(request),
    )
    return Page(**page([closed(row) for row in found], limit, place))


@router.get(
    "/facts/{source}/{position}",
    response_class=Response,
    responses={200: {"content": {"application/cloudevents+json": {}}}},
)
async def fact(request: Request, source: str, position: int, reads: Reads) -> Response:
    """Exactly the bytes that the service published at this position, sealed fields and all."""
    found = await reads(find_fact, source, position, _restricted(request))
    if found is None:
        raise NotFound("fact", f"{source}/{position}")
    for keep in unsealed(found):
        insist(keep, f"the exact bytes hold personal data ({keep}) in clear")
    headers = {"Alongside-Sha256": found["sha256"], "ETag": f'"{found["sha256"]}"'}
    return Response(found["body"], headers=headers, media_type="application/cloudevents+json")


def _restricted(request: Request) -> bool:
    """Whether the caller may see what few may know of: the designated safeguarding lead alone."""
    return bool(request.state.actor.role == "dsl")
