"""An inbox as it fills, over server-sent events."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from services.notifications.api.callers import OFFICE, hears_of_concerns, is_recipient, with_words
from services.notifications.channels.doorbell import doorbell
from services.notifications.read_model.live import arrived, arrived_up_to
from shared.kernel.auth import Actor
from shared.kernel.call import Reads, anyone
from shared.kernel.problems import Problem

router = APIRouter(tags=["notifications"])

AT_ONCE = 20
"""Notifications read at a time: a slow reader holds no more than these, the rest waits in the inbox."""
AGAIN_MILLISECONDS = 3000
LOOK_SECONDS = 60.0


async def _start(
    last_event_id: Annotated[
        str | None, Header(description="what was read last: what came after it comes again")
    ] = None,
) -> int | None:
    if last_event_id is None:
        return None
    if not last_event_id.isdecimal():
        wrong = {"field": "Last-Event-ID", "detail": "the id of an event that was read"}
        raise Problem(422, "invalid_request", "Last-Event-ID: " + wrong["detail"], errors=[wrong])
    return min(int(last_event_id), 2**62)


async def _may_read(request: Request, recipient_id: Annotated[UUID, Query()], reads: Reads) -> UUID:
    actor: Actor = request.state.actor
    if not await is_recipient(actor, recipient_id, reads) and actor.role not in OFFICE:
        raise Problem(403, "not_allowed", "this is somebody else's inbox")
    reads.shows(recipient_id=recipient_id)
    return recipient_id


@router.get("/live", response_class=EventSourceResponse, dependencies=[anyone()])
async def live(
    request: Request,
    recipient_id: Annotated[UUID, Depends(_may_read)],
    start: Annotated[int | None, Depends(_start)],
    reads: Reads,
) -> AsyncIterator[ServerSentEvent]:
    """Each notification as it comes into the inbox (event `notification`, as the inbox shows it).

    After a break the browser says what it read last, and nothing is left out. A comment every 15 seconds keeps
    the line open.
    """
    concerns = hears_of_concerns(request.state.actor)
    door = doorbell(request.app)
    async with door.heard(recipient_id) as bell:
        last = await reads(arrived_up_to) if start is None else start
        yield ServerSentEvent(event="open", data={"after": last}, id=str(last), retry=AGAIN_MILLISECONDS)
        while not door.ended:
            bell.clear()
            found = await reads(arrived, recipient_id, last, concerns=concerns, limit=AT_ONCE)
            for position, row in found:
                last = position
                if row is not None:
                    yield ServerSentEvent(event="notification", data=with_words(row), id=str(position))
            if len(found) < AT_ONCE:
                try:
                    async with asyncio.timeout(LOOK_SECONDS):
                        await bell.wait()
                except TimeoutError:
                    continue
