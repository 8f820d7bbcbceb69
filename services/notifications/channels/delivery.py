"""What is done when a notification was requested or falls due again: deliver it, and say how that went."""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifications.channels import Delivers, NotDelivered
from services.notifications.channels.email import Email
from services.notifications.channels.letters import letter
from services.notifications.channels.settings import ChannelSettings
from services.notifications.channels.sms import sms
from services.notifications.domain.notification import RecordFailure, RecordSent, notification
from services.notifications.read_model.letters import Waiting, waiting
from shared.contracts.notifications.notification import NotificationQueued, NotificationRequested
from shared.contracts.words.telling import Channel
from shared.kernel.projection import Effect, Issue
from shared.kernel.recorded import Recorded

AT_ONCE = 16
"""Deliveries under way at a time on one channel."""

LISTENS = (NotificationRequested, NotificationQueued)


def _attempt(fact: NotificationRequested | NotificationQueued, channel: Channel) -> int | None:
    """On which attempt this fact asks for this channel; None when it does not."""
    if isinstance(fact, NotificationRequested):
        return 1 if channel in fact.channels and channel not in fact.held else None
    return fact.attempt if fact.channel == channel else None


async def _show(recorded: Recorded[Any], _: None) -> Iterable[Issue]:
    """The inbox in the application shows what was requested: nothing has to be sent."""
    fact = recorded.fact
    attempt = _attempt(fact, "in_app")
    if attempt is None:
        return ()
    sent = RecordSent("in_app", attempt, recorded.recorded_at)
    return (Issue(notification, fact.notification_id, sent),)


def delivery(channel: Channel, adapter: Callable[[], Delivers]) -> Effect:
    """The effect that hands everything for this channel to its adapter."""

    async def find(db: AsyncConnection, recorded: Recorded[Any]) -> Waiting | None:
        if _attempt(recorded.fact, channel) is None:
            return None
        found = await waiting(db, recorded.fact.notification_id, channel)
        if found is None:
            raise LookupError("the inbox does not know this notification")
        return found

    async def perform(recorded: Recorded[Any], found: Waiting | None) -> Iterable[Issue]:
        attempt = _attempt(recorded.fact, channel)
        if found is None or attempt is None or (found.status, found.attempt) != ("trying", attempt):
            return ()  # not asked for; or done already, and only the checkpoint was lost
        outcome = await _deliver(adapter(), found, attempt, recorded.correlation_id)
        return (Issue(notification, found.notification_id, outcome),)

    return Effect(f"deliver_{channel}", LISTENS, perform=perform, look_up=find, at_once=AT_ONCE)


async def _deliver(
    adapter: Delivers, found: Waiting, attempt: int, correlation_id: str
) -> RecordSent | RecordFailure:
    try:
        if found.to is None:
            raise NotDelivered("the recipient is not registered yet")
        if found.to.removed:
            raise NotDelivered("the recipient was removed", permanent=True)
        await adapter.deliver(letter(found, found.to, correlation_id))
    except NotDelivered as failed:
        return RecordFailure(adapter.channel, attempt, failed.reason, failed.permanent, found.now)
    return RecordSent(adapter.channel, attempt, found.now)


def _mail() -> Email:
    """Read from the environment when a mail leaves, not when this is imported."""
    return Email(ChannelSettings())


def _texts() -> Delivers:
    return sms(ChannelSettings().sms)


IN_APP = Effect("deliver_in_app", LISTENS, perform=_show, at_once=AT_ONCE)
EMAIL = delivery("email", _mail)
SMS = delivery("sms", _texts)
EFFECTS = (IN_APP, EMAIL, SMS)
