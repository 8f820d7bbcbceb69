"""A stretch of one service's log on its way from the store into tables."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256

from psycopg.conninfo import make_conninfo

from deploy.snapshots.files import Writers
from deploy.snapshots.manifest import Stretch
from deploy.snapshots.tables import Table, Unfit, known
from shared.kernel import envelope, faults
from shared.kernel.envelope import Envelope
from shared.kernel.store.reader import Reader

CHUNK = 10_000


@dataclass(frozen=True, slots=True)
class Reading:
    """One service's facts on their way from its store into tables."""

    database_url: str
    service: str
    tables: Mapping[str, Table]
    writers: Writers

    async def stretch(self, after: int, up_to: int, tell: Callable[[int], None]) -> Stretch:
        """Write the facts after one position up to another, in chunks of a fixed length. Raises Unfit."""
        topics, rows, at = known(self.service), 0, after
        async with reader(self.database_url) as store:
            while at < up_to:
                chunk = await store.states(at, min(CHUNK, up_to - at))
                if not chunk or chunk[-1][0] != at + len(chunk):
                    raise Unfit(f"the store of {self.service} has a gap after position {at}")
                rows += await asyncio.to_thread(self._take, chunk, topics)
                await faults.reach("snapshot.chunk_written")
                at = chunk[-1][0]
                tell(at - after)
            last = await digest_at(store, at) if at else ""
        return Stretch(after=after, up_to=up_to, rows=rows, left_out=up_to - after - rows, last=last)

    def _take(self, chunk: Sequence[tuple[int, bytes]], topics: frozenset[str]) -> int:
        """The facts of a chunk to their tables; how many there were."""
        found: dict[str, list[tuple[int, Envelope]]] = {}
        for position, state in chunk:
            read = envelope.read(state)
            if read.type in self.tables:
                found.setdefault(read.type, []).append((position, read))
            elif read.type not in topics:
                raise Unfit(
                    f"fact {position} of {self.service} is a {read.type}, which this release does not know: "
                    "update it first"
                )
        for topic in sorted(found):
            self.writers.add(topic, self.tables[topic].batch(found[topic]))
        self.writers.ease()
        return sum(map(len, found.values()))


@asynccontextmanager
async def reader(database_url: str) -> AsyncIterator[Reader]:
    """The log of a store, through a connection that could not write."""
    reader = Reader(make_conninfo(database_url, options="-c default_transaction_read_only=on"))
    await reader.open()
    try:
        yield reader
    finally:
        await reader.close()


async def digest_at(store: Reader, position: int) -> str:
    """SHA-256 of the bytes stored there."""
    [(_, state)] = await store.states(position - 1, 1)
    return sha256(state).hexdigest()
