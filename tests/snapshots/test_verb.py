"""./alongside snapshot, as people and programs call it."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from deploy.snapshots.verb import snapshot
from tests.snapshots.region import REGION, Region, leaving

run = CliRunner()


@pytest.fixture
def named(region: Region, monkeypatch: pytest.MonkeyPatch) -> Region:
    """The region, as the environment names it."""
    monkeypatch.setenv("ALONGSIDE_REGION", REGION)
    monkeypatch.setenv("ALONGSIDE_SNAPSHOT_STORES", json.dumps(dict(region.databases)))
    return region


def called(code: int, *words: object) -> Any:
    """What it says as JSON; it has to end so."""
    answer = run.invoke(snapshot, [*map(str, words), "--json"])
    assert answer.exit_code == code, answer.output
    return json.loads(answer.stdout)


async def recorded(region: Region) -> None:
    await region.record("sessions", *leaving("sessions")[:5])


def test_take_follow_verify_and_current(named: Region, tmp_path: Path) -> None:
    copy, data = tmp_path / "copy", tmp_path / "data"
    asyncio.run(recorded(named))
    taken = called(0, "take", copy, "--data", data)
    assert (taken["round"], taken["rows"], taken["positions"]["sessions"]) == (1, 5, 5)
    assert called(0, "follow", copy, "--data", data, "--once")["new"] is False
    asyncio.run(recorded(named))
    followed = called(0, "follow", copy, "--data", data, "--once")
    assert (followed["new"], followed["round"], followed["rows"]) == (True, 2, 5)
    assert called(0, "verify", copy)["whole"] is True
    assert called(0, "current", copy)["rows"] == {"sessions": 1}
    assert called(5, "take", copy, "--data", data)["error"].endswith("follow it, or name another folder")
    assert (
        "no fact that may leave"
        in called(2, "take", tmp_path / "b", "--data", data, "--facts", "audit.*")["error"]
    )

    (data / "snapshot-keys" / "analysts.key").unlink()
    assert "No such file" in called(5, "follow", copy, "--data", data, "--once")["error"]
    called(0, "take", tmp_path / "other", "--data", data)
    assert "another key" in called(5, "follow", copy, "--data", data, "--once")["error"]

    (copy / "000001" / "manifest.json").unlink()
    spoiled = called(1, "verify", copy)
    assert {finding["kind"] for finding in spoiled["findings"]} == {"UNREADABLE", "GAP"}


def test_without_a_house_or_a_snapshot_it_says_what_to_do(tmp_path: Path) -> None:
    answer = run.invoke(snapshot, ["take", str(tmp_path / "copy"), "--data", str(tmp_path)])
    assert answer.exit_code == 4
    assert "start it with ./alongside up" in answer.stderr
    answer = run.invoke(snapshot, ["verify", str(tmp_path)])
    assert answer.exit_code == 2
    assert "take one with" in answer.stderr
    assert run.invoke(snapshot, ["take", str(tmp_path), "--format", "xlsx"]).exit_code == 2
