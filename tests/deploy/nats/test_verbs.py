"""./alongside integrator: what it prints is enough to begin, and is kept nowhere."""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from deploy import running
from deploy.nats import letting_in
from deploy.nats.integrator_verbs import integrator
from shared.kernel.cli import FAILED, NOTHING_RUNS, REFUSED
from tests.deploy.nats.house import APPROVED, LOGGED, OVERDUE, Bus


@pytest.fixture
def data(bus: Bus) -> Path:
    """Where the verbs find the server."""
    running.write(bus.running)
    return bus.running.data


def said(data: Path, *words: str, code: int = 0) -> dict[str, Any]:
    ran = CliRunner().invoke(integrator, [*words, "--data", str(data), "--json"])
    assert ran.exit_code == code, ran.output
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


async def test_the_program_that_is_printed_reads_a_fact(bus: Bus, data: Path, tmp_path: Path) -> None:
    told = await asyncio.to_thread(said, data, "add", "printed", "--facts", f"{OVERDUE},{LOGGED}")
    assert [one["durable"] for one in told["durables"]] == [
        "printed-sessions-LogOverdue-v1",
        "printed-sessions-SessionLogged-v1",
    ]
    assert "arrives sealed" in told["warnings"][0]
    (tmp_path / "printed.nk").write_text(told["nkey_seed"])
    await bus.publish(OVERDUE, 1, body='{"type": "a", "subject": "b"}')
    reading = await asyncio.create_subprocess_exec(
        sys.executable, "-c", told["python"], cwd=tmp_path, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert reading.stdout
        line = await asyncio.wait_for(reading.stdout.readline(), 20)
        assert line.split()[1:] == [b"a", b"b"]
    finally:
        reading.kill()
        await reading.wait()


def test_secrets_are_shown_once(bus: Bus, data: Path) -> None:
    first = said(data, "add", "once", "--facts", APPROVED)
    second = said(data, "rotate", "once")
    everything = "".join(file.read_text() for file in data.rglob("*") if file.suffix in (".json", ".conf"))
    for told in (first, second):
        assert told["nkey_seed"] not in everything
        assert told["token"] not in everything
    assert first["nkey_seed"] != second["nkey_seed"]
    assert first["token"] != second["token"]
    assert "once" in {one["name"] for one in said(data, "ls")["integrators"]}
    assert said(data, "remove", "once") == {
        "removed": "once",
        "durables": ["once-sessions-SessionApproved-v1"],
    }
    assert "once" not in {one["name"] for one in said(data, "ls")["integrators"]}


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["add", "acme", "--facts", APPROVED], "acme is there already"),
        (["add", "Acme", "--facts", APPROVED], "a-z, 0-9 and hyphens"),
        (["add", "sessions", "--facts", APPROVED], "is no service's"),
        (["add", "wales", "--facts", APPROVED, "--region", "uk-wales"], "this house serves uk-london"),
        (["add", "curious", "--facts", "assignments.SafeguardingConcernRaised.v1"], "never granted"),
        (["rotate", "nobody"], "no integrator 'nobody'; there are acme"),
        (["remove", "nobody"], "no integrator 'nobody'"),
    ],
)
def test_what_is_refused_says_why(data: Path, words: list[str], why: str) -> None:
    assert why in said(data, *words, code=REFUSED)["error"]


def test_one_that_could_not_be_let_in_is_not_left_behind(
    bus: Bus, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server is busy with other things."""
    monkeypatch.setattr(letting_in, "LET_IN_SECONDS", 0.5)
    pid = bus.engine.child.pid
    assert pid
    os.kill(pid, signal.SIGSTOP)
    try:
        error = said(data, "add", "unlucky", "--facts", APPROVED, code=FAILED)["error"]
    finally:
        os.kill(pid, signal.SIGCONT)
    assert "the bus does not answer" in error
    assert "unlucky" not in {one["name"] for one in said(data, "ls")["integrators"]}


def test_without_a_house_it_says_so(tmp_path: Path) -> None:
    assert "nothing runs" in said(tmp_path, "add", "acme", "--facts", APPROVED, code=NOTHING_RUNS)["error"]
