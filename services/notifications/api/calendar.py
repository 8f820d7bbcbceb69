"""Calendars: a secret address for each, and what calendar programs read there."""

import secrets
from hashlib import sha256
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Request, Response

from services.notifications.api.callers import is_recipient
from services.notifications.channels.ics import ics
from services.notifications.domain.calendar_link import IssueLink, calendar_link, digest_of, link_of
from services.notifications.read_model.calendar import reader_of, sessions_of
from services.notifications.read_model.register import find_recipient
from shared.kernel.auth import whoever_knows_the_address
from shared.kernel.call import Call, Reads, allows, seen
from shared.kernel.problems import NotFound, Problem
from shared.kernel.running import Running

router = APIRouter(tags=["calendar"])

OFFICE = ("coordinator", "manager")
SECRET_BYTES = 32


@router.post(
    "/recipients/{recipient_id}/calendar-link",
    status_code=201,
    dependencies=[allows("mentor", "parent", "school", *OFFICE)],
)
async def issue_link(recipient_id: UUID, request: Request, call: Call) -> Response:
    """A new address for this recipient's calendar; an earlier one stops to work. Keep it to yourself.

    The address is told once and kept nowhere: when this command is repeated under its key, `url` is null. Whoever
    missed it asks again with a fresh key.
    """
    found = await call.reads(find_recipient, recipient_id)
    if found is None:
        raise NotFound("recipient", recipient_id)
    if call.actor.role not in OFFICE and not await is_recipient(call.actor, recipient_id, call.reads):
        raise Problem(403, "not_allowed", "this is somebody else's calendar")
    secret = secrets.token_urlsafe(SECRET_BYTES)
    url = str(request.url_for("show_calendar", secret=secret))
    command = IssueLink(recipient_id, found["role"], digest_of(secret), call.now)
    return await call.decide(calendar_link, link_of(recipient_id), command, status=201, once={"url": url})


@router.get(
    "/calendar/{secret}.ics", dependencies=[whoever_knows_the_address(), seen("calendar", "calendar_links")]
)
async def show_calendar(
    secret: str, request: Request, reads: Reads, if_none_match: Annotated[str | None, Header()] = None
) -> Response:
    """The sessions of whoever this address was given to, for calendar programs to subscribe to."""
    running: Running = request.app.state.running
    reader = await reads(reader_of, digest_of(secret))
    if reader is None:
        raise NotFound("calendar", "at this address; ask for a new one")
    content = ics(reader, await reads(sessions_of, reader, running.clock.now()), running.settings.region)
    tag = f'"{sha256(content).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, max-age=300", "X-Robots-Tag": "noindex"}
    if if_none_match == tag:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type="text/calendar; charset=utf-8", headers=headers)
