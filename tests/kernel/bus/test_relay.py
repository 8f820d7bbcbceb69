"""The relay carries each fact once, in order, byte for byte, whatever happens to it."""

import asyncio
import uuid

import pytest
from nats.aio.client import Client

from deploy.engines.nats import Nats
from shared.kernel.bus.connection import connect
from shared.kernel.bus.frames import Frames
from shared.kernel.bus.provision import provision_stream
from shared.kernel.bus.publisher import NotPublished, Publisher
from shared.kernel.bus.relay import Relay
from shared.kernel.envelope import partition, stream_name, subject_of
from shared.kernel.store import Append, Store
from tests.kernel.bus.scene import SERVICE, TOPIC, assert_whole, in_stream, kill, record, running, until


async def test_a_backlog_and_what_follows_arrive_once_in_order_and_unchanged(
    store: Store, bus: Client, region: str
) -> None:
    await provision_stream(bus.jetstream(), region, SERVICE)
    await record(store, 7_350, streams=70)
    relay = Relay(store, bus, region, SERVICE)
    async with running(relay.run()):
        await until(lambda: relay.state.position == 7_350)
        for head in range(7_351, 7_371):
            await record(store, 1)
            await until(lambda head=head: relay.state.position == head)  # type: ignore[misc]
        assert relay.state.lag_facts == 0
        assert relay.state.lag_seconds == 0.0
        assert relay.state.error is None
    await assert_whole(store, bus, region)


async def test_a_message_tells_its_position_the_one_before_it_in_its_partition_and_its_id(
    store: Store, bus: Client, region: str
) -> None:
    await provision_stream(bus.jetstream(), region, SERVICE)
    await record(store, 300, streams=100)
    relay = Relay(store, bus, region, SERVICE)
    async with running(relay.run()):
        await until(lambda: relay.state.position == 300)
    await record(store, 100, streams=100)
    relay = Relay(store, bus, region, SERVICE)
    async with running(relay.run()):  # another one, which must find out what came before in each partition
        await until(lambda: relay.state.position == 400)

    stored = await store.read(0)
    before: dict[int, int] = {}
    for fact, (_, headers, _, subject) in zip(stored, await in_stream(bus, region), strict=True):
        number = partition(fact.stream)
        assert headers["Alongside-Position"] == str(fact.position)
        assert headers["Alongside-Previous"] == str(before.get(number, 0))
        assert headers["Nats-Msg-Id"] == f"{region}-{SERVICE}-{fact.position}"
        assert headers["content-type"] == "application/cloudevents+json"
        assert subject == subject_of(region, TOPIC, number)
        before[number] = fact.position


async def test_a_relay_stopped_in_the_middle_of_its_window_is_followed_by_one_that_goes_on(
    store: Store, bus: Client, region: str
) -> None:
    await provision_stream(bus.jetstream(), region, SERVICE)
    await record(store, 12_000, streams=60)
    for at in (1, 2_000, 6_000):
        relay = Relay(store, bus, region, SERVICE)
        async with running(relay.run()):
            await until(lambda relay=relay, at=at: relay.state.position >= at)  # type: ignore[misc]
    relay = Relay(store, bus, region, SERVICE)
    async with running(relay.run()):
        await until(lambda: relay.state.position == 12_000)
    await assert_whole(store, bus, region)


async def test_of_two_relays_one_leads_and_the_other_takes_over(
    store: Store, bus: Client, region: str
) -> None:
    await provision_stream(bus.jetstream(), region, SERVICE)
    first, second = Relay(store, bus, region, SERVICE), Relay(store, bus, region, SERVICE)
    async with running(second.run()):
        async with running(first.run()):
            await until(lambda: first.state.leading or second.state.leading)
            await record(store, 2_000, streams=4)
            await until(lambda: first.state.position == second.state.position == 2_000)
            assert first.state.leading != second.state.leading
        await until(lambda: second.state.leading)
        await record(store, 2_000, streams=4)
        await until(lambda: second.state.position == 4_000)
    await assert_whole(store, bus, region)


async def test_losing_the_lock_s_connection_is_losing_leadership(
    store: Store, bus: Client, region: str, database_url: str
) -> None:
    import psycopg

    await provision_stream(bus.jetstream(), region, SERVICE)
    relay = Relay(store, bus, region, SERVICE)
    async with running(relay.run()):
        await until(lambda: relay.state.leading)
        async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as admin:
            ended = await admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s",
                (f"alongside relay:{SERVICE}",),
            )
            assert ended.rowcount == 1
        await until(lambda: not relay.state.leading, seconds=2)
        await until(lambda: relay.state.leading)
        await record(store, 10)
        await until(lambda: relay.state.position == 10)


async def test_two_that_both_believe_to_lead_double_nothing(store: Store, bus: Client, region: str) -> None:
    await provision_stream(bus.jetstream(), region, SERVICE)
    await record(store, 8_000, streams=40)
    relays = [Relay(store, bus, region, SERVICE) for _ in range(2)]
    async with running(*(relay._carry() for relay in relays)):
        for _ in range(30):
            head = await record(store, 7)
        await until(lambda: all(relay.state.position == head for relay in relays), seconds=30)
    await assert_whole(store, bus, region)


@pytest.mark.parametrize("facts", [slice(11, 12), slice(11, 14), slice(4, 12)])
async def test_what_does_not_follow_the_last_fact_is_refused_by_the_server(
    store: Store, bus: Client, region: str, facts: slice
) -> None:
    await provision_stream(bus.jetstream(), region, SERVICE)
    await record(store, 10)
    relay = Relay(store, bus, region, SERVICE)
    async with running(relay.run()):
        await until(lambda: relay.state.position == 10)
    await record(store, 10)
    publisher = await Publisher(bus).open()
    ticket = publisher.ticket()
    await publisher.send(Frames(region, SERVICE, {}).of((await store.read(0))[facts], ticket.reply))
    with pytest.raises(NotPublished):
        await publisher.answer(ticket, 5)
    await publisher.close()
    assert len(await in_stream(bus, region)) == 10


async def test_the_dedupe_window_does_not_matter(store: Store, bus: Client, region: str) -> None:
    js = bus.jetstream()
    await provision_stream(js, region, SERVICE)
    config = (await js.stream_info(stream_name(region, SERVICE))).config
    config.duplicate_window = 0.1  # the shortest that the server takes
    await js.update_stream(config)
    await record(store, 5_000, streams=10)
    for at in (1, 2_000, 5_000):
        relay = Relay(store, bus, region, SERVICE)
        async with running(relay.run()):
            await until(lambda relay=relay, at=at: relay.state.position >= at)  # type: ignore[misc]
    await assert_whole(store, bus, region)


async def test_a_server_killed_during_a_backlog_costs_and_doubles_nothing(
    store: Store, mortal_nats: Nats, region: str
) -> None:
    bus = await connect(mortal_nats.url, "test-relay")
    await provision_stream(bus.jetstream(), region, SERVICE)
    await record(store, 30_000, streams=120)
    relay = Relay(store, bus, region, SERVICE)
    async with running(relay.run()):
        for at in (3_000, 12_000):
            await until(lambda at=at: relay.state.position >= at)  # type: ignore[misc]
            assert relay.state.position < 30_000
            await asyncio.to_thread(kill, mortal_nats)
            await until(lambda: relay.state.error)
            assert relay.state.lag_facts > 0
            await asyncio.to_thread(mortal_nats.start)
        await until(lambda: relay.state.position == 30_000, seconds=30)
        await until(lambda: relay.state.error is None)
    await assert_whole(store, bus, region)
    await bus.close()


async def test_a_missing_stream_is_said_and_a_new_one_is_filled(
    store: Store, bus: Client, region: str
) -> None:
    await record(store, 500)
    relay = Relay(store, bus, region, SERVICE)
    async with running(relay.run()):
        await until(lambda: "does not exist" in (relay.state.error or ""))
        assert "stream repair" in (relay.state.error or "")
        await provision_stream(bus.jetstream(), region, SERVICE)
        await until(lambda: relay.state.position == 500)
        await until(lambda: relay.state.error is None)
    await assert_whole(store, bus, region)


async def test_a_stream_that_is_not_the_store_s_is_left_alone(store: Store, bus: Client, region: str) -> None:
    js = bus.jetstream()
    await provision_stream(js, region, SERVICE)
    await js.publish(
        subject_of(region, TOPIC, 1), b"something else", headers={"Alongside-Position": "1"}, timeout=5
    )
    await record(store, 5)
    relay = Relay(store, bus, region, SERVICE)
    async with running(relay.run()):
        await until(lambda: "is not the store's" in (relay.state.error or ""))
    assert (await js.stream_info(stream_name(region, SERVICE))).state.last_seq == 1


async def test_a_stream_longer_than_the_store_stops_the_relay(store: Store, bus: Client, region: str) -> None:
    js = bus.jetstream()
    await provision_stream(js, region, SERVICE)
    for _ in range(3):
        await js.publish(subject_of(region, TOPIC, 1), uuid.uuid4().bytes, timeout=5)
    await record(store, 2)
    relay = Relay(store, bus, region, SERVICE)
    async with running(relay.run()):
        await until(lambda: "the store only 2" in (relay.state.error or ""))
        await store.append(Append(uuid.uuid4(), 0, [(TOPIC, b"{}")]))
        await until(lambda: "is not the store's" in (relay.state.error or ""))
    assert (await js.stream_info(stream_name(region, SERVICE))).state.last_seq == 3
