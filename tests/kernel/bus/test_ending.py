"""What runs for ever can be ended at any moment."""

import asyncio

from nats.aio.client import Client

from shared.kernel.bus.feed import StreamFeed
from shared.kernel.bus.leadership import lead
from shared.kernel.bus.provision import provision_stream
from shared.kernel.bus.relay import Relay
from shared.kernel.store import Store
from tests.kernel.bus.scene import SERVICE, Reader, record


async def test_work_that_swallows_its_cancellation_ends_with_the_leadership(database_url: str) -> None:
    begun, swallowed = asyncio.Event(), 0

    async def deaf() -> None:
        nonlocal swallowed
        begun.set()
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                swallowed += 1
                if swallowed == 3:
                    raise

    leading = asyncio.create_task(lead(database_url, "being deaf", deaf))
    await begun.wait()
    leading.cancel()
    await asyncio.wait((leading,), timeout=5)
    assert leading.cancelled()
    assert swallowed == 3


async def test_relay_and_feed_end_at_any_moment(
    store: Store, bus: Client, region: str, nats_url: str
) -> None:
    await provision_stream(bus.jetstream(), region, SERVICE)
    await record(store, 20_000, streams=40)
    for passes in range(0, 600, 15):
        reader = Reader()
        feed = StreamFeed(nats_url, region, SERVICE, "sessions-coverage")
        tasks = [
            asyncio.create_task(Relay(store, bus, region, SERVICE).run()),
            asyncio.create_task(feed.run(position=0, apply=reader.apply)),
        ]
        for _ in range(passes):
            await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
        _, left = await asyncio.wait(tasks, timeout=10)
        assert not left, f"still running, cancelled after {passes} passes of the loop"
