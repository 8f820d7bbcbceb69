"""Examples of the facts about webhooks."""

from datetime import timedelta
from uuid import UUID

from shared.contracts.fact import Fact
from shared.contracts.notifications.webhook import (
    WebhookAdded,
    WebhookChanged,
    WebhookDisabled,
    WebhookEnabled,
    WebhookFailing,
    WebhookRemoved,
    WebhookSecretRotated,
)
from tests.support.people import RECEIVED_AT

ENDPOINT = UUID("0192f0c1-0000-7000-8000-00000000e001")
_OF_ACME = {"endpoint_id": ENDPOINT, "owner": "acme"}
_TARGET = {
    "url": "https://hooks.acme.example/alongside",
    "facts": ("sessions.SessionApproved.v1", "sessions.SessionLogged.v1"),
    "regions": ("uk-london",),
}

EXAMPLES: tuple[Fact, ...] = (
    WebhookAdded.model_validate(_OF_ACME | _TARGET | {"added_by": "operator:olu", "added_at": RECEIVED_AT}),
    WebhookChanged.model_validate(
        _OF_ACME | _TARGET | {"ordered": True, "changed_by": "integrator:acme", "changed_at": RECEIVED_AT}
    ),
    WebhookSecretRotated.model_validate(
        _OF_ACME
        | {
            "generation": 2,
            "old_until": RECEIVED_AT + timedelta(days=1),
            "rotated_by": "integrator:acme",
            "rotated_at": RECEIVED_AT,
        }
    ),
    WebhookFailing.model_validate(
        _OF_ACME
        | {
            "host": "hooks.acme.example",
            "failing_since": RECEIVED_AT,
            "disabled_from": RECEIVED_AT + timedelta(days=5),
            "warned_at": RECEIVED_AT + timedelta(days=3),
        }
    ),
    WebhookDisabled.model_validate(
        _OF_ACME
        | {
            "host": "hooks.acme.example",
            "why": "failing",
            "failing_since": RECEIVED_AT,
            "disabled_by": "due:webhook_disabling",
            "disabled_at": RECEIVED_AT + timedelta(days=5),
        }
    ),
    WebhookEnabled.model_validate(_OF_ACME | {"enabled_by": "operator:olu", "enabled_at": RECEIVED_AT}),
    WebhookRemoved.model_validate(_OF_ACME | {"removed_by": "operator:olu", "removed_at": RECEIVED_AT}),
)
