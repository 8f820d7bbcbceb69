"""One valid example of every fact of the notifications service."""

from datetime import timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from shared.contracts.fact import Fact
from shared.contracts.notifications.notification import (
    NotificationAcknowledged,
    NotificationFailed,
    NotificationQueued,
    NotificationRequested,
    NotificationSent,
)
from shared.contracts.notifications.recipient import RecipientDetailsChanged, RecipientRegistered
from tests.support.people import CHILD, COORDINATOR, MENTOR, RECEIVED_AT

CAUSE: UUID = uuid5(NAMESPACE_URL, "example:Grace is stood down")
NOTIFICATION: UUID = uuid5(NAMESPACE_URL, "example:Ruth hears that Grace is stood down")
ALERT: UUID = uuid5(NAMESPACE_URL, "example:coordinators hear that Grace is stood down")

EXAMPLES: tuple[Fact, ...] = (
    RecipientRegistered(
        recipient_id=COORDINATOR,
        role="coordinator",
        name="Ruth Bello",
        email="ruth.bello@example.org",
        region="uk-london",
    ),
    RecipientDetailsChanged(
        recipient_id=COORDINATOR,
        role="coordinator",
        name="Ruth Bello-Marsh",
        email="ruth.marsh@example.org",
        region="uk-london",
    ),
    NotificationRequested(
        notification_id=NOTIFICATION,
        recipient_id=COORDINATOR,
        type="deployability_lost",
        category="safety",
        urgent=True,
        parameters={"stood_down_on": "2026-11-02", "shortfalls": "slt lapsed 2026-11-02"},
        channels=("in_app", "email"),
        deduplication_key=f"deployability_lost:standing:{MENTOR}",
        thread=f"standing:{MENTOR}",
        needs_acknowledgement=True,
        acknowledge_by=RECEIVED_AT + timedelta(hours=1),
        escalates_to="manager",
        alert_id=ALERT,
        cause=CAUSE,
        requested_at=RECEIVED_AT,
        child_id=CHILD,
        mentor_id=MENTOR,
    ),
    NotificationQueued(
        notification_id=NOTIFICATION,
        recipient_id=COORDINATOR,
        channel="email",
        attempt=2,
        queued_at=RECEIVED_AT + timedelta(seconds=30),
        child_id=CHILD,
        mentor_id=MENTOR,
    ),
    NotificationSent(
        notification_id=NOTIFICATION,
        recipient_id=COORDINATOR,
        channel="email",
        attempt=2,
        sent_at=RECEIVED_AT + timedelta(seconds=31),
        child_id=CHILD,
        mentor_id=MENTOR,
    ),
    NotificationFailed(
        notification_id=NOTIFICATION,
        recipient_id=COORDINATOR,
        channel="email",
        attempt=1,
        reason="the mail server could not be reached",
        failed_at=RECEIVED_AT,
        retry_at=RECEIVED_AT + timedelta(seconds=30),
        child_id=CHILD,
        mentor_id=MENTOR,
    ),
    NotificationAcknowledged(
        notification_id=NOTIFICATION,
        recipient_id=COORDINATOR,
        acknowledged_at=RECEIVED_AT + timedelta(minutes=20),
        alert_id=ALERT,
        child_id=CHILD,
        mentor_id=MENTOR,
    ),
)
