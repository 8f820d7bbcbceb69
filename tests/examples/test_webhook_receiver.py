"""The receiver of webhooks takes what we signed, each once, and nothing else."""

import base64
import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook

from deploy.ports import free
from tests.support.waiting import eventually

SAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "webhook_receiver" / "receiver.py"
OLD, NEW = (f"whsec_{base64.b64encode(secrets.token_bytes(24)).decode()}" for _ in range(2))


class Receiver:
    """The sample as a process, to be killed and started again."""

    def __init__(self, into: Path, *known: str) -> None:
        self._port, self._into, self._secrets = free(["receiver"])["receiver"], into, ",".join(known)
        self.url = f"http://127.0.0.1:{self._port}/"
        self.start()

    def start(self) -> None:
        command = [sys.executable, str(SAMPLE), "--port", str(self._port), "--into", str(self._into)]
        env = {**os.environ, "WEBHOOK_SECRETS": self._secrets}
        self._process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE)
        assert self._process.stdout
        assert self._process.stdout.readline().startswith(b"listening")

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.communicate()

    def shown(self) -> dict[str, Any]:
        found: dict[str, Any] = httpx.get(self.url).json()
        return found


@contextmanager
def receiving(into: Path, *known: str) -> Iterator[Receiver]:
    receiver = Receiver(into, *known)
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
