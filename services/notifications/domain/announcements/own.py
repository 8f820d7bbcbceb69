"""What is said because of our own facts: somebody is to be reminded, or nobody has acknowledged."""

from typing import TypeAlias

from services.notifications.domain.announcements.announcement import Announcement, plain
from shared.contracts.notifications.escalation import NotificationEscalated, ReminderDue
from shared.contracts.notifications.webhook import WebhookDisabled, WebhookFailing

OwnFact: TypeAlias = ReminderDue | NotificationEscalated | WebhookFailing | WebhookDisabled


def said_of_own(fact: OwnFact) -> Announcement:
    match fact:
        case ReminderDue():
            return Announcement(
                fact.type,
                fact.thread,
                fact.parameters,
                said=fact.due_at.isoformat(),
                useful_until=fact.useful_until,
                child_id=fact.child_id,
                mentor_id=fact.mentor_id,
                school_id=fact.school_id,
                session_id=fact.session_id,
            )
        case NotificationEscalated():
            return Announcement(
                fact.type,
                fact.thread,
                fact.parameters,
                said=f"after {fact.notification_id}",
                child_id=fact.child_id,
                mentor_id=fact.mentor_id,
                session_id=fact.session_id,
                only_role=fact.to_role,
                escalated_from=fact.notification_id,
            )
        case WebhookFailing():
            return Announcement(
                "webhook_failing",
                f"webhook:{fact.endpoint_id}",
                plain(owner=fact.owner, host=fact.host, disabled_from_at=fact.disabled_from),
                useful_until=fact.disabled_from,
            )
        case WebhookDisabled():
            return Announcement(
                "webhook_dead_lettered",
                f"webhook:{fact.endpoint_id}",
                plain(owner=fact.owner, host=fact.host, why=fact.why),
                said=fact.disabled_at.isoformat(),
            )
