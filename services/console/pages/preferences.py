"""How somebody wants to be told: where a mail's own header leads who wants fewer of them."""

from typing import Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from services.console.pages.inbox import refused
from services.console.pages.shown import Asking, Fields, page

router = APIRouter()

CATEGORIES = ("support", "sessions", "cover", "training")
"""What can be left out of e-mail; matters of safety and of the system cannot."""


@router.get("/inbox/{recipient_id}/preferences")
async def preferences(request: Request, recipient_id: UUID, services: Asking) -> HTMLResponse:
    """What is chosen now."""
    found = await services.get("notifications", f"/recipients/{recipient_id}/preferences")
    return page(
        request,
        "preferences.html",
        [found],
        recipient_id=recipient_id,
        chosen=found.body if found.ok else None,
        categories=CATEGORIES,
        by_mail=[each for each in CATEGORIES if found.ok and _by_mail(found.body, each)],
    )


def _by_mail(chosen: dict[str, Any], category: str) -> bool:
    channels = chosen["channels"].get(category)
    return channels is None or "email" in channels


@router.post("/inbox/{recipient_id}/preferences")
async def choose(request: Request, recipient_id: UUID, services: Asking, fields: Fields) -> Response:
    """Choose anew; what this page does not show stays as it is."""
    path = f"/recipients/{recipient_id}/preferences"
    found = await services.get("notifications", path)
    if not found.ok:
        return refused(request, found)
    channels = dict(found.body["channels"])
    for category in CATEGORIES:
        others = [each for each in channels.get(category, ("in_app", "sms")) if each != "email"]
        wanted = f"mail_{category}" in fields
        if wanted != _by_mail(found.body, category):
            channels[category] = [*others, "email"] if wanted else others
    chosen = {
        **found.body,
        "channels": channels,
        "digest": fields.get("digest", "none"),
        "quiet_from": fields.get("quiet_from") or None,
        "quiet_until": fields.get("quiet_until") or None,
        "language": fields.get("language") or found.body["language"],
    }
    answer = await services.put("notifications", path, chosen, key=str(uuid4()))
    if not answer.ok:
        return refused(request, answer)
    return RedirectResponse(f"/console/inbox/{recipient_id}/preferences?saved=true", 303)
