"""The facts of what somebody was told, through which channel, and whether it arrived."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.contracts.fact import Concerns, Fact, published
from shared.contracts.words.ids import NotificationId, RecipientId
from shared.contracts.words.telling import (
    Category,
    Channel,
    HeldFor,
    Language,
    NotificationType,
    RecipientRole,
    SuppressedBecause,
)

OfChild = Annotated[UUID | None, Concerns("child"), Field(description="the child it is about")]
OfMentor = Annotated[UUID | None, Concerns("mentor"), Field(description="the learning mentor it is about")]
OfSchool = Annotated[UUID | None, Concerns("school"), Field(description="the school it is about")]
OfSession = Annotated[UUID | None, Concerns("session"), Field(description="the session it is about")]
Via = Annotated[Channel, Field(description="how it reaches the recipient")]
Attempt = Annotated[int, Field(description="1 for the first try on this channel")]
Dropped = Annotated[
    tuple[Channel, ...],
    Field(description="the channels that had not taken it yet, and do not have to any more"),
]
OfAlert = Annotated[
    UUID | None,
    Field(description="one for all who were told because of one fact in one role: one acknowledgement does"),
]


@published("notifications.NotificationRequested.v1", aggregate="notification")
class NotificationRequested(Fact):
    """A recipient is to hear of something.

    It holds no words and no personal data: a channel writes the text for the type, in the language, with the
    parameters; who is meant is told by the ids.
    """

    notification_id: NotificationId
    recipient_id: RecipientId
    type: Annotated[NotificationType, Field(description="what happened, in one word")]
    category: Annotated[Category, Field(description="what preferences are set for")]
    urgent: Annotated[bool, Field(description="whether it disturbs quiet hours and is never in a digest")]
    language: Annotated[Language, Field(description="the recipient's language at that time")] = "en"
    parameters: Annotated[
        Mapping[str, str],
        Field(description="what the text tells: days, moments, words of closed lists; nothing personal"),
    ] = {}
    channels: Annotated[
        tuple[Channel, ...],
        Field(description="every way it is to reach the recipient; none when it is suppressed"),
    ]
    held: Annotated[
        tuple[Channel, ...], Field(description="those of the channels that wait until `deliver_after`")
    ] = ()
    held_for: Annotated[HeldFor | None, Field(description="why they wait")] = None
    deliver_after: Annotated[
        AwareDatetime | None, Field(description="when quiet hours end, or the digest goes out")
    ] = None
    deduplication_key: Annotated[
        str, Field(description="the same key to the same recipient within the type's window is a duplicate")
    ]
    thread: Annotated[
        str, Field(description="the matter it is about: the newer may supersede what is not sent yet")
    ]
    needs_acknowledgement: Annotated[
        bool, Field(description="whether somebody in this role has to say that they have seen it")
    ] = False
    acknowledge_by: Annotated[
        AwareDatetime | None, Field(description="when it goes to the next role if nobody has acknowledged it")
    ] = None
    escalates_to: Annotated[
        RecipientRole | None,
        Field(description="the role that hears of it if nobody has acknowledged it by then"),
    ] = None
    alert_id: OfAlert = None
    escalated_from: Annotated[
        UUID | None, Field(description="the notification nobody acknowledged, for which this one stands")
    ] = None
    includes: Annotated[
        tuple[UUID, ...], Field(description="of a digest: the notifications it tells of")
    ] = ()
    cause: Annotated[UUID, Field(description="the id of the fact that made it necessary")]
    requested_at: Annotated[AwareDatetime, Field(description="when that fact was recorded")]
    child_id: OfChild = None
    mentor_id: OfMentor = None
    session_id: OfSession = None


@published("notifications.NotificationSuppressed.v1", aggregate="notification")
class NotificationSuppressed(Fact):
    """It does not go out, or not any further, and why."""

    notification_id: NotificationId
    recipient_id: RecipientId
    why: Annotated[SuppressedBecause, Field(description="why it does not go out")]
    suppressed_at: Annotated[AwareDatetime, Field(description="when that was decided")]
    dropped: Dropped = ()
    child_id: OfChild = None
    mentor_id: OfMentor = None


@published("notifications.NotificationQueued.v1", aggregate="notification")
class NotificationQueued(Fact):
    """The wait is over (after quiet hours or a failure, or because somebody asks for another try): the
    channel is to try."""

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


@published("notifications.NotificationDelivered.v1", aggregate="notification")
class NotificationDelivered(Fact):
    """A channel says that the notification has arrived where the recipient reads."""

    notification_id: NotificationId
    recipient_id: RecipientId
    channel: Via
    delivered_at: Annotated[AwareDatetime, Field(description="when it arrived")]
    child_id: OfChild = None
    mentor_id: OfMentor = None


@published("notifications.NotificationRead.v1", aggregate="notification")
class NotificationRead(Fact):
    """The recipient has opened the notification; that is not yet an acknowledgement."""

    notification_id: NotificationId
    recipient_id: RecipientId
    read_at: Annotated[AwareDatetime, Field(description="when it was opened")]
    dropped: Dropped = ()
    child_id: OfChild = None
    mentor_id: OfMentor = None


@published("notifications.NotificationAcknowledged.v1", aggregate="notification")
class NotificationAcknowledged(Fact):
    """The recipient has seen the notification and said so."""

    notification_id: NotificationId
    recipient_id: RecipientId
    acknowledged_at: Annotated[AwareDatetime, Field(description="when the recipient said so")]
    dropped: Dropped = ()
    alert_id: OfAlert = None
    child_id: OfChild = None
    mentor_id: OfMentor = None


@published("notifications.NotificationFailed.v1", aggregate="notification")
class NotificationFailed(Fact):
    """A channel did not take the notification. Without `retry_at` it is dead: not tried again by itself."""

    notification_id: NotificationId
    recipient_id: RecipientId
    channel: Via
    attempt: Attempt
    reason: Annotated[str, Field(description="what the channel said, without personal data")]
    failed_at: Annotated[AwareDatetime, Field(description="when it failed")]
    retry_at: Annotated[AwareDatetime | None, Field(description="when it is tried again; None: given up")]
    child_id: OfChild = None
    mentor_id: OfMentor = None
