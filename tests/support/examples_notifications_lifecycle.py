"""One valid example of every fact of how notifications are held, gathered, read and passed on."""

from datetime import timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from shared.contracts.fact import Fact
from shared.contracts.notifications.escalation import (
    DigestDue,
    DigestSent,
    NotificationEscalated,
    NotificationSuperseded,
    ReminderDue,
)
from shared.contracts.notifications.notification import (
    NotificationDelivered,
    NotificationRead,
    NotificationSuppressed,
)
from shared.contracts.notifications.recipient import PreferencesSet, RecipientRemoved
from tests.support.examples_notifications import ALERT, NOTIFICATION
from tests.support.people import CHILD, COORDINATOR, MENTOR, MONDAY_NINE, RECEIVED_AT, SESSION

NEWER: UUID = uuid5(NAMESPACE_URL, "example:Ruth hears that Grace is cleared again")
DIGEST: UUID = uuid5(NAMESPACE_URL, "example:Ruth's digest of that day")

EXAMPLES: tuple[Fact, ...] = (
    RecipientRemoved(recipient_id=COORDINATOR, removed_at=RECEIVED_AT + timedelta(days=300)),
    PreferencesSet(
        recipient_id=COORDINATOR,
        channels={"sessions": ("in_app",), "log_late": ("in_app", "email")},
        quiet_from="20:00",
        quiet_until="07:00",
        time_zone="Europe/London",
        digest="daily",
        digest_hour=17,
        language="en",
        set_at=RECEIVED_AT,
    ),
    NotificationSuppressed(
        notification_id=NOTIFICATION,
        recipient_id=COORDINATOR,
        why="duplicate",
        suppressed_at=RECEIVED_AT,
        child_id=CHILD,
        mentor_id=MENTOR,
    ),
    NotificationDelivered(
        notification_id=NOTIFICATION,
        recipient_id=COORDINATOR,
        channel="in_app",
        delivered_at=RECEIVED_AT + timedelta(minutes=2),
        child_id=CHILD,
        mentor_id=MENTOR,
    ),
    NotificationRead(
        notification_id=NOTIFICATION,
        recipient_id=COORDINATOR,
        read_at=RECEIVED_AT + timedelta(minutes=15),
        child_id=CHILD,
        mentor_id=MENTOR,
    ),
    NotificationEscalated(
        notification_id=NOTIFICATION,
        recipient_id=COORDINATOR,
        type="deployability_lost",
        to_role="manager",
        parameters={"stood_down_on": "2026-11-02", "shortfalls": "slt lapsed 2026-11-02"},
        thread=f"standing:{MENTOR}",
        alert_id=ALERT,
        escalated_at=RECEIVED_AT + timedelta(hours=1),
        mentor_id=MENTOR,
    ),
    NotificationSuperseded(
        notification_id=NOTIFICATION,
        recipient_id=COORDINATOR,
        by=NEWER,
        superseded_at=RECEIVED_AT + timedelta(hours=2),
        dropped=("email",),
        child_id=CHILD,
        mentor_id=MENTOR,
    ),
    DigestDue(digest_id=DIGEST, recipient_id=COORDINATOR, due_at=RECEIVED_AT + timedelta(hours=7)),
    DigestSent(
        digest_id=DIGEST,
        recipient_id=COORDINATOR,
        notification_ids=(NOTIFICATION,),
        sent_at=RECEIVED_AT + timedelta(hours=7),
    ),
    ReminderDue(
        reminder_id=uuid5(NAMESPACE_URL, "example:Grace is reminded of Monday"),
        type="session_reminder",
        thread=f"session:{SESSION}",
        parameters={"starts_at": MONDAY_NINE.isoformat(), "time_zone": "Europe/London"},
        due_at=MONDAY_NINE - timedelta(hours=16),
        useful_until=MONDAY_NINE,
        child_id=CHILD,
        mentor_id=MENTOR,
        session_id=SESSION,
    ),
)
