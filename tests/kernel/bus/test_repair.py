"""`stream verify` sees every difference; `stream repair` mends it and overwrites nothing silently."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from nats.aio.client import Client
from typer.testing import CliRunner

from shared.kernel.bus.compare import compare
from shared.kernel.bus.feed import StreamFeed
from shared.kernel.bus.provision import provision_stream
from shared.kernel.bus.relay import Relay
from shared.kernel.bus.repair import WouldReplace, repair
from shared.kernel.bus.verbs import stream
from shared.kernel.cli import DONE, FAILED, NOT_READY, NOTHING_RUNS, REFUSED
from shared.kernel.envelope import stream_name, subject_of
from shared.kernel.store import Store, StoredEvent
from tests.kernel.bus.scene import SERVICE, TOPIC, Reader, assert_whole, record, running, until


async def published(store: Store, bus: Client, region: str, facts: int) -> None:
    """A stream that has all of the store's facts, and no relay running."""
    await provision_stream(bus.jetstream(), region, SERVICE)
    await relayed(store, bus, region, facts)


async def relayed(store: Store, bus: Client, region: str, facts: int) -> None:
    head = await record(store, facts, streams=10)
    relay = Relay(store, bus, region, SERVICE)
    async with running(relay.run()):
        await until(lambda: relay.state.position == head)


async def publish(bus: Client, region: str, fact: StoredEvent, state: bytes, position: int) -> None:
    await bus.jetstream().publish(
        subject_of(region, TOPIC, 1), state, headers={"Alongside-Position": str(position)}, timeout=5
    )


async def test_a_whole_stream_is_called_whole(store: Store, bus: Client, region: str) -> None:
    await published(store, bus, region, 3_210)
    told: list[int] = []
    found = await compare(bus.jetstream(), store, region, SERVICE, told.append)
    assert found.is_whole
    assert not found.is_other
    assert told[-1] == 3_210


async def test_a_deleted_stream_is_made_and_filled_again(store: Store, bus: Client, region: str) -> None:
    await published(store, bus, region, 2_500)
    await bus.jetstream().delete_stream(stream_name(region, SERVICE))
    found = await compare(bus.jetstream(), store, region, SERVICE)
    assert (found.streamed, found.missing.count, found.is_whole, found.is_other) == (
        None,
        2_500,
        False,
        False,
    )
    assert await repair(bus, store, region, SERVICE, found) == 2_500
    await assert_whole(store, bus, region)


async def test_a_stream_deleted_under_a_relay_and_a_reader_comes_back_for_both(
    store: Store, bus: Client, region: str, nats_url: str
) -> None:
    js = bus.jetstream()
    await provision_stream(js, region, SERVICE)
    await record(store, 1_500, streams=10)
    relay = Relay(store, bus, region, SERVICE)
    reader, feed = Reader(), StreamFeed(nats_url, region, SERVICE, "sessions-coverage")
    async with running(relay.run(), reader.follow(feed)):
        await until(lambda: reader.checkpoint == 1_500)
        await js.delete_stream(stream_name(region, SERVICE))
        await record(store, 10)
        await until(lambda: relay.state.error and feed.state.alarm)
        found = await compare(js, store, region, SERVICE)
        assert await repair(bus, store, region, SERVICE, found) == 1_510
        await until(lambda: reader.checkpoint == 1_510)
        await until(lambda: relay.state.error is None and feed.state.alarm is None)
    await assert_whole(store, bus, region)
    assert [position for position, _ in reader.got] == list(range(1, 1_511))


async def test_facts_missing_at_the_end_are_filled_in(store: Store, bus: Client, region: str) -> None:
    await published(store, bus, region, 100)
    await record(store, 20)
    found = await compare(bus.jetstream(), store, region, SERVICE)
    assert (found.missing.count, found.missing.first[:2], found.is_other) == (20, [101, 102], False)
    await repair(bus, store, region, SERVICE, found)
    await assert_whole(store, bus, region)


async def test_what_differs_is_found_and_replaced_only_when_told_to(
    store: Store, bus: Client, region: str
) -> None:
    js = bus.jetstream()
    await provision_stream(js, region, SERVICE)
    await record(store, 6)
    facts = await store.read(0)
    for position, fact, state in (
        (1, facts[0], facts[0].state),
        (2, facts[1], facts[1].state.replace(b'"n":1', b'"n":9')),
        (4, facts[3], facts[3].state),
        (3, facts[2], facts[2].state),
        (5, facts[4], facts[4].state),
        (6, facts[5], facts[5].state),
        (7, facts[5], facts[5].state),
    ):
        await publish(bus, region, fact, state, position)
    found = await compare(js, store, region, SERVICE)
    assert found.differing.first == [2]
    assert found.out_of_order.first == [3, 4]
    assert found.extra.first == [7]
    assert found.missing.count == 0
    with pytest.raises(WouldReplace):
        await repair(bus, store, region, SERVICE, found)
    assert (await js.stream_info(stream_name(region, SERVICE))).state.last_seq == 7
    await repair(bus, store, region, SERVICE, found, replace=True)
    await assert_whole(store, bus, region)


async def test_a_hole_in_the_middle_needs_a_replacement(store: Store, bus: Client, region: str) -> None:
    js, name = bus.jetstream(), stream_name(region, SERVICE)
    await provision_stream(js, region, SERVICE)
    config = (await js.stream_info(name)).config
    await js.delete_stream(name)
    config.deny_delete = config.deny_purge = False
    await js.add_stream(config)
    await relayed(store, bus, region, 10)
    assert await js.delete_msg(name, 4)
    found = await compare(js, store, region, SERVICE)
    assert found.missing.first == [4]
    assert found.is_other


async def test_the_verbs_tell_by_their_exit_code(
    store: Store, bus: Client, region: str, database_url: str, nats_url: str, tmp_path: Path
) -> None:
    services = {SERVICE: {"database_url": database_url}, "console": {"database_url": None}}
    (tmp_path / "run.json").write_text(
        json.dumps({"region": region, "nats_url": nats_url, "services": services})
    )

    async def run(verb: str, *more: str) -> tuple[int, dict[str, Any]]:
        words = [verb, "--data", str(tmp_path), "--json", *more]
        result = await asyncio.to_thread(CliRunner().invoke, stream, words)
        return result.exit_code, json.loads(result.stdout)

    await record(store, 30)
    assert (await run("verify"))[0] == NOT_READY
    assert (await run("repair"))[0] == DONE
    code, answer = await run("verify")
    assert (code, answer["streams"][0]["says"]) == (DONE, "whole: 30 facts")
    await publish(bus, region, (await store.read(0))[0], b"{}", 31)
    code, answer = await run("verify")
    assert (code, answer["streams"][0]["extra"]["first"]) == (FAILED, [31])
    assert (await run("repair"))[0] == REFUSED
    assert (await run("repair", "--replace"))[0] == DONE
    assert (await run("verify"))[0] == DONE
    assert (await run("verify", "--service", "training"))[0] == NOTHING_RUNS
    await assert_whole(store, bus, region)
