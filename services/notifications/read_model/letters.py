"""What a channel needs to write to somebody: the notification, the recipient, and whom it is about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Interval, Select, Text, and_, bindparam, column, func, select, table
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifications.read_model.tables import (
    children,
    deliveries,
    mentors,
    notifications,
    recipients,
    sessions,
)
from shared.contracts.words.telling import Channel

_clock = table("clock", column("name", Text), column("ahead", Interval))  # the kernel's


@dataclass(frozen=True, slots=True)
class Told:
    """One notification as a text needs it; the names are full, letters shorten them."""

    type: str
    parameters: Mapping[str, str]
    urgent: bool
    needs_acknowledgement: bool
    child: str | None
    mentor: str | None
    session_at: datetime | None
    session_zone: str | None


@dataclass(frozen=True, slots=True)
class To:
    """The recipient, as known now."""

    recipient_id: UUID
    role: str
    name: str
    email: str
    phone: str | None
    region: str
    zone: str | None
    removed: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits on a channel: on which attempt, for whom (None: nobody who is known yet), and `now`.

    `now` is the time of this service, whose clock may have been moved in development. `includes` are those
    that a digest tells of.
    """

    notification_id: UUID
    language: str
    told: Told
    to: To | None
    status: str
    attempt: int
    now: datetime
    includes: tuple[Told, ...] = field(default=())


def _told() -> Select[Any]:
    """Notifications with the names of whom they are about."""
    return (
        select(
            notifications.c.type,
            notifications.c.parameters,
            notifications.c.urgent,
            notifications.c.needs_acknowledgement,
            children.c.name.label("child"),
            mentors.c.name.label("mentor"),
            sessions.c.starts_at.label("session_at"),
            sessions.c.time_zone.label("session_zone"),
        )
        .select_from(notifications)
        .join(children, children.c.child_id == notifications.c.child_id, isouter=True)
        .join(mentors, mentors.c.mentor_id == notifications.c.mentor_id, isouter=True)
        .join(sessions, sessions.c.session_id == notifications.c.session_id, isouter=True)
    )


_ahead = select(_clock.c.ahead).where(_clock.c.name == "clock").scalar_subquery()
_waiting = (
    _told()
    .add_columns(
        notifications.c.notification_id,
        notifications.c.language,
        notifications.c.includes,
        recipients,
        deliveries.c.status,
        deliveries.c.attempt,
        (func.clock_timestamp() + func.coalesce(_ahead, timedelta())).label("now"),
    )
    .join(
        deliveries,
        and_(
            deliveries.c.notification_id == notifications.c.notification_id,
            deliveries.c.channel == bindparam("on_channel"),
        ),
    )
    .join(recipients, recipients.c.recipient_id == notifications.c.recipient_id, isouter=True)
    .where(notifications.c.notification_id == bindparam("which"))
)
_included = (
    _told()
    .where(notifications.c.notification_id.in_(bindparam("which", expanding=True)))
    .order_by(notifications.c.requested_at, notifications.c.notification_id)
)


async def waiting(db: AsyncConnection, notification_id: UUID, channel: Channel) -> Waiting | None:
    """What waits there; None when this notification never goes out by that channel."""
    found = await db.execute(_waiting, {"which": notification_id, "on_channel": channel})
    first = found.mappings().one_or_none()
    if first is None:
        return None
    row = dict(first)
    includes: Sequence[Any] = ()
    if row["includes"]:
        asked = await db.execute(_included, {"which": [UUID(each) for each in row["includes"]]})
        includes = asked.mappings().all()
    return Waiting(
        notification_id,
        row["language"],
        _one(row),
        _to(row),
        row["status"],
        row["attempt"],
        row["now"],
        tuple(_one(dict(each)) for each in includes),
    )


def _one(row: Mapping[str, Any]) -> Told:
    return Told(**{name: row[name] for name in Told.__slots__})


def _to(row: Mapping[str, Any]) -> To | None:
    if row["recipient_id"] is None:
        return None
    return To(
        row["recipient_id"],
        row["role"],
        row["name"],
        row["email"],
        row["phone"],
        row["region"],
        (row["preferences"] or {}).get("time_zone"),
        row["removed_at"] is not None,
    )
