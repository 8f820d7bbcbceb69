"""An integrator reads its facts durably, comes back after a cut, and replays from a place or a time."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import nats
import pytest
from nats.js import JetStreamContext

from deploy.nats import registering
from shared.kernel.integrators import Integrators
from tests.deploy.nats.house import APPROVED, LOCKED, LOGGED, MISSED, SESSIONS, Bus, Line, asked, durable


async def read(pull: JetStreamContext.PullSubscription, count: int) -> list[int]:
    """The numbers of so many facts, each acknowledged for certain."""
    found: list[int] = []
    while len(found) < count:
        for message in await pull.fetch(count - len(found), timeout=5):
            found.append(int(message.data))
            await message.ack_sync(2)
    return found


async def pulling(line: Line, name: str, topic: str) -> JetStreamContext.PullSubscription:
    return await line.theirs.pull_subscribe_bind(durable(name, topic), SESSIONS)


async def made_anew(
    line: Line, name: str, topic: str, **settings: object
) -> JetStreamContext.PullSubscription:
    await line.theirs.delete_consumer(SESSIONS, durable(name, topic))
    answer = await line.answer(*asked(name, topic, **settings))
    assert answer is not None
    assert "error" not in answer, answer
    return await pulling(line, name, topic)


async def test_it_reads_durably_and_goes_on_where_it_was_after_a_cut(bus: Bus) -> None:
    await bus.let_in("reader", MISSED, LOGGED)
    await bus.publish(MISSED, 6)
    await bus.publish(LOCKED, 1)
    await bus.publish(LOGGED, 2)
    async with bus.as_("reader") as line:
        assert await read(await pulling(line, "reader", MISSED), 2) == [0, 1]
    async with bus.as_("reader") as line:
        pull = await pulling(line, "reader", MISSED)
        assert await read(pull, 2) == [2, 3]
        cut: Any = line.client._transport
        cut.close()  # the cable is pulled
        while line.client.stats["reconnects"] == 0:
            await asyncio.sleep(0.01)
        assert await read(pull, 2) == [4, 5]
        with pytest.raises(nats.errors.TimeoutError):
            await pull.fetch(1, timeout=0.2)
        assert len(await read(await pulling(line, "reader", LOGGED), 2)) == 2
        assert line.refused == ["nats: unexpected EOF"]


async def test_it_replays_from_a_sequence_and_from_a_time(bus: Bus) -> None:
    await bus.let_in("replayer", LOCKED)
    async with bus.as_("operator") as house:
        first = (await house.js.stream_info(SESSIONS)).state.last_seq + 1
    await bus.publish(LOCKED, 3, start=100)
    await asyncio.sleep(0.05)  # a time between two facts
    between = datetime.now(UTC)
    await asyncio.sleep(0.05)
    await bus.publish(LOCKED, 2, start=200)
    async with bus.as_("replayer") as line:
        from_place = {"deliver_policy": "by_start_sequence", "opt_start_seq": first + 1}
        assert await read(await made_anew(line, "replayer", LOCKED, **from_place), 4) == [101, 102, 200, 201]
        from_time = {"deliver_policy": "by_start_time", "opt_start_time": between.isoformat()}
        assert await read(await made_anew(line, "replayer", LOCKED, **from_time), 2) == [200, 201]


async def test_a_new_key_stops_the_old_one_and_keeps_the_place(bus: Bus) -> None:
    await bus.let_in("turner", APPROVED)
    await bus.publish(APPROVED, 2, start=300)
    before = Integrators(bus.running.data / "integrators.json").find("turner")
    assert before
    async with bus.as_("turner") as old, bus.as_("sessions-relay") as other:
        pull = await pulling(old, "turner", APPROVED)
        (await pull.fetch(1, timeout=5))[0]
        made, fresh = await registering.rotate(bus.running, "turner")
        bus.keys["turner"] = fresh.nkey_seed
        while not old.client.is_reconnecting and not old.client.is_closed:
            await asyncio.sleep(0.01)
        assert (made.token_sha256, made.nkey) != (before.token_sha256, before.nkey)
        assert other.client.stats["reconnects"] == 0, "nobody else notices"
    async with bus.as_("turner") as new:
        info = await new.theirs.consumer_info(SESSIONS, durable("turner", APPROVED))
        assert info.num_ack_pending == 1


async def test_one_that_is_removed_is_out_with_its_durables_and_its_token(bus: Bus) -> None:
    made, fresh, _ = await registering.add(bus.running, "leaver", [APPROVED], "uk-london")
    known = Integrators(bus.running.data / "integrators.json")
    assert known.by_token(fresh.token) == made
    bus.keys["leaver"] = fresh.nkey_seed
    await registering.remove(bus.running, "leaver")
    assert known.by_token(fresh.token) is None
    with pytest.raises(nats.errors.Error):
        await nats.connect(bus.running.nats_url, nkeys_seed_str=fresh.nkey_seed, allow_reconnect=False)
    async with bus.as_("operator") as house:
        with pytest.raises(nats.js.errors.NotFoundError):
            await house.js.consumer_info(SESSIONS, durable("leaver", APPROVED))
    kept = (bus.running.data / "integrators.json").read_text()
    assert fresh.nkey_seed not in kept
    assert fresh.token not in kept
