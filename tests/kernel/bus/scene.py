"""What happens around the bus in these tests: facts are recorded, a stream is read back, a server dies."""

import asyncio
import signal
import time
import uuid
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

from nats.aio.client import Client
from nats.js.api import AckPolicy, ConsumerConfig

from deploy.engines.nats import Nats
from shared.kernel.bus.ending import end
from shared.kernel.bus.feed import StreamFeed
from shared.kernel.envelope import stream_name
from shared.kernel.store import Append, Store

SERVICE = "assignments"
TOPIC = "assignments.MentorAssigned.v1"


async def record(store: Store, facts: int, streams: int = 1, size: int = 40) -> int:
    """Append facts to new streams; the head afterwards."""

    async def one(number: int) -> None:
        here = facts // streams + (number < facts % streams)
        events = [
            (TOPIC, b'{"n":%d,"pad":"%b"}' % (n, uuid.uuid4().hex.encode() * (size // 32)))
            for n in range(here)
        ]
        await store.append(Append(uuid.uuid4(), 0, events))

    await asyncio.gather(*(one(number) for number in range(streams)))
    return await store.head()


async def in_stream(
    bus: Client, region: str, service: str = SERVICE
) -> list[tuple[int, dict[str, str], bytes, str]]:
    """Everything in the stream by its own means: sequence, headers, bytes, subject."""
    js, name = bus.jetstream(timeout=5), stream_name(region, service)
    last = (await js.stream_info(name)).state.last_seq
    reader = await js.pull_subscribe("", stream=name, config=ConsumerConfig(ack_policy=AckPolicy.NONE))
    found: list[tuple[int, dict[str, str], bytes, str]] = []
    while len(found) < last:
        for message in await reader.fetch(min(1000, last - len(found)), timeout=5):
            sequence = message.metadata.sequence.stream
            found.append((sequence, dict(message.headers or {}), message.data, message.subject))
    await reader.unsubscribe()
    return found


async def assert_whole(store: Store, bus: Client, region: str) -> None:
    """The stream holds each of the store's facts once, in order, byte for byte."""
    stored = await store.read(0, 1_000_000)
    found = await in_stream(bus, region)
    assert [sequence for sequence, *_ in found] == [fact.position for fact in stored]
    assert [data for _, _, data, _ in found] == [fact.state for fact in stored]


@asynccontextmanager
async def running(*work: Coroutine[Any, Any, None]) -> AsyncIterator[list["asyncio.Task[None]"]]:
    """Run in the background; cancelled at the end, and an error of theirs is the test's."""
    tasks = [asyncio.create_task(one) for one in work]
    try:
        yield tasks
    finally:
        for task in tasks:
            if not task.done():
                await end(task)
            elif error := task.exception():
                raise error


async def until(reached: Callable[[], Any], seconds: float = 15) -> None:
    """Wait for a condition; fails after `seconds`."""
    end = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < end, f"not reached within {seconds} s"
        await asyncio.sleep(0.01)


def kill(server: Nats) -> None:
    """As with kill -9."""
    server.child.send(signal.SIGKILL)
    assert server.child.wait(5)


class Reader:
    """A reader with a checkpoint: what it got, in the order it got it. `fails` makes it raise that often."""

    def __init__(self) -> None:
        self.checkpoint = 0
        self.got: list[tuple[int, bytes]] = []
        self.sizes: list[int] = []
        self.fails = 0

    async def apply(self, facts: list[tuple[int, bytes]]) -> None:
        if self.fails:
            self.fails -= 1
            raise ConnectionError("the reader's database is away")
        for position, state in facts:
            assert position == self.checkpoint + 1
            self.got.append((position, state))
            self.checkpoint = position
        self.sizes.append(len(facts))

    async def follow(self, feed: StreamFeed) -> None:
        """As a runner does: from the checkpoint, again and again."""
        while True:
            with suppress(ConnectionError):
                await feed.run(position=self.checkpoint, apply=self.apply)
