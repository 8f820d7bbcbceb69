"""What is said because of our own facts: somebody is to be reminded, or nobody has acknowledged."""

from typing import TypeAlias

from services.notifications.domain.announcements.announcement import Announcement
from shared.contracts.notifications.escalation import NotificationEscalated, ReminderDue

OwnFact: TypeAlias = ReminderDue | NotificationEscalated


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
