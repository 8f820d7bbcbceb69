"""How a message finds its recipient, and what the text of it needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Interval, Text, column, func, select, table
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifications.read_model.tables import (
    children,
    mentors,
    notifications,
    recipients,
    sessions,
)
from shared.contracts.notifications.notification import NotificationQueued, NotificationRequested
from shared.contracts.words.telling import Language, NotificationType
from shared.kernel.recorded import Recorded

_clock = table("clock", column("name", Text), column("ahead", Interval))  # the kernel's


@dataclass(frozen=True, slots=True)
class Addressee:
    """What a channel needs beside the fact: where to send it, and what it is about, for people."""

    name: str
    email: str
    phone: str | None
    region: str
    type: NotificationType
    language: Language
    parameters: Mapping[str, str]
    urgent: bool
    about_child: str | None
    about_mentor: str | None
    session_at: datetime | None
    session_zone: str | None


async def addressee(
    db: AsyncConnection, recorded: Recorded[NotificationRequested | NotificationQueued]
) -> Addressee | None:
    """Where this notification goes, as known now; None while the read model does not know yet."""
    fact = recorded.fact
    recipient = (
        await db.execute(
            select(recipients).where(
                recipients.c.recipient_id == fact.recipient_id, recipients.c.removed_at.is_(None)
            )
        )
    ).one_or_none()
    words = fact if isinstance(fact, NotificationRequested) else await _kept(db, fact.notification_id)
    if recipient is None or words is None:
        return None
    session = (
        await db.execute(
            select(sessions.c.starts_at, sessions.c.time_zone).where(
                sessions.c.session_id == words.session_id
            )
        )
    ).one_or_none()
    return Addressee(
        name=recipient.name,
        email=recipient.email,
        phone=recipient.phone,
        region=recipient.region,
        type=words.type,
        language=words.language,
        parameters=words.parameters,
        urgent=words.urgent,
        about_child=await db.scalar(select(children.c.name).where(children.c.child_id == words.child_id)),
        about_mentor=await db.scalar(select(mentors.c.name).where(mentors.c.mentor_id == words.mentor_id)),
        session_at=session.starts_at if session else None,
        session_zone=session.time_zone if session else None,
    )


async def time_of_service(db: AsyncConnection) -> datetime:
    """What time it is for this service, whose clock may have been moved in development."""
    ahead = select(_clock.c.ahead).where(_clock.c.name == "clock").scalar_subquery()
    now = await db.scalar(select(func.clock_timestamp() + func.coalesce(ahead, timedelta())))
    assert isinstance(now, datetime)
    return now


async def _kept(db: AsyncConnection, notification_id: UUID) -> Any:
    """The notification as the inbox has it."""
    asked = select(notifications).where(notifications.c.notification_id == notification_id)
    return (await db.execute(asked)).one_or_none()


async def included(db: AsyncConnection, ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """The notifications that a digest tells of, oldest first."""
    asked = select(notifications).where(notifications.c.notification_id.in_(ids))
    found = await db.execute(asked.order_by(notifications.c.requested_at, notifications.c.notification_id))
    return [dict(row) for row in found.mappings()]
