"""The records office: copies of whole records, and how far each erasure has come."""

import base64
from typing import Any, Literal
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from services.console.asking import Answer
from services.console.pages.inbox import refused
from services.console.pages.shown import Asking, Fields, page

router = APIRouter()

DONE = ("certified", "refused")
COPIED_FOR = ("subject", "parent", "representative", "local_authority", "regulator", "court")
GROUNDS = ("no_longer_necessary", "consent_withdrawn", "objection", "unlawful", "legal_obligation")
APPROVALS = 2


@router.get("/records")
async def records(request: Request, services: Asking) -> HTMLResponse:
    """Every erasure, those that somebody has to see to first; and what is held."""
    erasures = await services.every("audit", "/records/erasures")
    holds = await services.get("audit", "/records/holds", standing="true", limit=100)
    open_first = sorted(erasures.items, key=lambda one: one["stage"] in DONE)
    return page(
        request,
        "records.html",
        [erasures, holds],
        erasures=open_first,
        holds=holds.items,
        copied_for=COPIED_FOR,
        grounds=GROUNDS,
        approvals=APPROVALS,
    )


@router.post("/records/copies")
async def copy(request: Request, services: Asking, fields: Fields) -> Response:
    """The whole record of one person, to be saved; it is kept nowhere, so asking twice makes two copies."""
    person = _person(fields)
    if isinstance(person, Answer):
        return refused(request, person)
    body = {**person, "disclosed_to": fields.get("disclosed_to", "subject")}
    answer = await services.post("audit", "/subject-access", key=str(uuid4()), body=body)
    if not answer.ok:
        return refused(request, answer)
    name = f"record-{answer.body['disclosure_id']}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(base64.b64decode(answer.body["archive"]), media_type="application/zip", headers=headers)


@router.post("/records/erasures")
async def ask(request: Request, services: Asking, fields: Fields) -> Response:
    """Ask that a person be forgotten. The receipt is shown this once."""
    person = _person(fields)
    if isinstance(person, Answer):
        return refused(request, person)
    body = {**person, "ground": fields.get("ground", "")}
    answer = await services.post("audit", "/records/erasures", key=str(uuid4()), body=body)
    if not answer.ok:
        return refused(request, answer)
    return page(request, "receipt.html", receipt=answer.body)


@router.post("/records/erasures/{erasure_id}/{step}")
async def go_on(
    request: Request, erasure_id: UUID, step: Literal["decide", "approve"], services: Asking
) -> Response:
    """Decide it by the rules, or approve the decision as whoever the visitor acts as."""
    answer = await services.post("audit", f"/records/erasures/{erasure_id}/{step}", key=str(uuid4()))
    if not answer.ok:
        return refused(request, answer)
    return RedirectResponse("/console/records", 303)


def _person(fields: Any) -> dict[str, str] | Answer:
    """Whom a form names."""
    kind, value = fields.get("kind", ""), fields.get("id", "").strip()
    try:
        if kind in ("child", "mentor"):
            return {f"{kind}_id": str(UUID(value))}
    except ValueError:
        pass
    return Answer(
        422, problem="The form does not say whose record it is: choose child or mentor, and their id."
    )
