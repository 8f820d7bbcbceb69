"""Verify names what was done to a snapshot's files."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deploy.snapshots import manifest
from deploy.snapshots.manifest import NotASnapshot
from deploy.snapshots.verifying import verify
from tests.snapshots.region import Region, leaving

LOGGED = "facts/sessions.SessionLogged.v1.parquet"


def edit_a_row(folder: Path) -> None:
    file = folder / "000002" / LOGGED
    whole = bytearray(file.read_bytes())
    whole[len(whole) // 2] ^= 1
    file.write_bytes(bytes(whole))


def edit_a_manifest(folder: Path) -> None:
    change(folder / "000001", lambda found: found["services"]["sessions"].update(left_out=1, rows=5))


def take_out_the_middle(folder: Path) -> None:
    shutil.rmtree(folder / "000002")


def take_out_the_middle_and_renumber(folder: Path) -> None:
    shutil.rmtree(folder / "000002")
    (folder / "000003").rename(folder / "000002")
    change(folder / "000002", lambda found: found.update(round=2))


def put_a_round_in_twice(folder: Path) -> None:
    shutil.copytree(folder / "000003", folder / "000004")
    change(folder / "000004", lambda found: found.update(round=4))


def put_the_rows_of_another_round_in(folder: Path) -> None:
    shutil.copy(folder / "000001" / LOGGED, folder / "000002" / LOGGED)
    there = {
        held["topic"]: held for held in json.loads((folder / "000001/manifest.json").read_text())["tables"]
    }

    def told(found: dict[str, Any]) -> None:
        tables = found["tables"]
        for at, held in enumerate(tables):
            if held["topic"] == "sessions.SessionLogged.v1":
                tables[at] = there[held["topic"]]

    change(folder / "000002", told)


def lose_a_file(folder: Path) -> None:
    (folder / "000001" / LOGGED).unlink()


def slip_a_file_in(folder: Path) -> None:
    shutil.copy(folder / "000001" / LOGGED, folder / "000001" / "facts/sessions.SessionInvented.v1.parquet")


def spoil_a_manifest(folder: Path) -> None:
    (folder / "000002" / "manifest.json").write_text("{}")


def change(place: Path, told: Callable[[dict[str, Any]], object]) -> None:
    found = json.loads((place / manifest.FILE).read_text())
    told(found)
    (place / manifest.FILE).write_text(json.dumps(found))


ATTACKS = {
    edit_a_row: {"EDITED"},
    edit_a_manifest: {"EDITED", "GAP"},
    take_out_the_middle: {"GAP"},
    take_out_the_middle_and_renumber: {"GAP", "EDITED"},
    put_a_round_in_twice: {"OVERLAP", "EDITED"},
    put_the_rows_of_another_round_in: {"OVERLAP", "EDITED"},
    lose_a_file: {"MISSING"},
    slip_a_file_in: {"EXTRA"},
    spoil_a_manifest: {"UNREADABLE", "GAP"},
}


async def test_whatever_was_done_to_the_files_is_named(region: Region, tmp_path: Path) -> None:
    facts = [
        fact for fact in leaving("sessions") if type(fact).__name__ in ("SessionLogged", "SessionStarted")
    ]
    taker = region.taker(tmp_path / "copy")
    for at in range(3):
        await region.record("sessions", *facts)
        await (taker.follow() if at else taker.take("parquet"))
    assert verify(tmp_path / "copy").findings == []
    for attack, kinds in ATTACKS.items():
        folder = tmp_path / attack.__name__
        shutil.copytree(tmp_path / "copy", folder)
        attack(folder)
        assert {finding.kind for finding in verify(folder).findings} == kinds, attack.__name__
    with pytest.raises(NotASnapshot, match="holds no snapshot"):
        verify(tmp_path)
