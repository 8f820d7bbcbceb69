"""Notifications that may send to this machine, its deliverer driven by the test, and a receiver."""

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from services.notifications.webhooks.delivering import Deliverer
from services.notifications.webhooks.settings import WebhookSettings
from shared.kernel.integrators import Integrators
from tests.notifications.webhooks.receiver import Receiver, receiver
from tests.support.served import Served

KEY = "a key that is only good for these tests, and long"


@pytest.fixture
def integrators(notifications: Served, tmp_path: Path) -> Callable[..., None]:
    """Grants facts to integrators, as the verbs write them down."""
    file = tmp_path / "integrators.json"
    notifications.running.integrators = Integrators(file)

    def grant(name: str, *facts: str, regions: tuple[str, ...] = ("uk-london",)) -> None:
        known = json.loads(file.read_text())["integrators"] if file.exists() else []
        one = {
            "name": name,
            "facts": list(facts),
            "regions": list(regions),
            "added_at": "2026-09-01T00:00:00Z",
        }
        kept = [each for each in known if each["name"] != name]
        fresh = file.with_suffix(".new")
        fresh.write_text(json.dumps({"integrators": [*kept, one]}))
        fresh.replace(file)

    return grant


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch) -> WebhookSettings:
    monkeypatch.setenv("ALONGSIDE_WEBHOOK_KEY", KEY)
    monkeypatch.setenv("ALONGSIDE_WEBHOOK_LOOPBACK", "allow")
    monkeypatch.setenv("ALONGSIDE_PROFILE", "dev")
    return WebhookSettings(webhook_key=SecretStr(KEY), webhook_loopback="allow", profile="dev")


@pytest.fixture
async def deliverer(notifications: Served, settings: WebhookSettings) -> AsyncIterator[Deliverer]:
    async with Deliverer(notifications.running, settings) as found:
        yield found


@pytest.fixture
async def at() -> AsyncIterator[Receiver]:
    async with receiver() as found:
        yield found


FACTS = ["sessions.SessionApproved.v1"]


async def add(notifications: Served, at: Receiver, **asked: Any) -> dict[str, Any]:
    """An endpoint at this receiver, which learns its secret."""
    body = {"url": at.url, "facts": FACTS} | asked
    added = await notifications.done("/webhooks", body, role="operator", name="olu")
    at.secret = str(added["secret"])
    return added
