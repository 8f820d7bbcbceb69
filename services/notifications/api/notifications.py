"""Inboxes and notifications over HTTP."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from services.notifications.channels.wording import worded
from services.notifications.domain.notification import Acknowledge, notification
from services.notifications.read_model.inbox import Place, find_notification, inbox, told
from services.notifications.read_model.register import find_recipient
from shared.contracts.words.telling import NotificationType
from shared.kernel.auth import Actor
from shared.kernel.call import Call, Lookup, Reads, allows, anyone, seen
from shared.kernel.paging import Cursor, Limit, Page, after, page, wrong_cursor
from shared.kernel.problems import NotFound, Problem

router = APIRouter(tags=["notifications"])

OFFICE = ("coordinator", "manager", "compliance", "auditor", "operator")
LINKED = ("mentor", "parent", "school")
"""Roles that hear of one person only: they see their own inbox and no other."""


@router.get("/recipients/{recipient_id}/inbox", dependencies=[anyone(), seen("inbox", "recipients")])
async def show_inbox(
    request: Request,
    recipient_id: UUID,
    reads: Reads,
    unread: Annotated[bool, Query(description="only what is not acknowledged yet")] = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page:
    """What a recipient has been told, newest first."""
    actor: Actor = request.state.actor
    if not await _is(actor, recipient_id, reads) and actor.role not in OFFICE:
        raise Problem(403, "not_allowed", "this is somebody else's inbox")
    found = await reads(inbox, recipient_id, unread=unread, after=_start(cursor), limit=limit + 1)
    return Page(**page([_with_words(row) for row in found], limit, _place))


@router.get("/notifications", dependencies=[allows(*OFFICE), seen("inbox")])
async def list_notifications(
    reads: Reads,
    type: Annotated[NotificationType | None, Query()] = None,
    status: Annotated[Literal["trying", "waiting", "sent", "dead"] | None, Query()] = None,
    child_id: UUID | None = None,
    mentor_id: UUID | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page:
    """What anybody was told, newest first. `status=dead` are those that some channel gave up."""
    found = await reads(
        told,
        type=type,
        status=status,
        child_id=child_id,
        mentor_id=mentor_id,
        after=_start(cursor),
        limit=limit + 1,
    )
    return Page(**page([_with_words(row) for row in found], limit, _place))


@router.get("/notifications/{notification_id}", dependencies=[anyone(), seen("inbox", "recipients")])
async def show_notification(request: Request, notification_id: UUID, reads: Reads) -> dict[str, Any]:
    """One notification with what became of it on each channel."""
    found = await reads(find_notification, notification_id)
    actor: Actor = request.state.actor
    if found is None or not (await _is(actor, found["recipient_id"], reads) or actor.role in OFFICE):
        raise NotFound("notification", notification_id)
    return _with_words(found)


@router.post("/notifications/{notification_id}/acknowledgement", dependencies=[anyone()])
async def acknowledge(notification_id: UUID, call: Call) -> Response:
    """The recipient has seen it."""
    found = await call.reads(find_notification, notification_id)
    if found is None:
        raise NotFound("notification", notification_id)
    if not await _is(call.actor, found["recipient_id"], call.reads):
        raise Problem(403, "not_allowed", "only the recipient can acknowledge a notification")
    return await call.decide(notification, notification_id, Acknowledge(found["recipient_id"], call.now))


async def _is(actor: Actor, recipient_id: UUID, reads: Lookup) -> bool:
    """Whether the caller is this recipient. Those who hear of one person only are known by id or address."""
    found = await reads(find_recipient, recipient_id)
    if found is None or found["role"] != actor.role:
        return False
    ids = {str(found[name]) for name in ("recipient_id", "mentor_id", "child_id", "school_id", "email")}
    return actor.role not in LINKED or actor.name in ids


def _with_words(row: dict[str, Any]) -> dict[str, Any]:
    """The row with its text, in the language it was requested in."""
    words = worded(row["type"], row["language"], row["parameters"])
    return {**row, "subject_line": words.subject_line, "body": words.body}


def _start(cursor: str | None) -> Place | None:
    place = after(cursor)
    if place is None:
        return None
    try:
        requested_at, notification_id = place
        return datetime.fromisoformat(requested_at), UUID(notification_id)
    except (TypeError, ValueError, AttributeError):
        raise wrong_cursor() from None


def _place(row: dict[str, Any]) -> list[Any]:
    return [row["requested_at"].isoformat(), str(row["notification_id"])]
