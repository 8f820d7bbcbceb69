"""From what is said to what one recipient gets: by which ways, at once or later, or not at all and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeAlias
from uuid import UUID

from services.notifications.domain.announcements import Announcement
from services.notifications.domain.catalogue import CATALOGUE, Entry
from services.notifications.domain.notification import alert_of, notification_of
from services.notifications.domain.preferences import Preferences
from shared.contracts.notifications.notification import NotificationRequested
from shared.contracts.words.telling import (
    Channel,
    HeldFor,
    Language,
    NotificationType,
    RecipientRole,
    SuppressedBecause,
)

STALE = timedelta(days=30)
"""What was recorded longer ago than this is no news: a listener that starts anew tells nobody of old times."""

USUAL = Preferences()
"""Of who chose nothing."""


@dataclass(frozen=True, slots=True)
class Hearer:
    """A recipient whom a fact may touch, and how they want to be told. `child_id`: on whose account."""

    recipient_id: UUID
    role: RecipientRole
    language: Language = "en"
    preferences: Preferences = USUAL
    has_phone: bool = False
    removed: bool = False
    child_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Before:
    """What a recipient was told before of the same matter.

    `pending`: some of it has not gone out, or it is still to be acknowledged.
    """

    notification_id: UUID
    recipient_id: UUID
    type: NotificationType
    deduplication_key: str
    requested_at: datetime
    pending: bool


@dataclass(frozen=True, slots=True)
class Situation:
    """What has to be known before somebody is told: the time, who may hear, what was said of the matter.

    `left_on`: since when the mentor whom it is about works here no more.
    """

    now: datetime
    hearers: tuple[Hearer, ...]
    before: tuple[Before, ...] = ()
    left_on: date | None = None


@dataclass(frozen=True, slots=True)
class Occasion:
    """The fact that makes it necessary (its id, when it was recorded), and what time it is now."""

    cause: UUID
    at: datetime
    now: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be requested of one recipient, why it does not go out, what it takes the place of."""

    requested: NotificationRequested
    suppress: SuppressedBecause | None
    supersedes: tuple[UUID, ...]


Held: TypeAlias = tuple[tuple[Channel, ...], HeldFor | None, datetime | None]


def plan(said: Announcement, hearer: Hearer, occasion: Occasion, before: Sequence[Before]) -> Plan:
    """What this recipient gets because of this; the same whoever asks, and however often."""
    entry = CATALOGUE[said.type]
    urgent = entry.urgent if said.urgent is None else said.urgent
    stream = notification_of(occasion.cause, hearer.recipient_id, said.type)
    channels = _channels(entry, hearer, must=urgent or entry.obligatory)
    channels, (held, held_for, deliver_after) = _held(entry, channels, hearer, urgent, occasion.now)
    wanted = entry.acknowledgement
    awaited = wanted if wanted and wanted.by == hearer.role and said.escalated_from is None else None
    requested = NotificationRequested(
        notification_id=stream,
        recipient_id=hearer.recipient_id,
        type=said.type,
        category=entry.category,
        urgent=urgent,
        language=hearer.language,
        parameters=said.parameters,
        channels=channels,
        held=held,
        held_for=held_for,
        deliver_after=deliver_after,
        deduplication_key=said.deduplication_key,
        thread=said.thread,
        needs_acknowledgement=awaited is not None,
        acknowledge_by=occasion.now + awaited.within if awaited else None,
        escalates_to=awaited.then if awaited else None,
        alert_id=alert_of(occasion.cause, said.type, hearer.role),
        escalated_from=said.escalated_from,
        cause=occasion.cause,
        requested_at=occasion.at,
        child_id=said.child_id or hearer.child_id,
        mentor_id=said.mentor_id,
        session_id=said.session_id,
    )
    of_hearer = [earlier for earlier in before if earlier.recipient_id == hearer.recipient_id]
    suppress = _suppressed(said, entry, hearer, occasion, requested, of_hearer)
    gone = () if suppress else _superseded(entry, stream, of_hearer)
    return Plan(requested, suppress, gone)


def _channels(entry: Entry, hearer: Hearer, *, must: bool) -> tuple[Channel, ...]:
    """The usual ways, or those that the recipient chose; what must reach them comes by the usual as well."""
    chosen = hearer.preferences.chosen(entry.type, entry.category)
    if chosen is None:
        wanted = entry.channels
    elif must:
        wanted = tuple(dict.fromkeys((*entry.channels, *chosen)))
    else:
        wanted = chosen
    return tuple(channel for channel in wanted if channel != "sms" or hearer.has_phone)


def _held(
    entry: Entry, channels: tuple[Channel, ...], hearer: Hearer, urgent: bool, now: datetime
) -> tuple[tuple[Channel, ...], Held]:
    """Nothing waits in the application. Who wants a digest gets no mail or text message of its own."""
    outside = tuple(channel for channel in channels if channel != "in_app")
    if urgent or not outside:
        return channels, ((), None, None)
    digest_at = None if entry.obligatory else hearer.preferences.next_digest(now)
    if digest_at is not None and "email" in outside:
        kept = tuple(channel for channel in channels if channel != "sms")
        return kept, (("email",), "digest", digest_at)
    until = hearer.preferences.quiet_end(now)
    return channels, ((outside, "quiet_hours", until) if until is not None else ((), None, None))


def _suppressed(
    said: Announcement,
    entry: Entry,
    hearer: Hearer,
    occasion: Occasion,
    requested: NotificationRequested,
    before: Iterable[Before],
) -> SuppressedBecause | None:
    if hearer.removed:
        return "recipient_removed"
    late = said.useful_until is not None and occasion.now >= said.useful_until
    if late or occasion.now - occasion.at > STALE:
        return "too_late"
    for earlier in before:
        same = earlier.deduplication_key == requested.deduplication_key
        another = earlier.notification_id != requested.notification_id
        if same and another and abs(occasion.at - earlier.requested_at) < entry.again_after:
            return "duplicate"
    return None if requested.channels else "preference"


def _superseded(entry: Entry, stream: UUID, before: Iterable[Before]) -> tuple[UUID, ...]:
    return tuple(
        earlier.notification_id
        for earlier in before
        if earlier.pending and earlier.type in entry.supersedes and earlier.notification_id != stream
    )
