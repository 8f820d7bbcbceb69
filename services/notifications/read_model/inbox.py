"""What a recipient has been told, newest first; and what became of each notification."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Select,
    Uuid,
    and_,
    func,
    literal,
    literal_column,
    select,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifications.read_model.tables import (
    children,
    deliveries,
    mentors,
    notifications,
    recipients,
    sessions,
)

Found: TypeAlias = Sequence[dict[str, Any]]
Place: TypeAlias = tuple[datetime, UUID]
"""Where a page ended: when its last notification was requested, and its id."""

CONCERN = "safeguarding_concern"
"""That there is one is known to the designated safeguarding leads alone, whoever else may read inboxes."""

_deliveries = (
    select(
        func.coalesce(
            func.json_agg(
                func.json_build_object(
                    "channel", deliveries.c.channel,
                    "status", deliveries.c.status,
                    "attempt", deliveries.c.attempt,
                    "at", deliveries.c.at,
                    "reason", deliveries.c.reason,
                    "retry_at", deliveries.c.retry_at,
                    "delivered_at", deliveries.c.delivered_at,
                )
            ),
            literal_column("'[]'::json"),
        )
    )
    .where(deliveries.c.notification_id == notifications.c.notification_id)
    .scalar_subquery()
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which notifications are asked for; None asks for all. `status` is that of any of its channels.

    `inbox`: only what is shown in the application. `concerns`: whether the caller may know of concerns.
    """

    recipient_id: UUID | None = None
    type: str | None = None
    category: str | None = None
    status: str | None = None
    suppressed: str | None = None
    child_id: UUID | None = None
    mentor_id: UUID | None = None
    urgent: bool | None = None
    unread: bool = False
    unacknowledged: bool = False
    inbox: bool = False
    concerns: bool = False

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        for name in ("recipient_id", "type", "category", "suppressed", "child_id", "mentor_id", "urgent"):
            value = getattr(self, name)
            if value is not None:
                yield notifications.c[name] == value
        if self.unread:
            yield notifications.c.read_at.is_(None) & notifications.c.acknowledged_at.is_(None)
        if self.unacknowledged:
            yield notifications.c.needs_acknowledgement & notifications.c.acknowledged_at.is_(None)
        if self.inbox:
            yield notifications.c.in_inbox
        if not self.concerns:
            yield notifications.c.type != CONCERN
        if self.status is not None:
            on_a_channel = and_(
                deliveries.c.notification_id == notifications.c.notification_id,
                deliveries.c.status == self.status,
            )
            yield select(1).select_from(deliveries).where(on_a_channel).exists()


def _shown() -> Select[Any]:
    """A notification with the names of whom it is about, and its deliveries."""
    return (
        select(
            notifications,
            recipients.c.role.label("recipient_role"),
            children.c.name.label("child_name"),
            mentors.c.name.label("mentor_name"),
            sessions.c.starts_at.label("session_at"),
            sessions.c.time_zone.label("session_zone"),
            _deliveries.label("deliveries"),
        )
        .join(recipients, recipients.c.recipient_id == notifications.c.recipient_id, isouter=True)
        .join(children, children.c.child_id == notifications.c.child_id, isouter=True)
        .join(mentors, mentors.c.mentor_id == notifications.c.mentor_id, isouter=True)
        .join(sessions, sessions.c.session_id == notifications.c.session_id, isouter=True)
    )


async def told(db: AsyncConnection, wanted: Wanted, *, after: Place | None, limit: int) -> Found:
    """What was told, newest first."""
    asked = _shown().where(*wanted.conditions())
    order = tuple_(notifications.c.requested_at, notifications.c.notification_id)
    if after is not None:
        asked = asked.where(
            order < tuple_(literal(after[0], DateTime(timezone=True)), literal(after[1], Uuid()))
        )
    asked = asked.order_by(notifications.c.requested_at.desc(), notifications.c.notification_id.desc())
    return [dict(row) for row in (await db.execute(asked.limit(limit))).mappings()]


async def find_notification(
    db: AsyncConnection, notification_id: UUID, *, concerns: bool = False
) -> dict[str, Any] | None:
    """One notification; None also when it is of a concern and the caller may not know."""
    asked = _shown().where(notifications.c.notification_id == notification_id)
    if not concerns:
        asked = asked.where(notifications.c.type != CONCERN)
    row = (await db.execute(asked)).mappings().one_or_none()
    return dict(row) if row else None


async def unread_count(db: AsyncConnection, recipient_id: UUID, *, concerns: bool) -> int:
    """How many of this inbox nobody has opened yet."""
    wanted = Wanted(recipient_id=recipient_id, unread=True, inbox=True, concerns=concerns)
    asked = select(func.count()).select_from(notifications).where(*wanted.conditions())
    return int(await db.scalar(asked) or 0)
