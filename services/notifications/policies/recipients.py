"""Whoever works with us becomes a recipient; whoever is removed or forgotten hears nothing any more."""

from collections.abc import Iterator
from uuid import UUID

from services.notifications.domain.notification import Suppress, notification
from services.notifications.domain.recipient import Register, Remove, recipient, recipient_of_mentor
from shared.contracts.assignments.mentor import MentorEngaged
from shared.contracts.audit.erasure import KeysDestroyed
from shared.contracts.notifications.recipient import RecipientRemoved
from shared.contracts.words.privacy import Unreadable
from shared.kernel.projection import Issue
from shared.kernel.recorded import Recorded


def register_mentor(recorded: Recorded[MentorEngaged], _: None) -> Iterator[Issue]:
    """Whoever is engaged as a mentor hears of their own work from then on."""
    engaged = recorded.fact
    if engaged.name is Unreadable.ERASED or engaged.email is Unreadable.ERASED:
        return  # there is nobody left to write to
    stream = recipient_of_mentor(engaged.mentor_id)
    yield Issue(
        recipient,
        stream,
        Register(
            recipient_id=stream,
            role="mentor",
            name=engaged.name,
            email=engaged.email,
            region=recorded.region,
            mentor_id=engaged.mentor_id,
            keep=True,
        ),
    )


def remove_forgotten(recorded: Recorded[KeysDestroyed], _: None) -> Iterator[Issue]:
    """Whoever's address is erased can't be written to any more."""
    fact = recorded.fact
    if "contact" in fact.classes:
        named = (fact.recipient_id, *fact.recipient_ids)
        for recipient_id in dict.fromkeys(each for each in named if each):
            yield Issue(recipient, recipient_id, Remove(recorded.recorded_at))


def stop(recorded: Recorded[RecipientRemoved], waiting: tuple[UUID, ...]) -> Iterator[Issue]:
    """What has not gone out to somebody who was removed does not go out."""
    for notification_id in waiting:
        yield Issue(notification, notification_id, Suppress("recipient_removed", recorded.fact.removed_at))
