"""Group commit: callers queue up, one writer takes all that wait and commits them together."""

import asyncio
from collections.abc import Callable
from typing import Any

import structlog
from psycopg import AsyncConnection, OperationalError

from shared.kernel import faults
from shared.kernel.store.batches import Waiting, answer, choose, prepare, send, settle
from shared.kernel.store.connecting import connect
from shared.kernel.store.records import (
    Append,
    Appended,
    Request,
    RequestSeen,
    StoreUnavailable,
    VersionConflict,
)

log = structlog.get_logger(__name__)

MOST = 512
# Two batches under way: one is packed and answered here while the database does the other. It makes them take turns.
LANES = 2
FEWEST = 16
RECONNECT_SECONDS = 0.2
TOO_LATE = "the event store did not answer in time; repeat with the same key"

_SEEN = """
SELECT r.key, r.fingerprint, r.status, r.response, coalesce(e.notification_id, 0), r.version
FROM requests r LEFT JOIN stored_events e ON e.originator_id = r.stream AND e.originator_version = r.version
WHERE r.key = %s
"""
_STORED = (
    "SELECT notification_id, state FROM stored_events WHERE originator_id = %s AND originator_version = %s"
)


class Writer:
    """The only place that writes facts. `patience` is how long a caller waits for the database, in seconds."""

    def __init__(self, database_url: str, committed: Callable[[int], None], patience: float = 10.0) -> None:
        self._committed = committed
        self._patience = patience
        self._queue: list[Waiting] = []
        self._wake = asyncio.Event()
        self._lanes = [Lane(database_url) for _ in range(LANES)]
        self._busy = 0
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._run(lane), name="store writer") for lane in self._lanes]

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for lane in self._lanes:
            await lane.disconnect()

    async def append(self, append: Append) -> Appended:
        """Record, or raise VersionConflict, ClaimTaken, RequestSeen or StoreUnavailable."""
        loop = asyncio.get_running_loop()
        item = Waiting(append, loop.create_future())
        self._queue.append(item)
        self._wake.set()
        giving_up = loop.call_later(self._patience, answer, item, StoreUnavailable(TOO_LATE))
        try:
            return await item.answer
        finally:
            giving_up.cancel()

    async def find_request(self, key: str) -> Request | None:
        """What was answered under this idempotency key, if it was used. Raises StoreUnavailable."""
        try:
            connection = await self._lanes[0].connect()
            row = await (await connection.execute(_SEEN, (key,))).fetchone()
        except OperationalError:
            raise StoreUnavailable(TOO_LATE) from None
        return Request(*row) if row else None

    async def _run(self, lane: "Lane") -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._queue:
                self._queue = [item for item in self._queue if not item.answer.done()]
                batch, self._queue = choose(self._queue, self._share())
                if self._queue:
                    self._wake.set()
                self._busy += 1
                try:
                    await self._commit(lane, batch)
                finally:
                    self._busy -= 1

    def _share(self) -> int:
        """How many of those who wait go now: an even share for each idle lane, so that their turns alternate."""
        share = -(-len(self._queue) // (LANES - self._busy))
        return min(max(share, FEWEST), MOST)

    async def _commit(self, lane: "Lane", batch: list[Waiting]) -> None:
        if not batch:
            return
        try:
            connection = await lane.connect()
            await faults.reach("append.before_commit")
            head, losers = await send(connection, [item.append for item in batch])
            await faults.reach("append.after_commit")
            for item in settle(batch, head, losers):
                answer(item, await self._look(connection, item))
            self._committed(head + sum(len(i.append.events) for n, i in enumerate(batch) if n not in losers))
        except OperationalError as error:
            # The commit may or may not have happened: send the same again. What was recorded comes back as a
            # conflict with our own bytes, which _look tells apart from somebody else's.
            log.warning("store connection lost", error=str(error))
            for item in batch:
                item.sent = True
            self._queue = batch + self._queue
            await lane.disconnect()
            await asyncio.sleep(RECONNECT_SECONDS)
        except Exception as error:
            await lane.disconnect()
            if len(batch) > 1:  # one command that the database cannot take must not fail the others
                for item in batch:
                    await self._commit(lane, [item])
            else:
                log.exception("append failed")
                answer(batch[0], error)

    async def _look(self, connection: AsyncConnection[Any], item: Waiting) -> Appended | Exception:
        """What became of an append that lost, but perhaps only to an earlier attempt of its own."""
        append = item.append
        if item.sent and append.events:
            version = append.expected + len(append.events)
            row = await (await connection.execute(_STORED, (append.stream, version))).fetchone()
            if row and row[1] == append.events[-1][1]:
                return Appended(row[0], version)
        if append.request:
            row = await (await connection.execute(_SEEN, (append.request.key,))).fetchone()
            if row:
                return RequestSeen(Request(*row))
        return VersionConflict(append.stream)


class Lane:
    """One of the writer's connections, made anew when it was lost."""

    def __init__(self, database_url: str) -> None:
        self._url = database_url
        self._connection: AsyncConnection[Any] | None = None
        self._opening = asyncio.Lock()

    async def connect(self) -> AsyncConnection[Any]:
        if self._connection is not None and not self._connection.closed:
            return self._connection
        async with self._opening:  # a caller who looks for a request may come at the same moment
            if self._connection is None or self._connection.closed:
                connection = await connect(self._url, "store writer")
                await prepare(connection)
                self._connection = connection
            return self._connection

    async def disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()
