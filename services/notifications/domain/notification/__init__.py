"""One message to one recipient, and what became of it on each channel."""

from uuid import UUID, uuid5

from services.notifications.domain.notification.commands import (
    Acknowledge,
    Command,
    Escalate,
    MarkRead,
    RecordDelivered,
    RecordFailure,
    RecordSent,
    Release,
    RequestNotification,
    Retry,
    Supersede,
    Suppress,
    TryAgain,
)
from services.notifications.domain.notification.deciding import decide
from services.notifications.domain.notification.state import (
    Delivery,
    Notification,
    NotificationFact,
    evolve,
)
from shared.contracts.words.telling import NotificationType, RecipientRole
from shared.kernel.decider import Decider

__all__ = [
    "Acknowledge",
    "Command",
    "Delivery",
    "Escalate",
    "MarkRead",
    "Notification",
    "NotificationFact",
    "RecordDelivered",
    "RecordFailure",
    "RecordSent",
    "Release",
    "RequestNotification",
    "Retry",
    "Supersede",
    "Suppress",
    "TryAgain",
    "alert_of",
    "notification",
    "notification_of",
]

_NOTIFICATIONS = UUID("8a1d7c52-3f4b-5e0a-8c56-0d2f9b7e6c11")


def notification_of(cause: UUID, recipient_id: UUID, type: NotificationType) -> UUID:
    """The id of what this recipient hears because of this fact: derived, so it exists once."""
    return uuid5(_NOTIFICATIONS, f"{cause}:{recipient_id}:{type}")


def alert_of(cause: UUID, type: NotificationType, role: RecipientRole) -> UUID:
    """What all in one role hear because of one fact: one acknowledgement answers for all of them."""
    return uuid5(_NOTIFICATIONS, f"{cause}:{type}:all in {role}")


notification: Decider[Notification, Command] = Decider("notification", Notification(), decide, evolve)
