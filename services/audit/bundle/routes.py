"""Bundles over HTTP: written while they are sent."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime

from services.audit.api.showing import AUDITORS, unsealed
from services.audit.bundle.choosing import Wanted
from services.audit.bundle.export import NothingPublished, Sees, prepare, write
from services.audit.bundle.pieces import Trust
from services.audit.ledger.settings import keys
from shared.kernel.call import Reads, allows, seen
from shared.kernel.problems import KNOWN, Problem
from shared.kernel.running import Running
from shared.kernel.sight import sight

KNOWN["no_ledger"] = (
    "The service has no key or no witnesses, so it keeps no ledger; the detail says what is not set."
)
KNOWN["nothing_published"] = "The ledger has no witnessed checkpoint yet: ask again in a second."

router = APIRouter(prefix="/bundles", tags=["bundles"])
MEDIA_TYPE = "application/x-tar"
TAR: dict[int | str, dict[str, Any]] = {200: {"content": {MEDIA_TYPE: {}}}}

Since = Annotated[AwareDatetime | None, Query(alias="from", description="recorded from this moment on")]
Until = Annotated[AwareDatetime | None, Query(alias="to", description="recorded before this moment")]
Pin = Annotated[
    int | None,
    Query(ge=0, description="the size of the checkpoint that you kept; default: the first published"),
]

_everybody = [allows("auditor", "dsl", "operator"), seen("ledger")]
_one = [allows(*AUDITORS), seen("ledger")]


@router.get("/region", response_class=StreamingResponse, responses=TAR, dependencies=_everybody)
async def region(
    request: Request, reads: Reads, since: Since = None, until: Until = None, pin: Pin = None
) -> StreamingResponse:
    """Every fact of the region, none left out; what is not for the caller's eyes is there by its digest only."""
    return await _bundle(request, reads, Wanted("region", None, since, until), pin)


@router.get("/children/{child_id}", response_class=StreamingResponse, responses=TAR, dependencies=_one)
async def child(
    request: Request, child_id: UUID, reads: Reads, since: Since = None, until: Until = None, pin: Pin = None
) -> StreamingResponse:
    """The facts that concern a child, each with the proof that it is in the ledger."""
    return await _bundle(request, reads, Wanted("child", child_id, since, until), pin)


@router.get("/mentors/{mentor_id}", response_class=StreamingResponse, responses=TAR, dependencies=_one)
async def mentor(
    request: Request, mentor_id: UUID, reads: Reads, since: Since = None, until: Until = None, pin: Pin = None
) -> StreamingResponse:
    """The facts that concern a mentor, each with the proof that it is in the ledger."""
    return await _bundle(request, reads, Wanted("mentor", mentor_id, since, until), pin)


async def _bundle(request: Request, reads: Reads, wanted: Wanted, pin: int | None) -> StreamingResponse:
    running: Running = request.app.state.running
    known = keys(running.settings.region)
    if known.log is None or known.policy is None:
        raise Problem(409, "no_ledger", f"this service keeps no ledger: {known.lacking}")
    opens = sight().opens

    def plain(row: Mapping[str, Any]) -> bool:
        """What is no fact at all is no secret either: whoever damaged it must not hide it."""
        try:
            return unsealed(row) <= opens
        except (ValueError, KeyError, TypeError, AttributeError):
            return True

    sees = Sees(request.state.actor.role == "dsl", plain)
    trust = Trust(
        known.log.vkey(), tuple(one.vkey() for one in (known.producers or {}).values()), known.policy.text
    )
    try:
        prepared = await reads(prepare, running.settings.region, wanted, sees, pin)
    except NothingPublished as nothing:
        raise Problem(409, "nothing_published", str(nothing)) from None
    told = prepared.manifest
    if pin is not None and told.pin is None and pin < told.size:
        raise Problem(404, "not_found", f"no checkpoint of {pin} leaves was published here")
    headers = {
        "Alongside-Facts": str(told.facts),
        "Alongside-Ledger-Size": str(told.size),
        "Content-Disposition": f'attachment; filename="{wanted.scope}-{told.size}.bundle.tar"',
    }
    return StreamingResponse(
        write(running.engine, prepared, trust, sees), headers=headers, media_type=MEDIA_TYPE
    )
