"""What waits to go out to a recipient."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifications.policies.digests import Gathered
from services.notifications.read_model.hearers import hearer
from services.notifications.read_model.tables import deliveries, notifications, recipients
from shared.contracts.notifications.escalation import DigestDue
from shared.contracts.notifications.recipient import RecipientRemoved
from shared.kernel.recorded import Recorded


async def gathered(db: AsyncConnection, recorded: Recorded[DigestDue]) -> Gathered:
    """What waits for this recipient's digest of that hour, oldest first."""
    due = recorded.fact
    found = await db.execute(select(recipients).where(recipients.c.recipient_id == due.recipient_id))
    row = found.mappings().one_or_none()
    asked = (
        select(notifications.c.notification_id)
        .join(deliveries, deliveries.c.notification_id == notifications.c.notification_id)
        .where(
            deliveries.c.recipient_id == due.recipient_id,
            deliveries.c.status == "held",
            notifications.c.held_for == "digest",
            notifications.c.deliver_after <= due.due_at,
        )
        .order_by(notifications.c.requested_at, notifications.c.notification_id)
    )
    unsent = (
        select(notifications.c.notification_id)
        .join(deliveries, deliveries.c.notification_id == notifications.c.notification_id)
        .where(
            deliveries.c.recipient_id == due.recipient_id,
            deliveries.c.status == "waiting",
            notifications.c.type == "digest",
            notifications.c.notification_id != due.digest_id,
        )
        .order_by(notifications.c.requested_at, notifications.c.notification_id)
    )
    return Gathered(
        hearer(row) if row else None,
        tuple((await db.execute(asked)).scalars()),
        tuple((await db.execute(unsent)).scalars()),
    )


async def waiting(db: AsyncConnection, recorded: Recorded[RecipientRemoved]) -> tuple[UUID, ...]:
    """The notifications to this recipient of which something has not gone out."""
    asked = (
        select(deliveries.c.notification_id)
        .where(
            deliveries.c.recipient_id == recorded.fact.recipient_id,
            deliveries.c.status.in_(("held", "waiting")),
        )
        .distinct()
        .order_by(deliveries.c.notification_id)
    )
    return tuple((await db.execute(asked)).scalars())
