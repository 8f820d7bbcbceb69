"""Facts on their way out: one message when one waits, atomic batches under way together when many do."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing

from shared.kernel import faults
from shared.kernel.bus.frames import Frames
from shared.kernel.bus.publisher import NotPublished, Publisher, Ticket
from shared.kernel.bus.tail import Tail
from shared.kernel.signing import Signing
from shared.kernel.store import Store, StoredEvent

PAGE = 5000
BATCH = 1000
"""The server takes no longer atomic batch."""
BATCH_BYTES = 4 << 20
UNDER_WAY = 3
ANSWER_SECONDS = 5.0


class Outflow:
    """Publishes a store's facts from the tail on. `confirmed` hears each position that is on disk."""

    def __init__(
        self,
        store: Store,
        publisher: Publisher,
        frames: Frames,
        tail: Tail,
        confirmed: Callable[[int], None],
        signing: Signing | None = None,
    ) -> None:
        self._store, self._publisher, self._frames, self._signing = store, publisher, frames, signing
        self._sent = tail.position
        self._confirmed = confirmed
        self._window: deque[tuple[int, Ticket]] = deque()

    async def publish_until(self, head: int) -> None:
        """Everything up to `head`, and what is found behind it meanwhile; returns when all is confirmed.

        Raises NotPublished: then nothing is known of what was under way, and only a new tail can tell where
        to go on.
        """
        page = await self._store.read(self._sent, PAGE)
        while page:
            full = len(page) == PAGE
            ahead = asyncio.ensure_future(self._store.read(page[-1].position, PAGE)) if full else None
            try:
                async with aclosing(self._signed(page)) as signed:
                    async for facts, signatures in signed:
                        await self._send(facts, signatures)
                page = await ahead if ahead else []
            finally:
                if ahead:
                    ahead.cancel()
        while self._window:
            await self._confirm()
        if self._sent < head:
            raise NotPublished(f"the store's head is {head}, but it gives no fact after {self._sent}")

    async def _send(self, facts: Sequence[StoredEvent], signatures: Sequence[str]) -> None:
        if facts[0].position != self._sent + 1:
            raise NotPublished(f"the store lacks fact {self._sent + 1}: the next one is {facts[0].position}")
        while len(self._window) >= UNDER_WAY:
            await self._confirm()
        ticket = self._publisher.ticket()
        await faults.reach("relay.before_publish")
        await self._publisher.send(self._frames.of(facts, ticket.reply, signatures))
        await faults.reach("relay.after_publish")
        self._sent = facts[-1].position
        self._window.append((self._sent, ticket))

    async def _signed(
        self, page: Sequence[StoredEvent]
    ) -> AsyncGenerator[tuple[Sequence[StoredEvent], Sequence[str]], None]:
        """The batches of a page with their signatures; the next one is being signed while one is sent."""
        cut = list(batches(page))
        ahead = asyncio.ensure_future(self._sign(cut[0]))
        try:
            for number, facts in enumerate(cut, start=1):
                signatures = await ahead
                if number < len(cut):
                    ahead = asyncio.ensure_future(self._sign(cut[number]))
                yield facts, signatures
        finally:
            ahead.cancel()

    async def _sign(self, facts: Sequence[StoredEvent]) -> Sequence[str]:
        """A batch takes a twentieth of a second, so other work goes on meanwhile."""
        if self._signing is None:
            return ()
        states = [(fact.position, fact.state) for fact in facts]
        if len(states) == 1:
            return self._signing.sign(states)
        return await asyncio.to_thread(self._signing.sign, states)

    async def _confirm(self) -> None:
        position, ticket = self._window.popleft()
        stored = await self._publisher.answer(ticket, ANSWER_SECONDS)
        await faults.reach("relay.before_ack")
        if stored.sequence != position:
            raise NotPublished(f"fact {position} became {stored.sequence} of stream {stored.stream}")
        self._confirmed(position)


def batches(facts: Sequence[StoredEvent]) -> Iterator[Sequence[StoredEvent]]:
    """Cut where the server would refuse a longer batch, or where it grows too large to be sent in one go."""
    start = size = 0
    for end, fact in enumerate(facts):
        if end > start and (end - start == BATCH or size + len(fact.state) > BATCH_BYTES):
            yield facts[start:end]
            start, size = end, 0
        size += len(fact.state)
    if start < len(facts):
        yield facts[start:]
