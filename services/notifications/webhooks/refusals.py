"""What each refusal of webhooks means, for whoever opens a problem's `type`."""

from collections.abc import Mapping

REFUSALS: Mapping[str, str] = {
    "already_rotating": "Two secrets sign at a time at most: wait until the older of them has expired.",
    "invalid_webhook_facts": "Name facts by topic, or `sessions.*`; restricted facts are sent to nobody.",
    "invalid_webhook_url": "An endpoint is https, on a usual port, at an address of the public internet.",
    "not_granted": "An integrator gets what the agency granted it. Ask for the fact, or leave it out.",
    "too_many_webhooks": "An owner has a hundred endpoints at most. Remove one that is not used.",
    "unknown_integrator": "Register the integrator first: `alongside integrator add`.",
    "unknown_webhook": "There is no such endpoint. Look it up in the list.",
    "webhook_removed": "The endpoint was removed. Add it again, and recover what was missed.",
    "webhooks_off": "Endpoints sign with ALONGSIDE_WEBHOOK_KEY, which notifications was not given.",
}
