"""Facts in, rows out: who can be told, what is in each inbox, what became of it, and what falls due."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from services.notifications.domain.notification import NotificationFact
from shared.contracts.assignments.child import ChildAccepted
from shared.contracts.assignments.mentor import MentorEngaged
from shared.contracts.assignments.support_request import SupportRequestReceived
from shared.contracts.notifications.notification import (
    NotificationAcknowledged,
    NotificationFailed,
    NotificationQueued,
    NotificationRequested,
    NotificationSent,
)
from shared.contracts.notifications.recipient import RecipientDetails
from shared.contracts.sessions.session import SessionScheduled
from shared.contracts.words.telling import Channel
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Drop, Put, Row


def recipients(recorded: Recorded[RecipientDetails]) -> Iterator[Row]:
    """Who can be told something."""
    details = recorded.fact.model_dump()
    yield Put("recipients", {"recipient_id": details.pop("recipient_id")}, details)


def people(
    recorded: Recorded[SupportRequestReceived | ChildAccepted | MentorEngaged | SessionScheduled],
) -> Iterator[Row]:
    """Names and places, kept here only to be shown beside a notification to whoever may read it."""
    match recorded.fact:
        case SupportRequestReceived() as asked:
            yield Put(
                "children",
                {"child_id": asked.child_id},
                {"name": asked.child_name, "school_id": asked.school_id},
            )
        case ChildAccepted() as child:
            yield Put(
                "children", {"child_id": child.child_id}, {"name": child.name, "school_id": child.school_id}
            )
        case MentorEngaged() as mentor:
            yield Put("mentors", {"mentor_id": mentor.mentor_id}, {"name": mentor.name})
        case SessionScheduled() as session:
            yield Put(
                "sessions",
                {"session_id": session.session_id},
                {"starts_at": session.starts_at, "time_zone": session.time_zone},
            )


def inbox(recorded: Recorded[NotificationFact]) -> Iterator[Row]:
    """What each recipient was told, by which channels it went, and when a channel is to be tried again."""
    fact = recorded.fact
    match fact:
        case NotificationRequested():
            told = fact.model_dump(exclude={"notification_id", "channels", "held"})
            told["correlation_id"] = recorded.correlation_id
            yield Put("notifications", {"notification_id": fact.notification_id}, told)
            for channel in fact.channels:
                status, attempt = ("held", 0) if channel in fact.held else ("trying", 1)
                yield _delivery(fact.notification_id, channel, status, attempt, at=fact.requested_at)
        case NotificationQueued():
            yield _delivery(fact.notification_id, fact.channel, "trying", fact.attempt, at=fact.queued_at)
            yield _no_retry(fact.notification_id, fact.channel)
        case NotificationSent():
            yield _delivery(fact.notification_id, fact.channel, "sent", fact.attempt, at=fact.sent_at)
            yield _no_retry(fact.notification_id, fact.channel)
        case NotificationFailed(retry_at=None):
            yield _failure(fact, "dead")
            yield _no_retry(fact.notification_id, fact.channel)
        case NotificationFailed():
            yield _failure(fact, "waiting")
            yield Put(
                "due",
                _retry_key(fact.notification_id, fact.channel),
                {
                    "due_at": fact.retry_at,
                    "payload": {
                        "notification_id": str(fact.notification_id),
                        "channel": fact.channel,
                        "attempt": fact.attempt,
                    },
                },
            )
        case NotificationAcknowledged():
            yield Put(
                "notifications",
                {"notification_id": fact.notification_id},
                {"acknowledged_at": fact.acknowledged_at},
            )
            yield _no_retry(fact.notification_id, "email")  # who has read it needs no mail any more


def _delivery(notification_id: UUID, channel: Channel, status: str, attempt: int, **more: Any) -> Put:
    key = {"notification_id": notification_id, "channel": channel}
    return Put("deliveries", key, {"status": status, "attempt": attempt, "retry_at": None, **more})


def _failure(fact: NotificationFailed, status: str) -> Put:
    return _delivery(
        fact.notification_id,
        fact.channel,
        status,
        fact.attempt,
        at=fact.failed_at,
        reason=fact.reason,
        retry_at=fact.retry_at,
    )


def _retry_key(notification_id: UUID, channel: Channel) -> dict[str, str]:
    return {"kind": "notification_retry", "key": f"{notification_id}:{channel}"}


def _no_retry(notification_id: UUID, channel: Channel) -> Drop:
    return Drop("due", _retry_key(notification_id, channel))
