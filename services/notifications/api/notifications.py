"""Inboxes and notifications over HTTP."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from services.notifications.api.callers import (
    OFFICE,
    hears_of_concerns,
    is_recipient,
    place,
    place_of,
    with_words,
)
from services.notifications.domain.notification import Acknowledge, MarkRead, TryAgain, notification
from services.notifications.domain.notification.state import Fate
from services.notifications.read_model.inbox import Wanted, find_notification, told, unread_count
from shared.contracts.words.telling import Category, Channel, NotificationType, SuppressedBecause
from shared.kernel.auth import Actor
from shared.kernel.call import Call, CommandCall, Lookup, Reads, allows, anyone, seen
from shared.kernel.paging import Cursor, Limit, Page, page
from shared.kernel.problems import NotFound, Problem

router = APIRouter(tags=["notifications"])


class InboxPage(Page):
    """One page of an inbox; `unread` is how many of all its notifications nobody has opened."""

    unread: int


@router.get("/recipients/{recipient_id}/inbox", dependencies=[anyone(), seen("inbox", "recipients")])
async def show_inbox(
    request: Request,
    recipient_id: UUID,
    reads: Reads,
    unread: Annotated[bool, Query(description="only what nobody has opened or acknowledged yet")] = False,
    unacknowledged: Annotated[bool, Query(description="only what is still to be acknowledged")] = False,
    urgent: bool | None = None,
    type: Annotated[NotificationType | None, Query()] = None,
    category: Annotated[Category | None, Query()] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> InboxPage:
    """What a recipient has been told, newest first."""
    actor: Actor = request.state.actor
    if not await is_recipient(actor, recipient_id, reads) and actor.role not in OFFICE:
        raise Problem(403, "not_allowed", "this is somebody else's inbox")
    concerns = hears_of_concerns(actor)
    wanted = Wanted(
        recipient_id=recipient_id,
        type=type,
        category=category,
        urgent=urgent,
        unread=unread,
        unacknowledged=unacknowledged,
        inbox=True,
        concerns=concerns,
    )
    found = await _page(reads, wanted, cursor, limit)
    return InboxPage(**found, unread=await reads(unread_count, recipient_id, concerns=concerns))


@router.get("/notifications", dependencies=[allows(*OFFICE, "dsl"), seen("inbox")])
async def list_notifications(
    request: Request,
    reads: Reads,
    type: Annotated[NotificationType | None, Query()] = None,
    category: Annotated[Category | None, Query()] = None,
    status: Annotated[Fate | None, Query(description="that of any of its channels")] = None,
    suppressed: Annotated[SuppressedBecause | None, Query(description="why it did not go out")] = None,
    urgent: bool | None = None,
    unacknowledged: bool = False,
    child_id: UUID | None = None,
    mentor_id: UUID | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page:
    """What anybody was told, newest first. `status=dead` are those that some channel gave up."""
    wanted = Wanted(
        type=type,
        category=category,
        status=status,
        suppressed=suppressed,
        urgent=urgent,
        unacknowledged=unacknowledged,
        child_id=child_id,
        mentor_id=mentor_id,
        concerns=hears_of_concerns(request.state.actor),
    )
    return Page(**await _page(reads, wanted, cursor, limit))


@router.get("/notifications/{notification_id}", dependencies=[anyone(), seen("inbox", "recipients")])
async def show_notification(request: Request, notification_id: UUID, reads: Reads) -> dict[str, Any]:
    """One notification with what became of it on each channel."""
    actor: Actor = request.state.actor
    found = await reads(find_notification, notification_id, concerns=hears_of_concerns(actor))
    if found is None or not (actor.role in OFFICE or await is_recipient(actor, found["recipient_id"], reads)):
        raise NotFound("notification", notification_id)
    return with_words(found)


@router.post("/notifications/{notification_id}/read", dependencies=[anyone()])
async def read(notification_id: UUID, call: Call) -> Response:
    """The recipient has opened it. What has not gone out by mail yet does not go out any more."""
    recipient_id = await _own(notification_id, call, "mark a notification as read")
    return await call.decide(notification, notification_id, MarkRead(recipient_id, call.now))


@router.post("/notifications/{notification_id}/acknowledgement", dependencies=[anyone()])
async def acknowledge(notification_id: UUID, call: Call) -> Response:
    """The recipient has seen it, and answers for it."""
    recipient_id = await _own(notification_id, call, "acknowledge a notification")
    return await call.decide(notification, notification_id, Acknowledge(recipient_id, call.now))


class Again(BaseModel):
    """The channel that is to try once more; nothing else comes in the application than by itself."""

    channel: Literal["email", "sms"]

    def on(self) -> Channel:
        return self.channel


@router.post(
    "/notifications/{notification_id}/retry",
    dependencies=[allows("coordinator", "manager", "operator", "dsl")],
)
async def try_again(notification_id: UUID, body: Again, call: Call) -> Response:
    """A channel that gave up tries once more, to the address that the recipient has now."""
    await _known(notification_id, call)
    return await call.decide(notification, notification_id, TryAgain(body.on(), call.now))


async def _page(reads: Lookup, wanted: Wanted, cursor: str | None, limit: int) -> dict[str, Any]:
    found = await reads(told, wanted, after=place(cursor), limit=limit + 1)
    return page([with_words(row) for row in found], limit, place_of)


async def _known(notification_id: UUID, call: CommandCall) -> dict[str, Any]:
    found = await call.reads(find_notification, notification_id, concerns=hears_of_concerns(call.actor))
    if found is None:
        raise NotFound("notification", notification_id)
    return found


async def _own(notification_id: UUID, call: CommandCall, what: str) -> UUID:
    """The recipient, who is the caller."""
    found = await _known(notification_id, call)
    recipient_id: UUID = found["recipient_id"]
    if not await is_recipient(call.actor, recipient_id, call.reads):
        raise Problem(403, "not_allowed", f"only the recipient can {what}")
    return recipient_id
