"""What is known about a notification, and what became of it on each channel."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from shared.contracts.notifications.escalation import (
    DigestSent,
    NotificationEscalated,
    NotificationSuperseded,
)
from shared.contracts.notifications.notification import (
    NotificationAcknowledged,
    NotificationDelivered,
    NotificationFailed,
    NotificationQueued,
    NotificationRead,
    NotificationRequested,
    NotificationSent,
    NotificationSuppressed,
)
from shared.contracts.words.telling import Channel

NotificationFact: TypeAlias = (
    NotificationRequested
    | NotificationSuppressed
    | NotificationQueued
    | NotificationSent
    | NotificationDelivered
    | NotificationRead
    | NotificationAcknowledged
    | NotificationFailed
    | NotificationEscalated
    | NotificationSuperseded
    | DigestSent
)
Fate: TypeAlias = Literal["held", "trying", "waiting", "sent", "delivered", "dead", "dropped"]
PENDING: frozenset[Fate] = frozenset(("held", "waiting"))
"""Not under way, and not over: it can still be called off."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of it on one channel. `attempt` is the one under way, or the last one; 0 while held."""

    status: Fate
    attempt: int


@dataclass(frozen=True, slots=True)
class Notification:
    requested: NotificationRequested | None = None
    deliveries: Mapping[Channel, Delivery] = field(default_factory=dict)
    ended: Literal["suppressed", "superseded"] | None = None
    read: bool = False
    acknowledged: bool = False
    escalated: bool = False

    @property
    def awaits_acknowledgement(self) -> bool:
        """Whether it would still be passed on to the next role."""
        asked = self.requested is not None and self.requested.acknowledge_by is not None
        return asked and not (self.acknowledged or self.escalated)

    @property
    def pending(self) -> tuple[Channel, ...]:
        """The channels that have not taken it and are not trying to."""
        return tuple(channel for channel, found in self.deliveries.items() if found.status in PENDING)


def evolve(state: Notification, fact: NotificationFact) -> Notification:
    match fact:
        case NotificationRequested():
            begun = {
                channel: Delivery("held", 0) if channel in fact.held else Delivery("trying", 1)
                for channel in fact.channels
            }
            return Notification(fact, begun)
        case NotificationSuppressed():
            return replace(_without(state, fact.dropped), ended="suppressed")
        case NotificationSuperseded():
            return replace(_without(state, fact.dropped), ended="superseded")
        case NotificationQueued():
            return _with(state, fact.channel, Delivery("trying", fact.attempt))
        case NotificationSent():
            return _with(state, fact.channel, Delivery("sent", fact.attempt))
        case NotificationDelivered():
            attempt = state.deliveries[fact.channel].attempt
            return _with(state, fact.channel, Delivery("delivered", attempt))
        case NotificationFailed():
            return _with(state, fact.channel, Delivery("waiting" if fact.retry_at else "dead", fact.attempt))
        case NotificationRead():
            return replace(_without(state, fact.dropped), read=True)
        case NotificationAcknowledged():
            return replace(_without(state, fact.dropped), read=True, acknowledged=True)
        case NotificationEscalated():
            return replace(state, escalated=True)
        case DigestSent():
            return state


def _with(state: Notification, channel: Channel, delivery: Delivery) -> Notification:
    return replace(state, deliveries={**state.deliveries, channel: delivery})


def _without(state: Notification, channels: Iterable[Channel]) -> Notification:
    for channel in channels:
        state = _with(state, channel, Delivery("dropped", state.deliveries[channel].attempt))
    return state
