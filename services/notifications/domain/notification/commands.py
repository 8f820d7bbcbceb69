"""What may be asked of a notification; times come in with the command."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from shared.contracts.notifications.notification import NotificationRequested
from shared.contracts.words.telling import Channel, SuppressedBecause


@dataclass(frozen=True, slots=True)
class RequestNotification:
    """This recipient is to hear of this; or is not, and then why."""

    requested: NotificationRequested
    suppress: SuppressedBecause | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """Quiet hours are over: what was held for them goes out."""

    at: datetime


@dataclass(frozen=True, slots=True)
class RecordSent:
    """The channel took it, on this attempt."""

    channel: Channel
    attempt: int
    at: datetime


@dataclass(frozen=True, slots=True)
class RecordDelivered:
    """The channel says that it has arrived where the recipient reads."""

    channel: Channel
    at: datetime


@dataclass(frozen=True, slots=True)
class RecordFailure:
    """The channel did not take it, on this attempt; `permanent` when trying again cannot help."""

    channel: Channel
    attempt: int
    reason: str
    permanent: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Retry:
    """The wait after this attempt is over: try the channel again."""

    channel: Channel
    attempt: int
    at: datetime


@dataclass(frozen=True, slots=True)
class TryAgain:
    """Somebody in the office wants a channel that gave up to try once more."""

    channel: Channel
    at: datetime


@dataclass(frozen=True, slots=True)
class MarkRead:
    """The recipient has opened it."""

    by: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """The recipient has seen it, and says so."""

    by: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Escalate:
    """The time to acknowledge it is over."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Supersede:
    """A newer notification of the same matter takes the place of what has not gone out."""

    by: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Suppress:
    """What has not gone out is not to go out."""

    why: SuppressedBecause
    at: datetime


OfChannel: TypeAlias = RecordSent | RecordDelivered | RecordFailure | Retry | TryAgain
Command: TypeAlias = (
    RequestNotification | Release | OfChannel | MarkRead | Acknowledge | Escalate | Supersede | Suppress
)
