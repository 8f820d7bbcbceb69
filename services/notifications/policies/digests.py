"""What was gathered for a recipient goes out as one message, and is then sent."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from services.notifications.domain.catalogue import CATALOGUE
from services.notifications.domain.notification import (
    RecordSent,
    RequestNotification,
    Supersede,
    notification,
)
from services.notifications.domain.planning import Hearer
from shared.contracts.notifications.escalation import DigestDue, DigestSent
from shared.contracts.notifications.notification import NotificationRequested
from shared.contracts.words.telling import SuppressedBecause
from shared.kernel.projection import Issue
from shared.kernel.recorded import Recorded


@dataclass(frozen=True, slots=True)
class Gathered:
    """Whose digest it is, what waits for it, and the digests before it that have not gone out."""

    hearer: Hearer | None
    notification_ids: tuple[UUID, ...]
    unsent: tuple[UUID, ...] = ()


def gather(recorded: Recorded[DigestDue], found: Gathered) -> Iterator[Issue]:
    """One notification of everything that waited; none when nothing did.

    It tells also what an earlier digest would have told, which therefore need not go out any more.
    """
    due, hearer = recorded.fact, found.hearer
    if hearer is None or not found.notification_ids:
        return
    requested = NotificationRequested(
        notification_id=due.digest_id,
        recipient_id=due.recipient_id,
        type="digest",
        category=CATALOGUE["digest"].category,
        urgent=False,
        language=hearer.language,
        parameters={"count": str(len(found.notification_ids))},
        channels=CATALOGUE["digest"].channels,
        deduplication_key=f"digest:{due.digest_id}",
        thread=f"digest:{due.recipient_id}",
        includes=found.notification_ids,
        cause=recorded.id,
        requested_at=recorded.recorded_at,
    )
    suppress: SuppressedBecause | None = "recipient_removed" if hearer.removed else None
    yield Issue(notification, due.digest_id, RequestNotification(requested, suppress))
    if suppress is None:
        for earlier in found.unsent:
            yield Issue(notification, earlier, Supersede(due.digest_id, recorded.recorded_at))


def settle(recorded: Recorded[DigestSent], _: None) -> Iterator[Issue]:
    """Each of them has gone out by mail, with the digest."""
    sent = recorded.fact
    for notification_id in sent.notification_ids:
        yield Issue(notification, notification_id, RecordSent("email", 1, sent.sent_at))
