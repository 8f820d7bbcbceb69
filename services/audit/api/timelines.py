"""Timelines over HTTP."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel
from sqlalchemy.ext.asyncio import AsyncConnection

from services.audit.api.asking import Asking, Known, refusal
from services.audit.api.showing import AUDITORS, KeptFact, place, shown, start
from services.audit.read_model.known import Extent, NotWitnessed, extent
from services.audit.read_model.opening import opened
from services.audit.read_model.timelines import Found, Place, timeline_of_child, timeline_of_mentor
from services.audit.replay.answer import known, sealed
from services.audit.replay.effective import effective_on
from services.audit.subscriptions import SOURCES
from shared.kernel.call import allows, seen
from shared.kernel.paging import Cursor, Limit, page
from shared.kernel.sight import sight

router = APIRouter(tags=["timelines"], dependencies=[allows(*AUDITORS), seen("ledger", "supports")])

FOLD = "timeline/2"

Until = Annotated[
    date | None, Query(alias="on", description="only what has its effect that day or before; default: all")
]


class Told(KeptFact):
    """A fact, and from which day on it has its effect by its own dates."""

    effective_on: date


class Rests(BaseModel):
    """Up to which position of each service things were known, and how many facts the page tells of."""

    positions: dict[str, int]
    facts: int


class Timeline(BaseModel):
    """One page of a timeline, as known at `known_at`; pass that along to read on in the same knowledge.

    `result_sha256` is over the rest of it without `ledger` and `next`, as JSON with sorted keys and no spaces.
    """

    items: list[Told]
    next: str | None
    known_at: AwareDatetime
    on: date | None
    verified: bool
    fold: str
    opens: list[str]
    rests_on: Rests
    ledger: dict[str, Any] | None
    result_sha256: str


@router.get("/timelines/children/{child_id}")
async def child(
    child_id: UUID, asking: Known, on: Until = None, cursor: Cursor = None, limit: Limit = 100
) -> Timeline:
    """Every fact that concerns the child, across services, in the order in which they were recorded.

    `through` names the mentor when a fact belongs here only because that mentor was assigned to the child. With
    `on` a page may hold fewer facts than `limit`: those that have their effect later are left out of it.
    """
    return await _timeline(asking, "child", child_id, on, cursor, limit)


@router.get("/timelines/mentors/{mentor_id}")
async def mentor(
    mentor_id: UUID, asking: Known, on: Until = None, cursor: Cursor = None, limit: Limit = 100
) -> Timeline:
    """Every fact that concerns the mentor, across services, in the order in which they were recorded."""
    return await _timeline(asking, "mentor", mentor_id, on, cursor, limit)


async def _timeline(
    asking: Asking,
    kind: Literal["child", "mentor"],
    subject_id: UUID,
    on: date | None,
    cursor: str | None,
    limit: int,
) -> Timeline:
    try:
        found, rows = await asking.reads(
            _look_up, kind, subject_id, asking.moment, asking.verified, start(cursor), limit + 1
        )
    except NotWitnessed as refused:
        raise refusal(refused) from None
    # Personal fields are opened as far as the caller may see them, for this one child or mentor.
    open_rows = await opened(asking.reads.running.sealer, rows, sight().opens)
    told = page([_told(shown(row)) for row in open_rows], limit, place)
    items = [one for one in told["items"] if on is None or one.effective_on <= on]
    answer = {
        **known(found.known.at, found.verified, FOLD, sight().opens),
        "on": on.isoformat() if on else None,
        "rests_on": {"positions": found.positions, "facts": len(items)},
        "items": [one.model_dump(mode="json") for one in items],
    }
    whole = sealed(answer, found.tree.told() if found.tree else None)
    return Timeline.model_validate({**whole, "items": items, "next": told["next"]})


async def _look_up(
    db: AsyncConnection,
    kind: str,
    subject_id: UUID,
    moment: datetime,
    verified: bool,
    after: Place | None,
    limit: int,
) -> tuple[Extent, Found]:
    found = await extent(db, moment, SOURCES, verified)
    of = timeline_of_child if kind == "child" else timeline_of_mentor
    # Where the moment alone decides, nothing has to be compared with positions.
    up_to = found.known.up_to if verified else None
    return found, await of(db, subject_id, known_at=moment, up_to=up_to, after=after, limit=limit)


def _told(fact: KeptFact) -> Told:
    effective = effective_on(fact.type, fact.data, fact.recorded_at)
    return Told(**fact.model_dump(), effective_on=effective)
