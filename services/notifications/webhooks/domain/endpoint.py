"""One address that facts are sent to: added, changed, disabled, enabled, removed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias
from urllib.parse import urlsplit
from uuid import UUID

from shared.contracts.notifications.webhook import (
    DisabledBecause,
    WebhookAdded,
    WebhookChanged,
    WebhookDisabled,
    WebhookEnabled,
    WebhookFailing,
    WebhookRemoved,
    WebhookSecretRotated,
)
from shared.kernel.decider import Decider, Refused

NOBODY = UUID(int=0)
BOTH_SIGN = timedelta(hours=24)
"""How long a secret signs along after a newer one took its place."""

WebhookFact: TypeAlias = (
    WebhookAdded
    | WebhookChanged
    | WebhookSecretRotated
    | WebhookFailing
    | WebhookDisabled
    | WebhookEnabled
    | WebhookRemoved
)


@dataclass(frozen=True, slots=True)
class Target:
    """Where what is sent, and how."""

    url: str
    facts: tuple[str, ...]
    regions: tuple[str, ...] = ()
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Add:
    endpoint_id: UUID
    owner: str
    target: Target
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    target: Target
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Rotate:
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Warn:
    """Nothing was taken since `since`: say that it will be disabled at `disabled_from`."""

    since: datetime
    disabled_from: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class Disable:
    why: DisabledBecause
    by: str
    at: datetime
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Enable:
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Remove:
    by: str
    at: datetime


Command: TypeAlias = Add | Change | Rotate | Warn | Disable | Enable | Remove
Stands: TypeAlias = Literal["unknown", "enabled", "disabled", "removed"]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """How it stands. `enabled_at` is since when it has been sent to without a break."""

    stands: Stands = "unknown"
    endpoint_id: UUID = NOBODY
    owner: str = ""
    target: Target = Target("", ())
    generation: int = 1
    old_until: datetime | None = None
    warned_of: datetime | None = None
    enabled_at: datetime | None = None

    @property
    def host(self) -> str:
        return urlsplit(self.target.url).hostname or ""


def decide(state: Endpoint, command: Command) -> Sequence[WebhookFact]:
    match command:
        case Add() if state.stands == "unknown":
            return (_added(command),)
        case Add():
            return ()
        case _ if state.stands == "unknown":
            raise Refused("unknown_webhook", "There is no such endpoint: look it up in the list.")
        case Remove() if state.stands == "removed":
            return ()
        case Warn() | Disable(why="failing" | "gone") if state.stands != "enabled":
            return ()  # somebody was quicker
        case _ if state.stands == "removed":
            raise Refused("webhook_removed", "The endpoint was removed: add it again.")
        case _:
            return _decide(state, command)


def _decide(state: Endpoint, command: Command) -> Sequence[WebhookFact]:
    """What an endpoint that is there decides."""
    told: dict[str, Any] = {"endpoint_id": state.endpoint_id, "owner": state.owner}
    match command:
        case Change(target, by, at):
            return () if target == state.target else (_changed(state, target, by, at),)
        case Rotate(by, at):
            if state.old_until is not None and at < state.old_until:
                raise Refused(
                    "already_rotating",
                    f"The secret before the last one still signs, until {state.old_until.isoformat()}: "
                    "rotate again after that, or remove the endpoint if its secret leaked.",
                )
            following = state.generation + 1
            return (
                WebhookSecretRotated(
                    **told, generation=following, old_until=at + BOTH_SIGN, rotated_by=by, rotated_at=at
                ),
            )
        case Warn(since, disabled_from, at):
            if state.warned_of == since or _before(state, since):
                return ()
            return (
                WebhookFailing(
                    **told, host=state.host, failing_since=since, disabled_from=disabled_from, warned_at=at
                ),
            )
        case Disable(why, by, at, since):
            if state.stands == "disabled" or (since is not None and _before(state, since)):
                return ()
            return (
                WebhookDisabled(
                    **told, host=state.host, why=why, failing_since=since, disabled_by=by, disabled_at=at
                ),
            )
        case Enable(by, at):
            if state.stands == "enabled":
                return ()
            return (WebhookEnabled(**told, enabled_by=by, enabled_at=at),)
        case Remove(by, at):
            return (WebhookRemoved(**told, removed_by=by, removed_at=at),)
        case Add():
            return ()


def _before(state: Endpoint, since: datetime) -> bool:
    """Whether the failures began before it was last enabled: that is another story."""
    return state.enabled_at is not None and since < state.enabled_at


def _added(command: Add) -> WebhookAdded:
    target = command.target
    return WebhookAdded(
        endpoint_id=command.endpoint_id, owner=command.owner, url=target.url, facts=target.facts,
        regions=target.regions, ordered=target.ordered, added_by=command.by, added_at=command.at,
    )  # fmt: skip


def _changed(state: Endpoint, target: Target, by: str, at: datetime) -> WebhookChanged:
    return WebhookChanged(
        endpoint_id=state.endpoint_id, owner=state.owner, url=target.url, facts=target.facts,
        regions=target.regions, ordered=target.ordered, changed_by=by, changed_at=at,
    )  # fmt: skip


def evolve(state: Endpoint, fact: WebhookFact) -> Endpoint:
    match fact:
        case WebhookAdded():
            return Endpoint("enabled", fact.endpoint_id, fact.owner, _target(fact), enabled_at=fact.added_at)
        case WebhookChanged():
            return replace(state, target=_target(fact))
        case WebhookSecretRotated():
            return replace(state, generation=fact.generation, old_until=fact.old_until)
        case WebhookFailing():
            return replace(state, warned_of=fact.failing_since)
        case WebhookDisabled():
            return replace(state, stands="disabled")
        case WebhookEnabled():
            return replace(state, stands="enabled", warned_of=None, enabled_at=fact.enabled_at)
        case WebhookRemoved():
            return replace(state, stands="removed")


def _target(fact: WebhookAdded | WebhookChanged) -> Target:
    return Target(fact.url, fact.facts, fact.regions, fact.ordered)


endpoint: Decider[Endpoint, Command] = Decider("webhook", Endpoint(), decide, evolve)
