"""Provision delivered over HTTP: specified against delivered, and where the difference went."""

from datetime import date, timedelta
from itertools import accumulate
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, Field

from services.sessions.api.fields import READERS, Day
from services.sessions.domain.delivery import Delivery, GapKind
from services.sessions.read_model.delivery import delivery_of
from shared.kernel.call import Reads, allows, seen
from shared.kernel.problems import NotFound, Problem

router = APIRouter(tags=["delivery"])

MOST_DAYS = 800


class GapView(BaseModel):
    """Where minutes went. Of a cancellation: whose decision it was, and why."""

    kind: GapKind
    by: str | None
    reason: str | None
    minutes: Annotated[int, Field(description="negative when more was done or planned than asked")]
    sessions: int


class DeliveryView(BaseModel):
    """specified - delivered = undelivered = the sum of the gaps; all in minutes."""

    starts_on: date
    ends_on: date
    school_days: int
    specified_minutes: int
    planned_minutes: int
    delivered_minutes: Annotated[int, Field(description="logged contact, as amended")]
    verified_minutes: Annotated[int, Field(description="of these, approved by the office")]
    undelivered_minutes: int
    gaps: list[GapView]


class WeekView(DeliveryView):
    running_undelivered_minutes: Annotated[int, Field(description="of all weeks up to and with this one")]


class TermView(DeliveryView):
    term: str


class ChildDeliveryView(DeliveryView):
    """The whole span, then its weeks and terms; as known at a moment, or now."""

    child_id: UUID
    known_at: AwareDatetime | None
    weeks: list[WeekView]
    terms: list[TermView]


@router.get(
    "/children/{child_id}/delivery",
    response_model=ChildDeliveryView,
    dependencies=[allows(*READERS), seen("child_history", "calendars")],
)
async def show_delivery(
    child_id: UUID,
    reads: Reads,
    since: Annotated[Day, Query(alias="from", description="first day")],
    until: Annotated[Day, Query(alias="to", description="last day")],
    known_at: Annotated[AwareDatetime | None, Query(description="as it was known then")] = None,
) -> dict[str, Any]:
    """Provision specified against contact delivered, by week and term, with the reasons for the gap.

    A school day's share is a fifth of the week's minutes; days without school ask for nothing.
    """
    if not since <= until <= since + timedelta(days=MOST_DAYS):
        raise Problem(422, "invalid_request", f"to: not before from, and at most {MOST_DAYS} days later")
    running = reads.running
    region, now = running.settings.region, running.clock.now()
    found = await reads(delivery_of, child_id, region, since, until, now=now, known_at=known_at)
    if found is None:
        raise NotFound("child", child_id)
    running_totals = accumulate(week.undelivered_minutes for week in found.weeks)
    return {
        **_shown(found.whole),
        "child_id": child_id,
        "known_at": known_at,
        "weeks": [
            {**_shown(week), "running_undelivered_minutes": total}
            for week, total in zip(found.weeks, running_totals, strict=True)
        ],
        "terms": [{**_shown(delivery), "term": term.name} for term, delivery in found.terms],
    }


def _shown(delivery: Delivery) -> dict[str, Any]:
    names = [name for name in DeliveryView.model_fields if name != "gaps"]
    told = {name: getattr(delivery, name) for name in names}
    return {**told, "gaps": [gap._asdict() for gap in delivery.gaps]}
