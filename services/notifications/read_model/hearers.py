"""Who may hear of a fact, how they want to be told, and what they were told of the matter before."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Interval, Text, and_, column, func, or_, select, table
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifications.domain.announcements import Announced, Announcement, announcement
from services.notifications.domain.audience import may_hear
from services.notifications.domain.planning import Before, Hearer, Situation
from services.notifications.domain.preferences import Preferences
from services.notifications.read_model.tables import (
    children,
    deliveries,
    leavers,
    notifications,
    recipients,
    supports,
)
from shared.kernel.recorded import Recorded

_clock = table("clock", column("name", Text), column("ahead", Interval))  # the kernel's

REGIONAL = ("coordinator", "trainer", "compliance", "manager", "dsl", "operator")
"""The roles that hear of everything in their region; the others hear of whom they are linked to."""
LOOK_BACK = timedelta(days=31)
"""What was said of a matter longer ago is neither the same again nor waiting to go out."""


async def who_may_hear(db: AsyncConnection, recorded: Recorded[Announced]) -> Situation:
    """Every recipient of a role that hears of such a thing, to whom its region, child, mentor or school leads.

    Who was removed is left out, so that nobody is kept on record as untold for ever; but for mentors, whose ids
    are known without looking, and of whom it must be known.
    """
    said = announcement(recorded.fact)
    still_there = or_(recipients.c.removed_at.is_(None), recipients.c.role == "mentor")
    reached = or_(*_reached(said, recorded.region))
    found = await db.execute(
        select(recipients).where(reached, recipients.c.role.in_(sorted(may_hear(said))), still_there)
    )
    hearers = tuple(hearer(row) for row in found.mappings())
    before = await _said_before(db, said, recorded.recorded_at - LOOK_BACK)
    left_on = await db.scalar(select(leavers.c.left_on).where(leavers.c.mentor_id == said.mentor_id))
    return Situation(await _now(db), hearers, before, left_on)


def hearer(row: Any) -> Hearer:
    """A row of recipients as planning sees it."""
    return Hearer(
        row["recipient_id"],
        row["role"],
        row["language"],
        Preferences(**row["preferences"]) if row["preferences"] else Preferences(),
        has_phone=row["phone"] is not None,
        removed=row["removed_at"] is not None,
        child_id=row["child_id"],
    )


def _reached(said: Announcement, region: str) -> Iterable[ColumnElement[bool]]:
    yield (recipients.c.region == region) & recipients.c.role.in_(REGIONAL)
    told = said.told_mentors
    if told:
        yield recipients.c.mentor_id.in_(told)
    if said.child_id is not None:
        yield recipients.c.child_id == said.child_id
        yield (
            recipients.c.school_id
            == select(children.c.school_id).where(children.c.child_id == said.child_id).scalar_subquery()
        )
        if said.mentor_id is None and said.mentors is None:  # it is about the child: its mentors hear
            yield recipients.c.mentor_id == _any(supports.c.mentor_id, supports.c.child_id == said.child_id)
    elif said.mentor_id is not None:  # it is about the mentor: the children's parents and schools hear
        theirs = supports.c.mentor_id == said.mentor_id
        yield recipients.c.child_id == _any(supports.c.child_id, theirs)
        yield recipients.c.school_id == _any(supports.c.school_id, theirs)
    if said.school_id is not None:
        yield recipients.c.school_id == said.school_id


def _any(found: ColumnElement[Any], where: ColumnElement[bool]) -> ColumnElement[Any]:
    """Any of these, as an array: so that each arm of the question is answered from its own index."""
    return func.any(func.array(select(found).where(where).scalar_subquery()))


async def _said_before(db: AsyncConnection, said: Announcement, since: datetime) -> tuple[Before, ...]:
    pending = (
        select(1)
        .select_from(deliveries)
        .where(
            deliveries.c.notification_id == notifications.c.notification_id,
            deliveries.c.status.in_(("held", "waiting")),
        )
        .exists()
    )
    awaited = and_(
        notifications.c.acknowledge_by.is_not(None),
        notifications.c.acknowledged_at.is_(None),
        notifications.c.escalated_at.is_(None),
    )
    asked = select(
        notifications.c.notification_id,
        notifications.c.recipient_id,
        notifications.c.type,
        notifications.c.deduplication_key,
        notifications.c.requested_at,
        or_(pending, awaited).label("pending"),
    ).where(
        notifications.c.thread == said.thread,
        notifications.c.requested_at > since,
        notifications.c.suppressed.is_(None),
    )
    return tuple(Before(*row) for row in await db.execute(asked))


async def _now(db: AsyncConnection) -> datetime:
    """What time it is for this service, whose clock may have been moved in development."""
    ahead = select(_clock.c.ahead).where(_clock.c.name == "clock").scalar_subquery()
    now = await db.scalar(select(func.clock_timestamp() + func.coalesce(ahead, timedelta())))
    assert isinstance(now, datetime)
    return now
