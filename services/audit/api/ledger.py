"""The transparency log over HTTP, laid out as C2SP tlog-tiles says: any such client can read and verify it."""

from datetime import datetime

from fastapi import APIRouter, Response
from pydantic import BaseModel

from services.audit.api.showing import AUDITORS
from services.audit.ledger import reading
from services.audit.ledger.formats.findings import Finding
from services.audit.read_model import ledger_status
from services.audit.subscriptions import SOURCES
from shared.kernel.call import Reads, allows
from shared.kernel.paging import Cursor, Limit, after, page, wrong_cursor
from shared.kernel.problems import NotFound

router = APIRouter(prefix="/ledger", tags=["ledger"], dependencies=[allows(*AUDITORS, "integrator")])

FOR_EVER = {"Cache-Control": "max-age=31536000, immutable"}
NOT_KEPT = {"Cache-Control": "no-cache"}


class Found(BaseModel):
    """Something wrong: with the facts from `position` to `until_position` of a source, or with the ledger itself."""

    finding: Finding
    source: str
    position: int
    until_position: int
    index: int | None
    detail: str
    found_at: datetime


class Findings(BaseModel):
    """One page of findings, and how many there are of each kind."""

    items: list[Found]
    next: str | None
    counts: dict[str, int]


class Tree(BaseModel):
    """A published tree: `root` in hexadecimal."""

    size: int
    root: str
    witnessed_at: datetime


class Reach(BaseModel):
    """Up to which position a source's facts are recorded here, and up to which they are in the ledger."""

    source: str
    sequenced: int
    recorded: int


class Status(BaseModel):
    """How the ledger is. `refused` says why nothing is signed; `unpublished_since` that witnesses are away."""

    size: int
    published: Tree | None
    unpublished_since: datetime | None
    unpublished_because: str | None
    refused: str | None
    signatures_checked: int
    sources: list[Reach]
    findings: dict[str, int]


@router.get("/checkpoint", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
async def checkpoint(reads: Reads) -> Response:
    """The newest published checkpoint: a signed note with the witnesses' cosignatures."""
    signed = await reads(reading.newest)
    if signed is None:
        raise NotFound("checkpoint", "none is published yet")
    return Response(signed.note, headers=NOT_KEPT, media_type="text/plain; charset=utf-8")


@router.get(
    "/tile/{path:path}",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}}},
)
async def tile(path: str, reads: Reads) -> Response:
    """A tile of hashes or a bundle of entries, full or partial: `0/x001/067`, `entries/000.p/5`. Never changes."""
    try:
        found = await reads(reading.tile, f"tile/{path}")
    except reading.NoSuchTile:
        raise NotFound("tile", path) from None
    return Response(found, headers=FOR_EVER, media_type="application/octet-stream")


@router.get(
    "/proof/{source}/{position}", response_class=Response, responses={200: {"content": {"text/plain": {}}}}
)
async def proof(source: str, position: int, reads: Reads) -> Response:
    """That a fact is in the newest published tree, as a tlog-proof file; its `extra` is the leaf record."""
    found = await reads(reading.proof, source, position)
    if found is None:
        raise NotFound("proof", f"{source}/{position}: it is in no published tree, or not yet")
    return Response(found.encode(), headers=NOT_KEPT, media_type="text/plain; charset=utf-8")


@router.get("/findings")
async def findings(
    reads: Reads,
    finding: Finding | None = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Findings:
    """What was found to be wrong, the newest first."""
    wanted = None if finding is None else str(finding)
    found = await reads(ledger_status.found, wanted, _start(cursor), limit + 1)
    shown = page([Found(**row) for row in found], limit, _place)
    return Findings(**shown, counts=await reads(ledger_status.counts))


def _place(found: Found) -> list[object]:
    return [found.found_at.isoformat(), found.finding, found.source, found.position, found.detail]


def _start(cursor: str | None) -> ledger_status.Place | None:
    """Where the page before ended. Raises Problem 422."""
    found = after(cursor)
    if found is None:
        return None
    try:
        moment, finding, source, position, detail = found
        return datetime.fromisoformat(moment), str(finding), str(source), int(position), str(detail)
    except (TypeError, ValueError):
        raise wrong_cursor() from None


@router.get("/status")
async def status(reads: Reads) -> Status:
    """What is sequenced, published and checked; and what hinders it, since when."""
    return Status.model_validate(await reads(ledger_status.status, SOURCES))
