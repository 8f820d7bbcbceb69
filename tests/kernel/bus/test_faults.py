"""Killed at the worst moments, relay and reader leave nothing out and nothing twice."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import psycopg
import pytest
from nats.aio.client import Client

from deploy.engines.nats import Nats
from shared.kernel.bus.connection import UnfitServer, assert_settings
from shared.kernel.bus.provision import provision_stream
from shared.kernel.bus.relay import Relay
from shared.kernel.store import Store
from tests.kernel.bus.scene import SERVICE, assert_whole, record, running, until

ROOT = Path(__file__).parents[3]


async def process(what: str, fault: str, *words: str) -> asyncio.subprocess.Process:
    settings = {"ALONGSIDE_PROFILE": "dev", "ALONGSIDE_FAULT": fault, "PYTHONPATH": str(ROOT)}
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.kernel.bus.relay_process",
        what,
        *words,
        cwd=ROOT,
        env={**os.environ, **settings},
        stdout=asyncio.subprocess.DEVNULL,
    )


@pytest.mark.parametrize(
    "fault",
    ["relay.before_publish:1", "relay.before_publish:7", "relay.after_publish:4", "relay.before_ack:3"],
)
async def test_a_relay_killed_at_a_named_point_is_continued_without_loss_or_doubling(
    store: Store, bus: Client, region: str, database_url: str, nats_url: str, fault: str
) -> None:
    await provision_stream(bus.jetstream(), region, SERVICE)
    await record(store, 12_345, streams=40)
    dying = await process("relay", fault, database_url, nats_url, region)
    assert await asyncio.wait_for(dying.wait(), 20) == -signal.SIGKILL
    relay = Relay(store, bus, region, SERVICE)
    async with running(relay.run()):
        await until(lambda: relay.state.position == 12_345)
    await assert_whole(store, bus, region)


async def test_a_reader_killed_between_its_commit_and_the_acknowledgement_applies_nothing_twice(
    store: Store, bus: Client, region: str, database_url: str, nats_url: str
) -> None:
    await provision_stream(bus.jetstream(), region, SERVICE)
    await record(store, 3_000, streams=30)
    relay = Relay(store, bus, region, SERVICE)
    async with running(relay.run()):
        await until(lambda: relay.state.position == 3_000)
    for fault in ("feed.before_ack:1", "feed.before_ack:2", "feed.before_ack:1"):
        dying = await process("read", fault, database_url, nats_url, region)
        assert await asyncio.wait_for(dying.wait(), 20) == -signal.SIGKILL
    reading = await process("read", "", database_url, nats_url, region)
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
        reached = (0,)
        while reached[0] < 3_000:
            assert reading.returncode is None
            await asyncio.sleep(0.02)
            reached = await (await connection.execute("SELECT position FROM reached")).fetchone() or (0,)
        reading.kill()
        await reading.wait()
        found = await connection.execute("SELECT position, state FROM got ORDER BY number")
        got = [(position, bytes(state)) for position, state in await found.fetchall()]
    assert got == [(fact.position, fact.state) for fact in await store.read(0)]


async def test_a_server_that_may_lose_what_it_acknowledged_is_refused(bus: Client) -> None:
    found = await assert_settings(bus)
    assert found["version"] >= "2.15"
    assert found["sync"] == "not seen"
    answered = await asyncio.start_server(_not_synced, "127.0.0.1", 0)
    port = answered.sockets[0].getsockname()[1]
    async with answered:
        with pytest.raises(UnfitServer, match="sync_interval"):
            await assert_settings(bus, f"http://127.0.0.1:{port}")


async def _not_synced(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    body = b'{"jetstream":{"config":{"sync_interval":120000000000}}}'
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%b" % (len(body), body))
    await writer.drain()
    writer.close()


async def test_a_server_that_syncs_every_write_is_accepted(bus: Client, mortal_nats: Nats) -> None:
    assert (await assert_settings(bus, mortal_nats.monitor_url))["sync"] == "always"
