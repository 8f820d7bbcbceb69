"""Reading the log: whole streams on behalf of many callers at once, and the log in order."""

import asyncio
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection, OperationalError
from psycopg.rows import tuple_row
from psycopg_pool import AsyncConnectionPool

from shared.kernel.store import arrays
from shared.kernel.store.connecting import POOL_TRIES_FOR
from shared.kernel.store.records import StoredEvent, StoreUnavailable

_COLUMNS = "notification_id, originator_id, originator_version, topic, state"
_STREAMS = f"""
SELECT {_COLUMNS} FROM stored_events WHERE originator_id = ANY(%s) ORDER BY originator_id, originator_version
"""
_LOG = f"SELECT {_COLUMNS} FROM stored_events WHERE notification_id > %s ORDER BY notification_id LIMIT %s"
_STATES = "SELECT notification_id, state FROM stored_events WHERE notification_id > %s ORDER BY 1 LIMIT %s"
_HEAD = "SELECT position FROM store_head WHERE name = 'store'"

MOST_STREAMS = 512


class Reader:
    """Concurrent loads wait for each other's round trip and share the next one."""

    def __init__(self, database_url: str, patience: float = 10.0) -> None:
        self._pool: AsyncConnectionPool[AsyncConnection[Any]] = AsyncConnectionPool(
            database_url,
            min_size=1,
            max_size=4,
            open=False,
            timeout=patience,
            reconnect_timeout=POOL_TRIES_FOR,
            kwargs={
                "autocommit": True,
                "row_factory": tuple_row,
                "application_name": "alongside store reader",
            },
            configure=_configure,
            check=AsyncConnectionPool.check_connection,
        )
        self._wanted: dict[UUID, list[asyncio.Future[list[StoredEvent]]]] = {}
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        await self._pool.open(wait=True)

    async def close(self) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._pool.close()

    async def load(self, stream: UUID) -> list[StoredEvent]:
        """Every event of a stream, by version; empty when there is none. Raises StoreUnavailable."""
        answer: asyncio.Future[list[StoredEvent]] = asyncio.get_running_loop().create_future()
        self._wanted.setdefault(stream, []).append(answer)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._load_wanted(), name="store loads")
        return await answer

    async def log(self, after: int, limit: int) -> list[StoredEvent]:
        """The next events of the log after this position."""
        async with self._pool.connection() as connection:
            cursor = connection.cursor(binary=True)
            await cursor.execute(_LOG, (after, limit), prepare=True)
            return [StoredEvent._make(row) for row in await cursor.fetchall()]

    async def states(self, after: int, limit: int) -> list[tuple[int, bytes]]:
        """Of the next events only position and bytes, in a third of the time."""
        async with self._pool.connection() as connection:
            cursor = connection.cursor(binary=True)
            await cursor.execute(_STATES, (after, limit), prepare=True)
            return await cursor.fetchall()

    async def head(self) -> int:
        """The position of the last event in the store; 0 when it is empty."""
        async with self._pool.connection() as connection:
            row = await (await connection.execute(_HEAD, prepare=True)).fetchone()
            return int(row[0]) if row else 0

    async def _load_wanted(self) -> None:
        while self._wanted:
            streams = list(self._wanted)[:MOST_STREAMS]
            waiting = {stream: self._wanted.pop(stream) for stream in streams}
            try:
                found = await self._fetch(streams)
            except Exception as error:
                if isinstance(error, OperationalError):
                    error = StoreUnavailable("the event store does not answer; try again")
                _answer(waiting.values(), error)
            else:
                for stream, answers in waiting.items():
                    _answer([answers], found.get(stream, []))

    async def _fetch(self, streams: list[UUID]) -> dict[UUID, list[StoredEvent]]:
        found: dict[UUID, list[StoredEvent]] = {}
        async with self._pool.connection() as connection:
            cursor = connection.cursor(binary=True)
            await cursor.execute(_STREAMS, (arrays.uuids(streams),), prepare=True)
            for row in await cursor.fetchall():
                found.setdefault(row[1], []).append(StoredEvent._make(row))
        return found


async def _configure(connection: AsyncConnection[Any]) -> None:
    arrays.register(connection)


def _answer(
    waiting: Iterable[list["asyncio.Future[list[StoredEvent]]"]], answer: list[StoredEvent] | Exception
) -> None:
    for answers in waiting:
        for future in answers:
            if future.done():
                continue
            if isinstance(answer, Exception):
                future.set_exception(answer)
            else:
                future.set_result(answer)
