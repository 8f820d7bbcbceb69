"""Secrets of endpoints, which are kept nowhere, and the signatures made with them (Standard Webhooks)."""

import base64
import hmac
from datetime import datetime
from uuid import UUID

from standardwebhooks import Webhook


def secret(key: bytes, endpoint_id: UUID, generation: int) -> str:
    """The endpoint's secret: follows from our key, so that no table and no fact has it."""
    made = hmac.digest(key, b"alongside webhook\0%b\0%d" % (endpoint_id.bytes, generation), "sha256")
    return "whsec_" + base64.b64encode(made).decode()


def valid(generation: int, old_until: datetime | None, at: datetime) -> tuple[int, ...]:
    """The generations that sign at this time, the newest first."""
    if generation > 1 and old_until is not None and at < old_until:
        return (generation, generation - 1)
    return (generation,)


def signature(secrets: tuple[str, ...], message_id: str, timestamp: datetime, body: bytes) -> str:
    """The header `webhook-signature`: one for each secret, so that a receiver needs to know only one of them."""
    text = body.decode()
    return " ".join(Webhook(one).sign(message_id, timestamp, text) for one in secrets)
