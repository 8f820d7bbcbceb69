"""The payroll sample pays what the sessions service says, whatever kills it, and the same again from the beginning."""

import asyncio
import csv
import io
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random

import pytest

from deploy.embedded import System
from tests.examples.flowing import Flow, flow
from tests.support.waiting import eventually

SAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "payroll"
COLUMNS = ("line_id", "kind", "day", "minutes", "session_id", "mentor_id")


@contextmanager
def payroll(system: System, credentials: Path, into: Path, *more: str) -> Iterator["subprocess.Popen[bytes]"]:
    """The sample, as a process; killed at the end, as always."""
    url = system.foundation.nats_url
    words = ["--url", url, "--credentials", str(credentials), "--into", str(into), *more]
    with (into.parent / "payroll.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, str(SAMPLE / "payroll.py"), *words], stdout=log, stderr=log
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def kept(folder: Path) -> list[tuple[int, str, str]]:
    """The facts that payroll has on disk."""
    with suppress(sqlite3.OperationalError):
        found = sqlite3.connect(f"file:{folder / 'payroll.sqlite'}?mode=ro", uri=True)
        try:
            return found.execute("SELECT position, name, said FROM facts ORDER BY position").fetchall()
        finally:
            found.close()
    return []


def files(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text() for file in folder.glob("pay-*.csv")}


async def owed(flow: Flow, name: str) -> str:
    """What the sessions service says of a period, as payroll writes it."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    rows.writerows(
        [row[name] for name in COLUMNS] for row in csv.DictReader(io.StringIO(await flow.timesheet(name)))
    )
    return text.getvalue()


async def test_killed_again_and_again_it_pays_each_minute_once_and_the_same_from_the_beginning(
    system: System, credentials: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    sessions, kills = (120, 40) if request.config.getoption("long") else (9, 3)
    into, rng = tmp_path / "paid", Random(sessions)
    async with flow(system) as facts:
        playing = asyncio.create_task(facts.play(sessions, rng))
        for _ in range(kills):
            before = len(kept(into))
            with payroll(system, credentials, into):
                await asyncio.to_thread(
                    eventually, lambda before=before: len(kept(into)) > before or playing.done()
                )
                await asyncio.sleep(rng.random() / 20)  # any moment will do
        await playing
        with payroll(system, credentials, into):
            await asyncio.to_thread(eventually, lambda: len(files(into)) == 2, 40)
        paid = files(into)
        for name in ("first", "second"):
            assert paid[f"pay-{facts.day({'first': 15, 'second': 1}[name])}.csv"] == await owed(facts, name)
        again = tmp_path / "again"
        with payroll(system, credentials, again, "--replay"):
            await asyncio.to_thread(eventually, lambda: kept(again) == kept(into), 40)
            await asyncio.to_thread(eventually, lambda: len(files(again)) == 2, 40)
    assert files(again) == paid
