"""`up` as people meet it: one process, Ctrl-C, a second start, a taken port, a kill -9."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from deploy import running
from deploy.processes import leftovers, runs
from shared.kernel.cli import NOTHING_RUNS, REFUSED
from tests.support.waiting import eventually


def start(data: Path, *names: str, base: str = "free") -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.deploy.house", str(data), base, *names]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@contextmanager
def house(data: Path, *names: str) -> Iterator[subprocess.Popen[str]]:
    started = start(data, *names)
    try:
        eventually(lambda: is_ready(data) or started.poll() is not None, 30)
        assert started.poll() is None, started.communicate()
        yield started
    finally:
        if started.poll() is None:
            started.terminate()
        started.communicate(timeout=10)


def is_ready(data: Path) -> bool:
    found = running.find(data)
    return found is not None and found.state == "ready"


def verb(*words: str) -> tuple[int, dict[str, Any]]:
    command = [sys.executable, "-P", "-m", "shared.kernel.cli", *words, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, json.loads(done.stdout)


def refusal(started: subprocess.Popen[str]) -> str:
    out, _ = started.communicate(timeout=30)
    assert started.returncode == REFUSED
    return str(
        next(event["text"] for event in map(json.loads, out.splitlines()) if event["event"] == "refused")
    )


def test_ctrl_c_stops_everything_in_order_within_five_seconds(data_dir: Path) -> None:
    with house(data_dir, "sessions", "training") as started:
        began = time.monotonic()
        started.send_signal(signal.SIGINT)
        out, _ = started.communicate(timeout=10)
    assert time.monotonic() - began < 5
    assert started.returncode == 0
    assert [json.loads(line)["event"] for line in out.splitlines()[-2:]] == ["stopping", "stopped"]
    assert leftovers(data_dir) == []
    log = (data_dir / "logs" / "postgres.log").read_text()
    assert "database system is shut down" in log


def test_ctrl_c_while_starting_leaves_nothing_behind(data_dir: Path) -> None:
    started = start(data_dir, "sessions")
    eventually(lambda: (data_dir / "logs" / "nats.log").exists())
    started.send_signal(signal.SIGINT)
    started.communicate(timeout=10)
    assert started.returncode == 0
    assert leftovers(data_dir) == []


def test_a_second_start_on_the_same_data_is_refused(data_dir: Path) -> None:
    with house(data_dir, "sessions") as first:
        said = refusal(start(data_dir, "sessions"))
        assert f"already running on {data_dir} (process {first.pid})" in said
        assert is_ready(data_dir)


def test_a_taken_port_is_named_with_the_option_that_changes_it(data_dir: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        said = refusal(start(data_dir, base=str(taken - 10)))
    assert f"port taken: {taken} (postgres)" in said
    assert "--port postgres=NUMBER" in said


def test_a_start_after_kill_9_of_the_supervisor_recovers(data_dir: Path) -> None:
    with house(data_dir, "sessions", "training") as first:
        found = running.find(data_dir)
        assert found is not None
        url = found.services["sessions"].database_url or ""
        with psycopg.connect(url) as connection:
            connection.execute("INSERT INTO stand_in VALUES (1)")
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
    assert running.find(data_dir) is None
    orphans = leftovers(data_dir)
    assert {process.name() for process in orphans} >= {"postgres", "nats-server"}
    with house(data_dir, "sessions", "training") as second:
        again = running.find(data_dir)
        assert again is not None
        assert not any(runs(process) for process in orphans)
        with psycopg.connect(again.services["sessions"].database_url or "") as connection:
            assert connection.execute("SELECT id FROM stand_in").fetchall() == [(1,)]
        second.send_signal(signal.SIGINT)
        out, _ = second.communicate(timeout=10)
    assert any(json.loads(line)["event"] == "recovered" for line in out.splitlines())


def test_a_start_after_kill_9_of_everything_recovers(data_dir: Path) -> None:
    with house(data_dir, "sessions") as first:
        os.kill(first.pid, signal.SIGKILL)
        for process in leftovers(data_dir):
            process.kill()
        first.wait()
    assert (data_dir / "postgres" / "postmaster.pid").exists()
    with house(data_dir, "sessions"):
        assert is_ready(data_dir)


def test_status_and_doctor_tell_programs_how_it_is(data_dir: Path) -> None:
    assert verb("status", "--data", str(data_dir))[0] == NOTHING_RUNS
    with house(data_dir, "sessions"):
        code, told = verb("status", "--data", str(data_dir))
        assert (code, told["ready"]) == (0, True)
        assert told["services"]["sessions"]["projections"][0]["lag_facts"] == 2
        code, told = verb("doctor", "--data", str(data_dir))
        assert code == 0, told
        found = {finding["name"]: finding for finding in told["findings"]}
        assert found["postgres"]["detail"].startswith("18")
        assert found["nats"]["detail"].endswith("every write synced: yes")
