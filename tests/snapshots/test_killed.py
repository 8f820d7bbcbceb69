"""A follower that is killed anywhere has written a round whole or not at all."""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from random import Random

import pytest

from deploy.snapshots import folder as rounds
from deploy.snapshots.leaving import SERVICES
from deploy.snapshots.verifying import verify
from shared.kernel.store import Store
from tests.snapshots.region import Region, all_rows, leaving, there


def unfinished(folder: Path) -> list[str]:
    return [name for name in there(folder) if name.startswith(".new-")]


@pytest.mark.parametrize(
    ("fault", "written"),
    [
        ("snapshot.before_rename", 1),
        pytest.param("snapshot.chunk_written:3", 1, marks=pytest.mark.long),
        pytest.param("snapshot.after_rename", 2, marks=pytest.mark.long),
    ],
)
async def test_killed_while_following_it_loses_and_doubles_nothing(
    region: Region, tmp_path: Path, fault: str, written: int
) -> None:
    facts = leaving("sessions")[:6]
    await region.record("sessions", *facts)
    taker = region.taker(tmp_path / "copy")
    await taker.take("parquet")
    await region.record("sessions", *facts)

    stores = {"STORES": json.dumps(dict(region.databases))}
    dying = {"ALONGSIDE_PROFILE": "dev", "ALONGSIDE_FAULT": fault}
    command = [sys.executable, "-P", "-m", "tests.snapshots.following", str(tmp_path / "copy"), "2"]
    ended = await asyncio.create_subprocess_exec(*command, env={**os.environ, **stores, **dying})
    assert await asyncio.wait_for(ended.wait(), 60) == -signal.SIGKILL

    assert len(rounds.rounds(tmp_path / "copy")) == written
    assert verify(tmp_path / "copy").findings == []
    assert unfinished(tmp_path / "copy") == ([".new-000002"] if written == 1 else [])

    await region.record("sessions", *facts)
    await taker.follow()
    await region.taker(tmp_path / "later").take("parquet")
    assert all_rows(tmp_path / "copy") == all_rows(tmp_path / "later")
    assert verify(tmp_path / "copy").findings == []
    assert unfinished(tmp_path / "copy") == []


@pytest.mark.long
async def test_killed_again_and_again_at_any_moment_it_loses_and_doubles_nothing(
    region: Region, tmp_path: Path
) -> None:
    stop, chance = asyncio.Event(), Random(5)
    taker = region.taker(tmp_path / "copy")
    await taker.take("parquet")

    async def recording(service: str) -> None:
        async with await Store.open(region.databases[service]) as store:
            while not stop.is_set():
                await region.append(store, service, *leaving(service)[:5])

    writers = [asyncio.create_task(recording(service)) for service in SERVICES]
    command = [sys.executable, "-P", "-m", "tests.snapshots.following", str(tmp_path / "copy"), "50", "on"]
    for _ in range(8):
        before = rounds.newest(tmp_path / "copy")[0].round
        following = await asyncio.create_subprocess_exec(
            *command, env={**os.environ, "STORES": json.dumps(dict(region.databases))}
        )
        while rounds.newest(tmp_path / "copy")[0].round == before:
            assert following.returncode is None
            await asyncio.sleep(0.01)
        await asyncio.sleep(chance.random() / 4)
        following.kill()
        await following.wait()
        assert verify(tmp_path / "copy").findings == []
    stop.set()
    await asyncio.gather(*writers)
    await taker.follow()
    await region.taker(tmp_path / "later").take("parquet")
    assert all_rows(tmp_path / "copy") == all_rows(tmp_path / "later")


async def test_a_take_that_was_killed_can_be_begun_again(region: Region, tmp_path: Path) -> None:
    await region.record("sessions", *leaving("sessions")[:3])
    rounds.begin(tmp_path, 1)
    taken = await region.taker(tmp_path).take("parquet")
    assert taken.rows == 3
    assert unfinished(tmp_path) == []
