"""Which timetables there are, and what of a timetable could not be planned, and why."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.sessions.domain.expansion import find
from services.sessions.domain.occasions import Occasion, occasions
from services.sessions.domain.permission import school_day
from services.sessions.policies.timetables import Drawn
from services.sessions.read_model.planning import draw
from services.sessions.read_model.tables.pay import session_accounts as accounts
from services.sessions.read_model.tables.timetables import timetable_versions, timetables

Found = Sequence[dict[str, Any]]
Row = dict[str, Any]
FREE = ("cancelled", "missed", "voided")
"""States of a session that leave its time to others."""


async def set_timetables(
    db: AsyncConnection, which: dict[str, UUID], *, after: UUID | None, limit: int
) -> Found:
    """Timetables in the order in which they were first set; `which` names columns and the ids wanted."""
    asked = select(timetables).order_by(timetables.c.timetable_id).limit(limit)
    for name, value in which.items():
        asked = asked.where(timetables.c[name] == value)
    if after is not None:
        asked = asked.where(timetables.c.timetable_id > after)
    return [dict(row) for row in (await db.execute(asked)).mappings()]


async def find_timetable(db: AsyncConnection, timetable_id: UUID) -> Row | None:
    """One timetable as it is now, with what was set before."""
    found = await db.execute(select(timetables).where(timetables.c.timetable_id == timetable_id))
    row = found.mappings().one_or_none()
    if row is None:
        return None
    v = timetable_versions.c
    asked = select(timetable_versions).where(v.timetable_id == timetable_id).order_by(v.position)
    return {**row, "versions": [dict(version) for version in (await db.execute(asked)).mappings()]}


async def outlook(
    db: AsyncConnection, timetable_id: UUID, region: str, now: datetime
) -> tuple[list[Row], list[Row]]:
    """The sessions to come that are planned, and the slots to come that are not, each with the reason."""
    drawn = await draw(db, timetable_id, region)
    if drawn is None or not drawn.known.versions:
        return [], []
    today = school_day(now, drawn.known.versions[-1].time_zone)
    coming = [made for made in drawn.made if made.state == "coming" and made.starts_at > now]
    planned = [
        {"session_id": made.session_id, "starts_at": made.starts_at, "ends_at": made.ends_at}
        for made in coming
    ]
    missing = [
        await _why(db, drawn, occasion)
        for occasion in occasions(drawn.known, today, today)
        if occasion.starts_at > now and _unplanned(drawn, occasion)
    ]
    return planned, missing


def _unplanned(drawn: Drawn, occasion: Occasion) -> bool:
    made = {session.session_id: session for session in drawn.made}
    return find(occasion, drawn.known.timetable_id, made)[0] is None


async def _why(db: AsyncConnection, drawn: Drawn, occasion: Occasion) -> Row:
    told: Row = {"day": occasion.day, "starts_at": occasion.starts_at, "ends_at": occasion.ends_at}
    if occasion.hindrance:
        return {**told, "why": occasion.hindrance, "detail": occasion.detail, "session_id": None}
    in_the_way = await _in_the_way(db, occasion)
    if in_the_way is None:
        detail = "it is being planned; if it stays so, ask for it again"
        return {**told, "why": "not_yet_planned", "detail": detail, "session_id": None}
    who = "the child has" if in_the_way["child_id"] == drawn.known.child_id else "the mentor has"
    detail = f"{who} another session from {in_the_way['starts_at'].isoformat()}; move one of them"
    return {**told, "why": "session_overlaps", "detail": detail, "session_id": in_the_way["session_id"]}


async def _in_the_way(db: AsyncConnection, occasion: Occasion) -> Row | None:
    """Another session of the mentor or the child in that time."""
    support = occasion.support
    assert support is not None, "without anybody there is a hindrance"
    a = accounts.c
    asked = (
        select(a.session_id, a.child_id, a.starts_at)
        .where(
            or_(a.mentor_id == support.mentor_id, a.child_id == support.child_id),
            and_(a.starts_at < occasion.ends_at, a.ends_at > occasion.starts_at),
            a.state.not_in(FREE),
        )
        .order_by(a.starts_at)
        .limit(1)
    )
    row = (await db.execute(asked)).mappings().one_or_none()
    return dict(row) if row else None
