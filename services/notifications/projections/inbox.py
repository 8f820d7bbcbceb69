"""What each recipient was told, by which channels it went, and what of it falls due."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from services.notifications.domain.notification import NotificationFact
from shared.contracts.notifications.escalation import (
    DigestSent,
    NotificationEscalated,
    NotificationSuperseded,
)
from shared.contracts.notifications.notification import (
    NotificationAcknowledged,
    NotificationDelivered,
    NotificationFailed,
    NotificationQueued,
    NotificationRead,
    NotificationRequested,
    NotificationSent,
    NotificationSuppressed,
)
from shared.contracts.words.telling import Channel
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Drop, Put, Row

_ELSEWHERE = {"notification_id", "channels", "held", "escalates_to"}
"""Of what was requested: what is not a column of the notification."""


def inbox(recorded: Recorded[NotificationFact]) -> Iterator[Row]:
    """Each notification with its deliveries."""
    fact = recorded.fact
    if isinstance(fact, DigestSent):
        return  # tells nothing that the notifications' own facts do not
    key = {"notification_id": fact.notification_id}
    match fact:
        case NotificationRequested():
            kept = fact.model_dump(exclude=_ELSEWHERE)
            kept["correlation_id"] = recorded.correlation_id
            kept["in_inbox"] = "in_app" in fact.channels
            yield Put("notifications", key, kept)
            yield from _begin(fact)
        case NotificationSuppressed():
            yield Put("notifications", key, {"suppressed": fact.why})
            yield from _dropped(fact, fact.dropped, fact.suppressed_at)
        case NotificationSuperseded():
            yield Put("notifications", key, {"superseded_by": fact.by})
            yield from _dropped(fact, fact.dropped, fact.superseded_at)
        case NotificationQueued():
            yield _delivery(
                fact, fact.channel, "trying", attempt=fact.attempt, at=fact.queued_at, retry_at=None
            )
            yield _no_retry(fact.notification_id, fact.channel)
            yield Drop("due", _release_key(fact.notification_id))
        case NotificationSent():
            yield _delivery(fact, fact.channel, "sent", attempt=fact.attempt, at=fact.sent_at, retry_at=None)
            yield _no_retry(fact.notification_id, fact.channel)
        case NotificationDelivered():
            yield _delivery(fact, fact.channel, "delivered", delivered_at=fact.delivered_at)
        case NotificationFailed():
            yield from _failed(fact)
        case NotificationRead():
            yield Put("notifications", key, {"read_at": fact.read_at})
            yield from _dropped(fact, fact.dropped, fact.read_at)
        case NotificationAcknowledged():
            yield Put("notifications", key, {"acknowledged_at": fact.acknowledged_at})
            yield from _dropped(fact, fact.dropped, fact.acknowledged_at)
            yield Drop("due", {"kind": "notification_escalation", "key": str(fact.alert_id)})
        case NotificationEscalated():
            yield Put("notifications", key, {"escalated_at": fact.escalated_at})


def _begin(asked: NotificationRequested) -> Iterator[Row]:
    for channel in asked.channels:
        held = channel in asked.held
        status, attempt = ("held", 0) if held else ("trying", 1)
        yield _delivery(asked, channel, status, attempt=attempt, at=asked.requested_at)
    payload = {"notification_id": str(asked.notification_id)}
    if asked.held_for == "quiet_hours":
        due = {"due_at": asked.deliver_after, "payload": payload}
        yield Put("due", _release_key(asked.notification_id), due)
    if asked.held_for == "digest" and asked.deliver_after is not None:
        name = f"{asked.recipient_id}:{asked.deliver_after.isoformat()}"
        due = {"due_at": asked.deliver_after, "payload": {"recipient_id": str(asked.recipient_id)}}
        yield Put("due", {"kind": "digest", "key": name}, due)
    if asked.acknowledge_by is not None:
        due = {"due_at": asked.acknowledge_by, "payload": payload}
        yield Put("due", {"kind": "notification_escalation", "key": str(asked.alert_id)}, due)


def _failed(fact: NotificationFailed) -> Iterator[Row]:
    status = "waiting" if fact.retry_at else "dead"
    yield _delivery(
        fact,
        fact.channel,
        status,
        attempt=fact.attempt,
        at=fact.failed_at,
        reason=fact.reason,
        retry_at=fact.retry_at,
    )
    if fact.retry_at is None:
        yield _no_retry(fact.notification_id, fact.channel)
        return
    payload = {
        "notification_id": str(fact.notification_id),
        "channel": fact.channel,
        "attempt": fact.attempt,
    }
    key = _retry_key(fact.notification_id, fact.channel)
    yield Put("due", key, {"due_at": fact.retry_at, "payload": payload})


def _dropped(fact: Any, channels: Iterable[Channel], at: Any) -> Iterator[Row]:
    """What had not gone out on these channels does not go out any more."""
    for channel in channels:
        yield _delivery(fact, channel, "dropped", at=at, retry_at=None)
        yield _no_retry(fact.notification_id, channel)
        yield Drop("due", _release_key(fact.notification_id))


def _delivery(fact: Any, channel: Channel, status: str, **more: Any) -> Put:
    key = {"notification_id": fact.notification_id, "channel": channel}
    return Put("deliveries", key, {"recipient_id": fact.recipient_id, "status": status, **more})


def _release_key(notification_id: UUID) -> dict[str, str]:
    return {"kind": "notification_release", "key": str(notification_id)}


def _retry_key(notification_id: UUID, channel: Channel) -> dict[str, str]:
    return {"kind": "notification_retry", "key": f"{notification_id}:{channel}"}


def _no_retry(notification_id: UUID, channel: Channel) -> Drop:
    return Drop("due", _retry_key(notification_id, channel))
