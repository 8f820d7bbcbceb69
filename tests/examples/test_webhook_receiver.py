"""The receiver of webhooks takes what we signed, each once, and nothing else."""

import asyncio
import base64
import json
import os
import secrets
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from standardwebhooks import Webhook

from deploy.embedded import System
from deploy.ports import free
from tests.examples.flowing import flow
from tests.support.waiting import eventually

SAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "webhook_receiver" / "receiver.py"
OLD, NEW = (f"whsec_{base64.b64encode(secrets.token_bytes(24)).decode()}" for _ in range(2))


class Receiver:
    """The sample as a process, to be killed and started again."""

    def __init__(self, into: Path, *known: str) -> None:
        self._port, self._into, self._secrets = free(["receiver"])["receiver"], into, ",".join(known)
        self.url = f"http://127.0.0.1:{self._port}/"

    def start(self, *known: str) -> None:
        self._secrets = ",".join(known) or self._secrets
        command = [sys.executable, str(SAMPLE), "--port", str(self._port), "--into", str(self._into)]
        env = {**os.environ, "WEBHOOK_SECRETS": self._secrets}
        self._process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE)
        assert self._process.stdout
        assert self._process.stdout.readline().startswith(b"listening")

    def kill(self) -> None:
        """As a power failure does."""
        self._process.send_signal(signal.SIGKILL)
        self._process.communicate()

    def taken(self) -> set[bytes]:
        """The bodies that it has on disk."""
        found = sqlite3.connect(f"file:{self._into}?mode=ro", uri=True)
        try:
            return {body for (body,) in found.execute("SELECT body FROM inbox")}
        finally:
            found.close()

    def shown(self) -> dict[str, Any]:
        found: dict[str, Any] = httpx.get(self.url).json()
        return found


@contextmanager
def receiving(into: Path, *known: str) -> Iterator[Receiver]:
    receiver = Receiver(into, *known)
    receiver.start()
    try:
        yield receiver
    finally:
        receiver.kill()


def event(version: int) -> bytes:
    told = {
        "type": "sessions.SessionStarted.v1",
        "subject": "session/1",
        "streamversion": version,
        "data": {},
    }
    return json.dumps(told).encode()


def signed(secret: str, name: str, body: bytes, at: datetime | None = None) -> dict[str, str]:
    at = at or datetime.now(UTC)
    return {
        "webhook-id": name,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(name, at, body.decode()),
    }


@pytest.fixture(scope="module")
def receiver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiver]:
    with receiving(tmp_path_factory.mktemp("inbox") / "inbox.sqlite", OLD, NEW) as receiver:
        yield receiver


def test_what_was_signed_is_taken_once_also_with_the_other_secret_and_after_a_kill(
    receiver: Receiver,
) -> None:
    before, body = receiver.shown()["received"], event(2)
    post = [httpx.post(receiver.url, content=body, headers=signed(OLD, "once", body)) for _ in range(2)]
    assert [(answer.status_code, answer.json()["new"]) for answer in post] == [(200, True), (200, False)]
    receiver.kill()
    receiver.start()
    again = httpx.post(receiver.url, content=body, headers=signed(NEW, "once", body))
    assert (again.status_code, again.json()["new"]) == (200, False)
    assert receiver.shown()["received"] == before + 1


def test_what_is_old_changed_or_signed_by_somebody_else_is_refused(receiver: Receiver) -> None:
    before, body = receiver.shown()["received"], event(3)
    long_ago = datetime.now(UTC) - timedelta(minutes=6)
    other = f"whsec_{base64.b64encode(secrets.token_bytes(24)).decode()}"
    good = signed(OLD, "no", body)
    bad = {
        "old": (body, signed(OLD, "no", body, long_ago)),
        "from the future": (body, signed(OLD, "no", body, datetime.now(UTC) + timedelta(minutes=6))),
        "changed": (body.replace(b"3", b"4"), good),
        "another id": (body, {**good, "webhook-id": "yes"}),
        "another secret": (body, signed(other, "no", body)),
        "no signature": (body, {"webhook-id": "no"}),
        "rubbish": (b"\xff", {**good, "webhook-signature": "v1"}),
    }
    for why, (content, headers) in bad.items():
        assert httpx.post(receiver.url, content=content, headers=headers).status_code == 401, why
    assert receiver.shown()["received"] == before


def test_an_older_fact_that_comes_late_changes_nothing_and_one_not_understood_is_set_aside(
    receiver: Receiver,
) -> None:
    for name, body in {"new": event(9), "late": event(8), "strange": b"{}"}.items():
        httpx.post(receiver.url, content=body, headers=signed(NEW, name, body)).raise_for_status()
    eventually(lambda: receiver.shown()["waiting"] == 0)
    assert receiver.shown()["newest"] == {"sessions.SessionStarted.v1": 1}


async def test_what_the_house_sends_is_taken_byte_for_byte_also_after_the_receiver_was_dead(
    system: System, tmp_path: Path
) -> None:
    receiver, office = Receiver(tmp_path / "inbox.sqlite"), Office(system)
    added = office.command("POST", "", {"url": receiver.url, "facts": ["sessions.SessionScheduled.v1"]})
    receiver.start(added["secret"])
    try:
        async with flow(system) as facts:
            plans = [facts.plan(1, uuid4()) for _ in range(5)]
            for plan in plans[:3]:
                await facts.cancelled(plan, chargeable=False)
            await asyncio.to_thread(eventually, lambda: len(receiver.taken()) == 3)
            receiver.kill()
            for plan in plans[3:]:
                await facts.cancelled(plan, chargeable=False)
            await asyncio.to_thread(eventually, office.has_failed)
            receiver.start()
            await asyncio.to_thread(eventually, lambda: len(receiver.taken()) == 5, 40)
            stored = {(await facts.store.load(plan.session_id))[0].state for plan in plans}
            assert receiver.taken() == stored
    finally:
        receiver.kill()
        office.command("DELETE", f"/{added['endpoint_id']}")


class Office:
    """An operator of the agency, who looks after webhooks."""

    def __init__(self, system: System) -> None:
        self._url = f"{system.urls['notifications']}/webhooks"
        self._who = {"Authorization": f"Bearer dev:operator:{system.region}:olu"}

    def command(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        headers = self._who | {"Idempotency-Key": str(uuid4())}
        answer = httpx.request(method, self._url + path, json=body, headers=headers)
        assert answer.status_code in (200, 201), answer.text
        found: dict[str, Any] = answer.json()
        return found

    def has_failed(self) -> bool:
        """Whether a delivery was tried in vain, and waits."""
        asked = {"state": "waiting"}
        found = httpx.get(f"{self._url}/deliveries", params=asked, headers=self._who).json()["items"]
        return any(one["error"] for one in found)
