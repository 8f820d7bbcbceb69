"""The facts of notifications that another takes the place of: escalated, superseded, gathered in a digest."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.contracts.fact import Fact, published
from shared.contracts.notifications.notification import (
    Dropped,
    OfAlert,
    OfChild,
    OfMentor,
    OfSchool,
    OfSession,
)
from shared.contracts.words.ids import NotificationId, RecipientId
from shared.contracts.words.telling import NotificationType, RecipientRole


@published("notifications.NotificationEscalated.v1", aggregate="notification")
class NotificationEscalated(Fact):
    """Nobody in the role acknowledged it in time: the next role is to hear of it."""

    notification_id: NotificationId
    recipient_id: RecipientId
    type: Annotated[NotificationType, Field(description="what happened, in one word")]
    to_role: Annotated[RecipientRole, Field(description="the role that hears of it now")]
    parameters: Annotated[Mapping[str, str], Field(description="as they were requested")] = {}
    thread: Annotated[str, Field(description="the matter it is about")]
    alert_id: OfAlert = None
    escalated_at: Annotated[AwareDatetime, Field(description="when the time to acknowledge was over")]
    child_id: OfChild = None
    mentor_id: OfMentor = None
    session_id: OfSession = None


@published("notifications.NotificationSuperseded.v1", aggregate="notification")
class NotificationSuperseded(Fact):
    """Something newer of the same matter takes its place; what has not gone out yet does not go out."""

    notification_id: NotificationId
    recipient_id: RecipientId
    by: Annotated[UUID, Field(description="the newer notification")]
    superseded_at: Annotated[AwareDatetime, Field(description="when the newer one was requested")]
    dropped: Dropped = ()
    child_id: OfChild = None
    mentor_id: OfMentor = None


@published("notifications.DigestDue.v1", aggregate="digest")
class DigestDue(Fact):
    """The hour has come at which a recipient hears of everything that was gathered, in one message."""

    digest_id: Annotated[UUID, Field(description="the notification that the digest will be")]
    recipient_id: RecipientId
    due_at: Annotated[AwareDatetime, Field(description="the hour that the recipient chose")]


@published("notifications.DigestSent.v1", aggregate="notification")
class DigestSent(Fact):
    """One message told of all these notifications."""

    digest_id: Annotated[UUID, Field(description="the notification that the digest was")]
    recipient_id: RecipientId
    notification_ids: Annotated[tuple[UUID, ...], Field(description="what it told of, oldest first")]
    sent_at: Annotated[AwareDatetime, Field(description="when the mail server took it")]


@published("notifications.ReminderDue.v1", aggregate="reminder")
class ReminderDue(Fact):
    """A time has come at which somebody is to be reminded: of a session, a log, a training."""

    reminder_id: Annotated[UUID, Field(description="one reminder of one matter for one time")]
    type: Annotated[NotificationType, Field(description="what they are reminded of")]
    thread: Annotated[str, Field(description="the matter it is about")]
    parameters: Annotated[Mapping[str, str], Field(description="what the text tells; nothing personal")] = {}
    due_at: Annotated[AwareDatetime, Field(description="when it fell due")]
    useful_until: Annotated[
        AwareDatetime | None, Field(description="after this nobody needs to be reminded any more")
    ] = None
    child_id: OfChild = None
    mentor_id: OfMentor = None
    school_id: OfSchool = None
    session_id: OfSession = None
