"""What is done when something falls due: the command, with its time from the row."""

from collections.abc import Mapping
from uuid import UUID

from services.notifications.domain.digest import CallDigest, call_of, digest, digest_of
from services.notifications.domain.notification import Escalate, Release, Retry, notification
from services.notifications.domain.recipient import Remove, recipient
from services.notifications.domain.reminder import Remind, reminder
from shared.contracts.notifications.escalation import ReminderDue
from shared.kernel.projection import DueAction, DueRow, Issue


def retry(row: DueRow) -> Issue:
    """The wait after a failed attempt is over."""
    command = Retry(channel=row.payload["channel"], attempt=row.payload["attempt"], at=row.due_at)
    return Issue(notification, UUID(row.payload["notification_id"]), command)


def release(row: DueRow) -> Issue:
    """Quiet hours are over."""
    return Issue(notification, UUID(row.payload["notification_id"]), Release(row.due_at))


def escalate(row: DueRow) -> Issue:
    """Nobody has acknowledged it in time."""
    return Issue(notification, UUID(row.payload["notification_id"]), Escalate(row.due_at))


def call_digest(row: DueRow) -> Issue:
    """The hour of a recipient's digest has come."""
    recipient_id = UUID(row.payload["recipient_id"])
    digest_id = digest_of(recipient_id, row.due_at)
    return Issue(digest, call_of(digest_id), CallDigest(digest_id, recipient_id, row.due_at))


def remind(row: DueRow) -> Issue:
    """Somebody is to be reminded."""
    due = ReminderDue.model_validate({**row.payload, "due_at": row.due_at})
    return Issue(reminder, due.reminder_id, Remind(due))


def let_go(row: DueRow) -> Issue:
    """A mentor left some days ago."""
    return Issue(recipient, UUID(row.payload["recipient_id"]), Remove(row.due_at))


DUE: Mapping[str, DueAction] = {
    "notification_retry": retry,
    "notification_release": release,
    "notification_escalation": escalate,
    "digest": call_digest,
    "reminder": remind,
    "mentor_left": let_go,
}
