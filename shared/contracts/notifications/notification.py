"""The facts of what somebody was told, through which channel, and whether it arrived."""

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.contracts.fact import Concerns, Fact, Personal, published
from shared.contracts.words.ids import NotificationId, RecipientId
from shared.contracts.words.telling import Channel, NotificationType

OfChild = Annotated[UUID | None, Concerns("child"), Field(description="the child it is about")]
OfMentor = Annotated[UUID | None, Concerns("mentor"), Field(description="the learning mentor it is about")]
OfSchool = Annotated[UUID | None, Concerns("school"), Field(description="the school it is about")]
OfSession = Annotated[UUID | None, Concerns("session"), Field(description="the session it is about")]
Via = Annotated[Channel, Field(description="how it reaches the recipient")]
Attempt = Annotated[int, Field(description="1 for the first try on this channel")]


@published("notifications.NotificationRequested.v1", aggregate="notification")
class NotificationRequested(Fact):
    """A recipient is to hear of something.

    The subject line never holds personal data; `body` speaks to the recipient and names nobody else: who is
    meant is told by the ids.
    """

    notification_id: NotificationId
    recipient_id: RecipientId
    type: Annotated[NotificationType, Field(description="what happened, in one word")]
    urgent: Annotated[bool, Field(description="whether it disturbs quiet hours")]
    subject_line: Annotated[str, Field(description="one line, without personal data")]
    body: Annotated[str, Personal(of="recipient_id"), Field(description="plain text to the recipient")]
    channels: Annotated[tuple[Channel, ...], Field(description="every way it is to reach the recipient")]
    cause: Annotated[UUID, Field(description="the id of the fact that made it necessary")]
    requested_at: Annotated[AwareDatetime, Field(description="when that fact was recorded")]
    child_id: OfChild = None
    mentor_id: OfMentor = None
    session_id: OfSession = None


@published("notifications.NotificationQueued.v1", aggregate="notification")
class NotificationQueued(Fact):
    """The wait after a failure is over: the channel is to try again."""

    notification_id: NotificationId
    recipient_id: RecipientId
    channel: Via
    attempt: Attempt
    queued_at: Annotated[AwareDatetime, Field(description="when it fell due")]
    child_id: OfChild = None
    mentor_id: OfMentor = None


@published("notifications.NotificationSent.v1", aggregate="notification")
class NotificationSent(Fact):
    """A channel took the notification: the inbox shows it, or the mail server accepted it."""

    notification_id: NotificationId
    recipient_id: RecipientId
    channel: Via
    attempt: Attempt
    sent_at: Annotated[AwareDatetime, Field(description="when the channel took it")]
    child_id: OfChild = None
    mentor_id: OfMentor = None


@published("notifications.NotificationFailed.v1", aggregate="notification")
class NotificationFailed(Fact):
    """A channel did not take the notification. Without `retry_at` it will not be tried again."""

    notification_id: NotificationId
    recipient_id: RecipientId
    channel: Via
    attempt: Attempt
    reason: Annotated[str, Field(description="what the channel said, without personal data")]
    failed_at: Annotated[AwareDatetime, Field(description="when it failed")]
    retry_at: Annotated[AwareDatetime | None, Field(description="when it is tried again; None: given up")]
    child_id: OfChild = None
    mentor_id: OfMentor = None


@published("notifications.NotificationAcknowledged.v1", aggregate="notification")
class NotificationAcknowledged(Fact):
    """The recipient has seen the notification and said so."""

    notification_id: NotificationId
    recipient_id: RecipientId
    acknowledged_at: Annotated[AwareDatetime, Field(description="when the recipient said so")]
    child_id: OfChild = None
    mentor_id: OfMentor = None
