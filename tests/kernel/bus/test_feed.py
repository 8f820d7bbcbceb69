"""The stream feed hands over each fact once, dense and in order, and says when it can't."""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress

import pytest
from nats.aio.client import Client
from nats.js import JetStreamContext

from deploy.engines.nats import Nats
from shared.kernel.bus.connection import connect
from shared.kernel.bus.feed import StreamFeed
from shared.kernel.bus.provision import (
    BATCH,
    MOST_UNDER_WAY,
    durable_config,
    provision_durable,
    provision_stream,
)
from shared.kernel.bus.relay import Relay
from shared.kernel.envelope import stream_name, subject_of
from shared.kernel.store import Store
from tests.kernel.bus.scene import SERVICE, TOPIC, Reader, kill, record, running, until

DURABLE = "sessions-coverage"


@pytest.fixture
async def js(store: Store, bus: Client, region: str) -> AsyncIterator[JetStreamContext]:
    """The stream, and a relay that fills it from the store."""
    context = bus.jetstream(timeout=5)
    await provision_stream(context, region, SERVICE)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(running(Relay(store, bus, region, SERVICE).run()))
        yield context


async def test_a_reader_gets_every_fact_once_dense_and_unchanged(
    store: Store, js: JetStreamContext, nats_url: str, region: str
) -> None:
    await record(store, 5_000, streams=50)
    reader, feed = Reader(), StreamFeed(nats_url, region, SERVICE, DURABLE)
    async with running(reader.follow(feed)):
        await until(lambda: reader.checkpoint == 5_000)
        await record(store, 700, streams=7)
        await until(lambda: reader.checkpoint == 5_700)
        await until(lambda: feed.state.alarm is None)
        assert feed.state.lag_facts == 0
        assert await feed.head() == 5_700
        assert await feed.recorded_at(1) is None  # this test's facts are no envelopes
    assert reader.got == [(fact.position, fact.state) for fact in await store.read(0, 10_000)]
    assert max(reader.sizes) <= BATCH
    info = await js.consumer_info(stream_name(region, SERVICE), DURABLE)
    assert info.ack_floor
    assert info.ack_floor.stream_seq == 5_700


async def test_a_fact_does_not_wait_for_others(
    store: Store, js: JetStreamContext, nats_url: str, region: str
) -> None:
    reader, feed = Reader(), StreamFeed(nats_url, region, SERVICE, DURABLE)
    waits: list[float] = []
    arrived = asyncio.Event()

    async def apply(facts: list[tuple[int, bytes]]) -> None:
        await reader.apply(facts)
        arrived.set()

    async with running(feed.run(position=0, apply=apply)):
        await until(lambda: feed.state.alarm is None)
        for _ in range(100):
            arrived.clear()
            await record(store, 1)
            recorded = time.perf_counter()
            await arrived.wait()
            waits.append((time.perf_counter() - recorded) * 1000)
    assert reader.sizes == [1] * 100
    waits.sort()
    print(f"recorded to applied, ms: p50 {statistics.median(waits):.2f} p99 {waits[98]:.2f}")
    assert statistics.median(waits) < 200  # a feed that collects a batch takes half a second and more


async def test_a_crash_between_applying_and_acknowledging_applies_nothing_twice(
    store: Store, js: JetStreamContext, nats_url: str, region: str
) -> None:
    await record(store, 1_200, streams=12)
    reader = Reader()

    async def apply_and_die(facts: list[tuple[int, bytes]]) -> None:
        await reader.apply(facts)
        raise KeyboardInterrupt if reader.checkpoint > 2_000 else ConnectionError("lost after the commit")

    with suppress(ConnectionError):
        await StreamFeed(nats_url, region, SERVICE, DURABLE).run(position=0, apply=apply_and_die)
    applied = reader.checkpoint
    assert 0 < applied <= BATCH
    info = await js.consumer_info(stream_name(region, SERVICE), DURABLE)
    assert info.ack_floor
    assert info.ack_floor.stream_seq == 0
    async with running(reader.follow(StreamFeed(nats_url, region, SERVICE, DURABLE))):
        await until(lambda: reader.checkpoint == 1_200)
    assert [position for position, _ in reader.got] == list(range(1, 1_201))


async def test_what_the_reader_raises_is_the_reader_s_and_nothing_is_skipped(
    store: Store, js: JetStreamContext, nats_url: str, region: str
) -> None:
    await record(store, 1_000, streams=10)
    reader, feed = Reader(), StreamFeed(nats_url, region, SERVICE, DURABLE)
    reader.fails = 1_000
    async with running(reader.follow(feed)):
        await until(lambda: "database is away" in (feed.state.alarm or ""))
        reader.fails = 0
        await until(lambda: reader.checkpoint == 1_000)
        await until(lambda: feed.state.alarm is None)


async def test_a_durable_deleted_under_the_feed_is_noticed_and_made_again(
    store: Store, js: JetStreamContext, nats_url: str, region: str
) -> None:
    await record(store, 100)
    reader, feed = Reader(), StreamFeed(nats_url, region, SERVICE, DURABLE)
    async with running(reader.follow(feed)):
        await until(lambda: reader.checkpoint == 100)
        await js.delete_consumer(stream_name(region, SERVICE), DURABLE)
        await until(lambda: "durable lost" in (feed.state.alarm or ""), seconds=5)
        await record(store, 50)
        await until(lambda: reader.checkpoint == 150, seconds=5)
        await until(lambda: feed.state.alarm is None)


async def test_a_durable_that_skips_a_fact_is_set_back(
    store: Store, js: JetStreamContext, nats_url: str, region: str
) -> None:
    await record(store, 10)
    reader, feed = Reader(), StreamFeed(nats_url, region, SERVICE, DURABLE)
    async with running(reader.follow(feed)):
        await until(lambda: reader.checkpoint == 10)
        await provision_durable(js, region, SERVICE, "other")
        # whoever moves the durable forward makes it skip what comes next
        await js.reset_consumer(stream_name(region, SERVICE), DURABLE, 13)
        await record(store, 5)
        await until(lambda: reader.checkpoint == 15)
    assert [position for position, _ in reader.got] == list(range(1, 16))


async def test_facts_delivered_again_are_not_applied_again(
    store: Store, js: JetStreamContext, nats_url: str, region: str
) -> None:
    await record(store, 10)
    reader, feed = Reader(), StreamFeed(nats_url, region, SERVICE, DURABLE)
    async with running(reader.follow(feed)) as (following,):
        await until(lambda: reader.checkpoint == 10)
        # as after an acknowledgement that was lost: the durable begins again at 4
        await js.reset_consumer(stream_name(region, SERVICE), DURABLE, 4)
        await record(store, 5)
        await until(lambda: reader.checkpoint == 15 or following.done())
        await until(lambda: feed.state.alarm is None or following.done())
    assert [position for position, _ in reader.got] == list(range(1, 16))


async def test_a_durable_that_stays_silent_is_noticed(
    store: Store, js: JetStreamContext, nats_url: str, region: str
) -> None:
    reader, feed = Reader(), StreamFeed(nats_url, region, SERVICE, DURABLE)
    async with running(reader.follow(feed)):
        await until(lambda: feed.state.alarm is None)
        await js.pause_consumer(stream_name(region, SERVICE), DURABLE, "2100-01-01T00:00:00Z")
        await record(store, 5)
        await until(lambda: feed.state.alarm == "nothing arrives: the durable is paused", seconds=8)
        assert feed.state.lag_facts == 5
        assert feed.state.lag_seconds > 1
        await js.resume_consumer(stream_name(region, SERVICE), DURABLE)
        await until(lambda: reader.checkpoint == 5)
        await until(lambda: feed.state.alarm is None)


async def test_a_stream_shorter_than_the_checkpoint_stops_the_feed(
    store: Store, js: JetStreamContext, nats_url: str, region: str
) -> None:
    await record(store, 10)
    reader, feed = Reader(), StreamFeed(nats_url, region, SERVICE, DURABLE)
    reader.checkpoint = 12
    async with running(reader.follow(feed)):
        await until(lambda: "ends at" in (feed.state.alarm or ""))
        assert "12 of it are applied" in (feed.state.alarm or "")
        await record(store, 4)
        await until(lambda: reader.checkpoint == 14)
        await until(lambda: feed.state.alarm is None)
    assert [position for position, _ in reader.got] == [13, 14]


async def test_a_message_not_of_the_relay_stops_the_feed(bus: Client, nats_url: str, region: str) -> None:
    js = bus.jetstream()
    await provision_stream(js, region, SERVICE)
    await js.publish(subject_of(region, TOPIC, 1), b"{}", headers={"Alongside-Position": "1"})
    await js.publish(subject_of(region, TOPIC, 1), b"{}", headers={"Alongside-Position": "7"})
    reader, feed = Reader(), StreamFeed(nats_url, region, SERVICE, DURABLE)
    async with running(reader.follow(feed)):
        await until(lambda: "fact 2" in (feed.state.alarm or "") and "marked 7" in (feed.state.alarm or ""))
        assert feed.state.lag_facts >= 1
    assert reader.checkpoint <= 1


async def test_a_missing_stream_is_said(nats_url: str, region: str) -> None:
    feed = StreamFeed(nats_url, region, SERVICE, DURABLE)
    async with running(feed.run(position=0, apply=Reader().apply)):
        await until(lambda: "does not exist" in (feed.state.alarm or ""))


async def test_the_feed_survives_a_killed_server(store: Store, mortal_nats: Nats, region: str) -> None:
    bus = await connect(mortal_nats.url, "test-relay")
    await provision_stream(bus.jetstream(), region, SERVICE)
    reader, feed = Reader(), StreamFeed(mortal_nats.url, region, SERVICE, DURABLE)
    async with running(Relay(store, bus, region, SERVICE).run(), reader.follow(feed)):
        for head in (4_000, 8_000):
            await record(store, 4_000, streams=40)
            await until(lambda head=head: reader.checkpoint > head - 4_000)  # type: ignore[misc]
            await asyncio.to_thread(kill, mortal_nats)
            await until(lambda: feed.state.alarm)
            await asyncio.to_thread(mortal_nats.start)
            await until(lambda head=head: reader.checkpoint == head, seconds=20)  # type: ignore[misc]
            await until(lambda: feed.state.alarm is None)
    assert reader.got == [(fact.position, fact.state) for fact in await store.read(0, 10_000)]
    await bus.close()


async def test_a_drifted_durable_is_mended(store: Store, js: JetStreamContext, region: str) -> None:
    stream = stream_name(region, SERVICE)
    wanted = durable_config(DURABLE)
    wanted.max_ack_pending = 1_000
    wanted.filter_subject = f"alongside.{region}.open.>"
    await js.add_consumer(stream, wanted)
    mended = await provision_durable(js, region, SERVICE, DURABLE)
    assert set(mended.mended) == {"max_ack_pending", "filter_subject"}
    assert (await provision_durable(js, region, SERVICE, DURABLE)).mended == ()
    found = (await js.consumer_info(stream, DURABLE)).config
    assert (found.max_ack_pending, found.filter_subject) == (MOST_UNDER_WAY, None)
