"""Store and stream side by side, byte for byte by position."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from nats.aio.msg import Msg
from nats.errors import Error
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.errors import NotFoundError

from shared.kernel.bus.frames import POSITION
from shared.kernel.bus.reading import reader, slots
from shared.kernel.envelope import stream_name
from shared.kernel.store import Store

PAGE = 1000
SHOWN = 20
FETCH_SECONDS = 5.0
LAG_SECONDS = 1.0
VERIFIERS = slots("verify")


@dataclass(slots=True)
class Found:
    """Positions of one kind: how many, and the first few."""

    count: int = 0
    first: list[int] = field(default_factory=list)

    def add(self, position: int, count: int = 1) -> None:
        self.count += count
        self.first.extend(range(position, position + min(count, SHOWN - len(self.first))))


@dataclass(slots=True)
class Comparison:
    """What came out. `streamed` is None when there is no stream at all."""

    stored: int
    streamed: int | None = None
    missing: Found = field(default_factory=Found)
    extra: Found = field(default_factory=Found)
    differing: Found = field(default_factory=Found)
    out_of_order: Found = field(default_factory=Found)

    @property
    def is_whole(self) -> bool:
        return self.streamed == self.stored and not self.missing.count and not self.is_other

    @property
    def is_other(self) -> bool:
        """The stream tells something else than the store: publishing what is missing can't mend that."""
        holes = self.missing.count > self.stored - (self.streamed or 0)
        return bool(self.extra.count or self.differing.count or self.out_of_order.count or holes)


async def compare(
    js: JetStreamContext,
    store: Store,
    region: str,
    service: str,
    tell: Callable[[int], None] = lambda at: None,
) -> Comparison:
    """Read both to their ends of now. `tell` hears how far it is. Raises what NATS and the store raise."""
    name = stream_name(region, service)
    head = await store.head()
    try:
        last = await _last(js, name, head)
    except NotFoundError:
        found = Comparison(head)
        found.missing.add(1, head)
        return found
    head = await store.head()  # after the stream's end: what is in the stream by now is in the store
    found = Comparison(head, last)
    expected = 1
    async for messages in messages_of(js, name, last, VERIFIERS):
        first, until = messages[0].metadata.sequence.stream, messages[-1].metadata.sequence.stream
        facts = {fact.position: fact.state for fact in await store.read(first - 1, until - first + 1)}
        for message in messages:
            sequence = message.metadata.sequence.stream
            if sequence > expected:
                found.missing.add(expected, sequence - expected)
            expected = sequence + 1
            in_place = (message.headers or {}).get(POSITION) == str(sequence)
            if sequence > head:
                found.extra.add(sequence)
            elif not in_place:
                found.out_of_order.add(sequence)
            elif facts.get(sequence) != message.data:
                found.differing.add(sequence)
        tell(until)
    if head >= expected:
        found.missing.add(expected, head - expected + 1)
    return found


async def _last(js: JetStreamContext, name: str, head: int) -> int:
    """The stream's end, waiting for a relay that is on its way to `head`. Raises NotFoundError."""
    last, until = -1, 0.0
    while True:
        found = (await js.stream_info(name)).state.last_seq
        if found > last:
            last, until = found, time.monotonic() + LAG_SECONDS
        if last >= head or time.monotonic() > until:
            return last
        await asyncio.sleep(0.05)


async def messages_of(
    js: JetStreamContext, name: str, last: int, readers: Sequence[str]
) -> AsyncIterator[list[Msg]]:
    """Everything in the stream up to `last`, a page at a time, by a reader of one of these names."""
    if last == 0:
        return
    config = ConsumerConfig(
        ack_policy=AckPolicy.NONE, deliver_policy=DeliverPolicy.ALL, inactive_threshold=60, mem_storage=True
    )
    taken, pull = await reader(js, name, readers, config)
    waiting = asyncio.ensure_future(pull.fetch(PAGE, timeout=FETCH_SECONDS))
    try:
        while True:
            messages: list[Msg] = await waiting
            metadata = messages[-1].metadata
            at = metadata.sequence.stream
            more = at < last and metadata.num_pending
            if more:
                waiting = asyncio.ensure_future(pull.fetch(PAGE, timeout=FETCH_SECONDS))
            yield [message for message in messages if message.metadata.sequence.stream <= last]
            if not more:
                return
    finally:
        waiting.cancel()
        await pull.unsubscribe()
        with suppress(Error):
            await js.delete_consumer(name, taken)
