"""The feed of a service's own facts: its own store, read in order and woken by every commit."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Protocol

from shared.kernel import envelope
from shared.kernel.recorded import Arrival
from shared.kernel.signing import Signing
from shared.kernel.store import Store

Apply = Callable[[list[Any]], Awaitable[None]]
"""Takes arrivals: see `signing.Arrival`."""

BATCH = 5000
SILENCE_SECONDS = 5.0


class Feed(Protocol):
    """Yields a source's facts in order of position, each batch again until `apply` has returned."""

    async def run(self, *, position: int, apply: Apply) -> None:
        """Hand over what comes after `position`, for ever. Ends only by an exception."""

    async def head(self) -> int:
        """The source's last position as this feed knows it."""

    async def recorded_at(self, position: int) -> datetime | None:
        """When the fact at this position was recorded; None when it can't be told."""


class StoreFeed:
    """Reads ahead while a batch is being applied. With `signing` facts come as they will be in the stream."""

    def __init__(self, store: Store, batch: int = BATCH, *, signing: Signing | None = None) -> None:
        self._store, self._signing = store, signing
        self._batch = batch

    async def run(self, *, position: int, apply: Apply) -> None:
        facts = await self._next(position)
        while True:
            ahead: asyncio.Task[list[Arrival]] | None = None
            if len(facts) == self._batch:
                ahead = asyncio.create_task(self._next(facts[-1][0]))
            try:
                await apply(facts)
                facts = await (ahead or self._next(facts[-1][0]))
            finally:
                if ahead and not ahead.done():
                    ahead.cancel()

    async def _next(self, after: int) -> list[Arrival]:
        while True:
            if facts := await self._store.states(after, self._batch):
                if self._signing is None:
                    return [*facts]
                signatures = await asyncio.to_thread(self._signing.sign, facts)
                return [(*fact, made) for fact, made in zip(facts, signatures, strict=True)]
            await self._store.wait_beyond(after, SILENCE_SECONDS)

    async def head(self) -> int:
        return await self._store.head()

    async def recorded_at(self, position: int) -> datetime | None:
        found = await self._store.read(position - 1, 1)
        return envelope.read(found[0].state).time if found else None
