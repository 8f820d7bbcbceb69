"""The event store of one service."""

import asyncio
from types import TracebackType
from typing import Self
from uuid import UUID

from shared.kernel.store.head import Head
from shared.kernel.store.reader import Reader
from shared.kernel.store.recorder import Recorder
from shared.kernel.store.records import Append, Appended, Request, StoredEvent
from shared.kernel.store.writer import Writer


class Store:
    """Facts go in together with their claims and idempotency key, and come out in one dense order."""

    def __init__(self, database_url: str, patience: float = 10.0) -> None:
        self.database_url = database_url
        self._reader = Reader(database_url, patience)
        self._head = Head(database_url, self._reader.head)
        self._writer = Writer(database_url, self._head.reached, patience)

    @classmethod
    async def open(cls, database_url: str, patience: float = 10.0) -> Self:
        """Connect. `patience` is how long a caller waits for the database, in seconds."""
        store = cls(database_url, patience)
        await store._reader.open()
        store._head.start()
        store._writer.start()
        return store

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        await self._writer.close()
        await self._head.close()
        await self._reader.close()

    async def create(self) -> None:
        """Make the tables; safe to repeat."""
        await asyncio.to_thread(create_tables, self.database_url)

    async def append(self, append: Append) -> Appended:
        """Record, or raise VersionConflict, ClaimTaken, RequestSeen or StoreUnavailable: then nothing is."""
        return await self._writer.append(append)

    async def find_request(self, key: str) -> Request | None:
        """What was answered under this idempotency key, if it was used."""
        return await self._writer.find_request(key)

    async def load(self, stream: UUID) -> list[StoredEvent]:
        """Every event of a stream, by version; empty when there is none."""
        return await self._reader.load(stream)

    async def read(self, after: int, limit: int = 5000) -> list[StoredEvent]:
        """The next events of the log after a position, in order; fewer than `limit` at its end."""
        return await self._reader.log(after, limit)

    async def states(self, after: int, limit: int = 5000) -> list[tuple[int, bytes]]:
        """Position and bytes of the next events, in order: all that a feed needs, in a third of the time."""
        return await self._reader.states(after, limit)

    async def head(self) -> int:
        """The position of the last event; 0 when there is none."""
        return await self._reader.head()

    async def wait_beyond(self, position: int, timeout: float) -> int:
        """Return the head as soon as it is beyond `position`, or after `timeout` seconds anyhow."""
        return await self._head.beyond(position, timeout)


def create_tables(database_url: str) -> None:
    """Make the store's tables in this database; safe to repeat."""
    recorder = Recorder.open(database_url)
    try:
        recorder.create_table()
    finally:
        recorder.datastore.close()
