"""What of webhooks follows facts, falls due, or works by itself."""

from datetime import datetime
from typing import get_args
from uuid import UUID

from services.notifications.webhooks.delivering import Deliverer
from services.notifications.webhooks.domain.endpoint import Disable, Warn, WebhookFact, endpoint
from services.notifications.webhooks.projections import webhooks
from services.notifications.webhooks.queueing import take
from services.notifications.webhooks.recording import DISABLING, WARNING
from shared.kernel.projection import DueRow, Issue, Projection, Queue

SOURCES = frozenset({"assignments", "sessions", "training", "notifications", "audit"})

PROJECTIONS = (Projection("webhooks", get_args(WebhookFact), ("webhook_endpoints",), webhooks),)
QUEUES = (Queue("webhook_queue", (), follows=SOURCES, take=take),)
WORKS = {"webhooks": Deliverer}


def warn(row: DueRow) -> Issue:
    """It has taken nothing for days: say so, while there is time to mend it."""
    since = datetime.fromisoformat(row.payload["since"])
    disabled_from = datetime.fromisoformat(row.payload["disabled_from"])
    return Issue(endpoint, UUID(row.key), Warn(since, disabled_from, row.due_at))


def disable(row: DueRow) -> Issue:
    """It has taken nothing for longer than that."""
    since = datetime.fromisoformat(row.payload["since"])
    return Issue(endpoint, UUID(row.key), Disable("failing", f"due:{DISABLING}", row.due_at, since))


DUE = {WARNING: warn, DISABLING: disable}
