"""Facts of endpoints as rows: where what is sent, and how each endpoint stands."""

from collections.abc import Iterator
from typing import Any

from services.notifications.webhooks.domain.endpoint import WebhookFact
from shared.contracts.notifications.webhook import (
    WebhookAdded,
    WebhookChanged,
    WebhookDisabled,
    WebhookEnabled,
    WebhookFailing,
    WebhookRemoved,
    WebhookSecretRotated,
)
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Put, Row

_TARGET = {"url", "facts", "regions", "ordered"}


def webhooks(recorded: Recorded[WebhookFact]) -> Iterator[Row]:
    """A row for each endpoint, also for those that were removed."""
    fact = recorded.fact
    yield Put("webhook_endpoints", {"endpoint_id": fact.endpoint_id}, _told(fact))


def _told(fact: WebhookFact) -> dict[str, Any]:
    match fact:
        case WebhookAdded():
            told = fact.model_dump(include=_TARGET | {"owner", "added_by", "added_at"})
            return told | {"enabled_at": fact.added_at}
        case WebhookChanged():
            return fact.model_dump(include=_TARGET)
        case WebhookSecretRotated():
            return {"generation": fact.generation, "old_until": fact.old_until}
        case WebhookFailing():
            return {"failing_since": fact.failing_since, "disabled_from": fact.disabled_from}
        case WebhookDisabled():
            return {"stands": "disabled", "why": fact.why, "disabled_at": fact.disabled_at}
        case WebhookEnabled():
            forgiven = dict.fromkeys(("why", "failing_since", "disabled_from", "disabled_at"))
            return forgiven | {"stands": "enabled", "enabled_at": fact.enabled_at}
        case WebhookRemoved():
            return {"stands": "removed", "url": None}
