"""What somebody was told, and saying that they have seen it."""

from typing import Annotated
from uuid import UUID, uuid5

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from services.console.asking import Answer
from services.console.pages.shown import Asking, Fields, page

router = APIRouter()

_ACKNOWLEDGEMENTS = UUID("4a8e3f07-0d1c-5d0e-9a54-3f1d5a7c2b90")


@router.get("/inbox")
async def recipients(request: Request, services: Asking) -> HTMLResponse:
    """Whose inbox to open."""
    found = await services.every("notifications", "/recipients")
    return page(request, "recipients.html", [found], recipients=found.items)


@router.get("/inbox/{recipient_id}")
async def inbox(
    request: Request,
    recipient_id: UUID,
    services: Asking,
    cursor: Annotated[str | None, Query()] = None,
    everything: bool = False,
) -> HTMLResponse:
    """One inbox, newest first."""
    found = await services.get(
        "notifications",
        f"/recipients/{recipient_id}/inbox",
        unread=str(not everything).lower(),
        cursor=cursor,
        limit=50,
    )
    recipient = await services.get("notifications", f"/recipients/{recipient_id}")
    return page(
        request,
        "inbox.html",
        [found],
        recipient_id=recipient_id,
        recipient=recipient.body if recipient.ok else None,
        notifications=found.items,
        following=found.body["next"] if found.ok else None,
        everything=everything,
        live=found.ok and cursor is None,
    )


@router.get("/inbox/{recipient_id}/live")
async def live(request: Request, recipient_id: UUID, services: Asking) -> StreamingResponse:
    """What comes into this inbox, passed on as it comes: a browser cannot show the service who asks."""
    last = request.headers.get("last-event-id")
    return StreamingResponse(
        services.events("notifications", "/live", last=last, recipient_id=recipient_id),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},
    )


@router.post("/inbox/{recipient_id}/acknowledge")
async def acknowledge(request: Request, recipient_id: UUID, services: Asking, fields: Fields) -> Response:
    """The recipient has seen it. Pressed twice, it counts once."""
    try:
        notification_id = UUID(fields.get("notification_id", ""))
    except ValueError:
        return refused(request, Answer(422, problem="The form does not say which notification was seen."))
    key = str(uuid5(_ACKNOWLEDGEMENTS, str(notification_id)))
    answer = await services.post(
        "notifications", f"/notifications/{notification_id}/acknowledgement", key=key
    )
    if not answer.ok:
        return refused(request, answer)
    return RedirectResponse(f"/console/inbox/{recipient_id}", 303)


def refused(request: Request, answer: Answer) -> HTMLResponse:
    return page(request, "refused.html", [answer], status=answer.status or 503)
