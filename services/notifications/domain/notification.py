"""One message to one recipient, and what became of it on each channel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID, uuid5

from services.notifications.domain.patience import retry_at
from shared.contracts.notifications.notification import (
    NotificationAcknowledged,
    NotificationFailed,
    NotificationQueued,
    NotificationRequested,
    NotificationSent,
)
from shared.contracts.words.telling import Channel, NotificationType
from shared.kernel.decider import Decider, Refused

_NOTIFICATIONS = UUID("8a1d7c52-3f4b-5e0a-8c56-0d2f9b7e6c11")


def notification_of(cause: UUID, recipient_id: UUID, type: NotificationType) -> UUID:
    """The id of what this recipient hears because of this fact: derived, so it exists once."""
    return uuid5(_NOTIFICATIONS, f"{cause}:{recipient_id}:{type}")


@dataclass(frozen=True, slots=True)
class RequestNotification:
    """This recipient is to hear of this."""

    requested: NotificationRequested


@dataclass(frozen=True, slots=True)
class RecordSent:
    """The channel took it, on this attempt."""

    channel: Channel
    attempt: int
    at: datetime


@dataclass(frozen=True, slots=True)
class RecordFailure:
    """The channel did not take it, on this attempt; `permanent` when trying again cannot help."""

    channel: Channel
    attempt: int
    reason: str
    permanent: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Retry:
    """The wait after this attempt is over: try the channel again."""

    channel: Channel
    attempt: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """The recipient has seen it."""

    by: UUID
    at: datetime


Command: TypeAlias = RequestNotification | RecordSent | RecordFailure | Retry | Acknowledge
NotificationFact: TypeAlias = (
    NotificationRequested
    | NotificationQueued
    | NotificationSent
    | NotificationFailed
    | NotificationAcknowledged
)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of it on one channel. `attempt` is the one under way, or the last one."""

    status: Literal["trying", "waiting", "sent", "dead"]
    attempt: int


@dataclass(frozen=True, slots=True)
class Notification:
    requested: NotificationRequested | None = None
    deliveries: Mapping[Channel, Delivery] = field(default_factory=dict)
    acknowledged: bool = False


def decide(state: Notification, command: Command) -> Sequence[NotificationFact]:
    asked = state.requested
    if isinstance(command, RequestNotification):
        return () if asked else (command.requested,)
    if asked is None:
        raise Refused("unknown_notification", "There is no such notification; look it up in the inbox.")
    if isinstance(command, Acknowledge):
        return _acknowledge(state, asked, command)
    delivery = state.deliveries.get(command.channel)
    if delivery is None:
        raise Refused("invalid_channel", f"This notification does not go out by {command.channel}.")
    match command:
        case RecordSent():
            return () if delivery.status == "sent" else (_sent(asked, command),)
        case RecordFailure() if delivery == Delivery("trying", command.attempt):
            return (_failed(asked, command),)
        case Retry() if delivery == Delivery("waiting", command.attempt) and not state.acknowledged:
            return (_queued(asked, command),)
        case RecordFailure() | Retry():
            return ()  # told twice, or too late to matter


def _acknowledge(
    state: Notification, asked: NotificationRequested, command: Acknowledge
) -> Sequence[NotificationFact]:
    if command.by != asked.recipient_id:
        raise Refused("not_your_notification", "Only the recipient can acknowledge a notification.")
    if state.acknowledged:
        return ()
    return (
        NotificationAcknowledged(
            notification_id=asked.notification_id,
            recipient_id=asked.recipient_id,
            acknowledged_at=command.at,
            alert_id=asked.alert_id,
            child_id=asked.child_id,
            mentor_id=asked.mentor_id,
        ),
    )


def _sent(asked: NotificationRequested, command: RecordSent) -> NotificationSent:
    return NotificationSent(
        notification_id=asked.notification_id,
        recipient_id=asked.recipient_id,
        channel=command.channel,
        attempt=command.attempt,
        sent_at=command.at,
        child_id=asked.child_id,
        mentor_id=asked.mentor_id,
    )


def _failed(asked: NotificationRequested, command: RecordFailure) -> NotificationFailed:
    return NotificationFailed(
        notification_id=asked.notification_id,
        recipient_id=asked.recipient_id,
        channel=command.channel,
        attempt=command.attempt,
        reason=command.reason,
        failed_at=command.at,
        retry_at=None if command.permanent else retry_at(command.attempt, command.at),
        child_id=asked.child_id,
        mentor_id=asked.mentor_id,
    )


def _queued(asked: NotificationRequested, command: Retry) -> NotificationQueued:
    return NotificationQueued(
        notification_id=asked.notification_id,
        recipient_id=asked.recipient_id,
        channel=command.channel,
        attempt=command.attempt + 1,
        queued_at=command.at,
        child_id=asked.child_id,
        mentor_id=asked.mentor_id,
    )


def evolve(state: Notification, fact: NotificationFact) -> Notification:
    match fact:
        case NotificationRequested():
            return Notification(fact, {channel: Delivery("trying", 1) for channel in fact.channels})
        case NotificationQueued():
            return _with(state, fact.channel, Delivery("trying", fact.attempt))
        case NotificationSent():
            return _with(state, fact.channel, Delivery("sent", fact.attempt))
        case NotificationFailed():
            status: Literal["waiting", "dead"] = "waiting" if fact.retry_at else "dead"
            return _with(state, fact.channel, Delivery(status, fact.attempt))
        case NotificationAcknowledged():
            return replace(state, acknowledged=True)


def _with(state: Notification, channel: Channel, delivery: Delivery) -> Notification:
    return replace(state, deliveries={**state.deliveries, channel: delivery})


notification: Decider[Notification, Command] = Decider("notification", Notification(), decide, evolve)
