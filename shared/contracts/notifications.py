"""The published facts of notifications: who hears what, through which channel, and whether it arrived."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from shared.contracts.fact import Concerns, Fact, Personal, published

RecipientRole = Literal[
    "coordinator", "mentor", "trainer", "compliance", "manager", "dsl", "school", "parent"
]

NotificationType = Literal[
    "request_received",
    "match_offered",
    "assignment_started",
    "assignment_ended",
    "role_boundary_breached",
    "session_cancelled",
    "deployability_lost",
    "certification_expired",
]

Channel = Literal["in_app", "email"]

RecipientId = Annotated[UUID, Concerns("recipient")]
NotificationId = Annotated[UUID, Concerns("notification")]
ChildId = Annotated[UUID | None, Concerns("child")]
MentorId = Annotated[UUID | None, Concerns("mentor")]
SchoolId = Annotated[UUID | None, Concerns("school")]
SessionId = Annotated[UUID | None, Concerns("session")]


class RecipientDetails(Fact):
    """Who can be told something, and on whose account.

    A mentor hears of their own work, a parent of their child's, a school of the children in it; the other
    roles hear of everything in their region.
    """

    recipient_id: RecipientId
    role: RecipientRole
    name: Annotated[str, Personal(of="recipient_id")]
    email: Annotated[str, Personal(of="recipient_id")]
    region: str
    mentor_id: MentorId = None
    child_id: ChildId = None
    school_id: SchoolId = None


@published("notifications.RecipientRegistered.v1", aggregate="recipient")
class RecipientRegistered(RecipientDetails):
    """Somebody can be told things from now on."""


@published("notifications.RecipientDetailsChanged.v1", aggregate="recipient")
class RecipientDetailsChanged(RecipientDetails):
    """The details of a recipient are these from now on."""


@published("notifications.NotificationRequested.v1", aggregate="notification")
class NotificationRequested(Fact):
    """A recipient is to hear of something.

    The subject line never holds personal data; `body` speaks to the recipient and names nobody else: who is
    meant is told by the ids. `cause` is the id of the fact that made it necessary.
    """

    notification_id: NotificationId
    recipient_id: RecipientId
    type: NotificationType
    urgent: bool
    subject_line: str
    body: Annotated[str, Personal(of="recipient_id")]
    channels: tuple[Channel, ...]
    cause: UUID
    requested_at: datetime
    child_id: ChildId = None
    mentor_id: MentorId = None
    session_id: SessionId = None


@published("notifications.NotificationQueued.v1", aggregate="notification")
class NotificationQueued(Fact):
    """A notification that failed waits no longer: the channel is to try it again, for the `attempt`-th time."""

    notification_id: NotificationId
    recipient_id: RecipientId
    channel: Channel
    attempt: int
    queued_at: datetime
    child_id: ChildId = None
    mentor_id: MentorId = None


@published("notifications.NotificationSent.v1", aggregate="notification")
class NotificationSent(Fact):
    """A channel took the notification: the inbox shows it, or the mail server accepted it."""

    notification_id: NotificationId
    recipient_id: RecipientId
    channel: Channel
    attempt: int
    sent_at: datetime
    child_id: ChildId = None
    mentor_id: MentorId = None


@published("notifications.NotificationFailed.v1", aggregate="notification")
class NotificationFailed(Fact):
    """A channel did not take the notification. Without `retry_at` it will not be tried again."""

    notification_id: NotificationId
    recipient_id: RecipientId
    channel: Channel
    attempt: int
    reason: str
    failed_at: datetime
    retry_at: datetime | None
    child_id: ChildId = None
    mentor_id: MentorId = None


@published("notifications.NotificationAcknowledged.v1", aggregate="notification")
class NotificationAcknowledged(Fact):
    """The recipient has seen the notification and said so."""

    notification_id: NotificationId
    recipient_id: RecipientId
    acknowledged_at: datetime
    child_id: ChildId = None
    mentor_id: MentorId = None
