"""Choosing whom to act as (development profile)."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from services.console.asking import Answer
from services.console.identity import COOKIE, identity_of
from services.console.pages.shown import Fields, page

router = APIRouter()


@router.post("/identity")
async def act_as(request: Request, fields: Fields) -> Response:
    """Act as somebody from now on."""
    identity = identity_of(fields.get("role", ""), fields.get("name", ""), fields.get("purpose", ""))
    back = fields.get("back", "")
    if identity is None:
        told = Answer(422, problem="A name is up to 80 letters, digits, dots or hyphens.")
        return page(request, "refused.html", [told], status=422)
    there = back if back.startswith("/console/") else "/console/"
    response = RedirectResponse(there, 303)
    response.set_cookie(COOKIE, identity.cookie(), httponly=True, samesite="strict", path="/console")
    return response
