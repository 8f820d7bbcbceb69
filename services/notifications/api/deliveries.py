"""The delivery log over HTTP."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime

from services.notifications.api.callers import OFFICE, hears_of_concerns
from services.notifications.domain.notification.state import Fate
from services.notifications.read_model.delivery_log import Asked, Place, delivery_log
from shared.contracts.words.telling import Channel, NotificationType
from shared.kernel.call import Reads, allows, seen
from shared.kernel.paging import Cursor, Limit, Page, after, page, wrong_cursor

router = APIRouter(tags=["notifications"])


@router.get("/deliveries", dependencies=[allows(*OFFICE, "dsl"), seen("inbox")])
async def list_deliveries(
    request: Request,
    reads: Reads,
    status: Annotated[
        Fate | None, Query(description="`dead`: given up; `held`: quiet hours or digest")
    ] = None,
    channel: Annotated[Channel | None, Query()] = None,
    type: Annotated[NotificationType | None, Query()] = None,
    recipient_id: UUID | None = None,
    since: Annotated[AwareDatetime | None, Query(description="something became of it then or later")] = None,
    until: Annotated[AwareDatetime | None, Query(description="and before then")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page:
    """What went out on which channel and what did not, latest first."""
    concerns = hears_of_concerns(request.state.actor)
    asked = Asked(status, channel, type, recipient_id, since, until, concerns)
    found = await reads(delivery_log, asked, after=_place(cursor), limit=limit + 1)
    return Page(
        **page(found, limit, lambda row: [row["at"].isoformat(), str(row["notification_id"]), row["channel"]])
    )


def _place(cursor: str | None) -> Place | None:
    found = after(cursor)
    if found is None:
        return None
    try:
        at, notification_id, channel = found
        return datetime.fromisoformat(at), UUID(notification_id), str(channel)
    except (TypeError, ValueError, AttributeError):
        raise wrong_cursor() from None
