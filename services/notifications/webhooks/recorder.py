"""Writes down what became of attempts, of all endpoints together: one transaction for as many as have come."""

import asyncio
from typing import Any, TypeAlias
from uuid import UUID

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from services.notifications.webhooks.domain.health import Health
from services.notifications.webhooks.recording import Done, record
from shared.kernel import faults
from shared.kernel.bus.ending import end

MOST = 500

Entry: TypeAlias = tuple[Done, Health | None, asyncio.Future[None]]


class Recorder:
    """Who hands something over waits until it is on record."""

    def __init__(self, pool: AsyncConnectionPool[AsyncConnection[Any]]) -> None:
        self._pool = pool
        self._waiting: list[Entry] = []
        self._came = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="webhooks recorder")

    async def stop(self) -> None:
        if self._task is not None:
            await end(self._task)

    async def record(self, done: Done, health: Health | None) -> None:
        """Returns when it is committed. `health` of None leaves the endpoint's as it is."""
        future = asyncio.get_running_loop().create_future()
        self._waiting.append((done, health, future))
        self._came.set()
        await future

    async def _run(self) -> None:
        while True:
            await self._came.wait()
            batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            if not self._waiting:
                self._came.clear()
            await faults.reach("webhooks.before_record")
            try:
                await self._write(batch)
            except Exception as error:
                if len(batch) == 1:
                    _fail(batch[0], error)
                    continue
                await self._write_apart(batch)

    async def _write_apart(self, batch: list[Entry]) -> None:
        """One that can't be written must not take the others with it: each would be sent again."""
        for one in batch:
            try:
                await self._write([one])
            except Exception as error:
                _fail(one, error)

    async def _write(self, batch: list[Entry]) -> None:
        healths: dict[UUID, Health] = {
            done.endpoint_id: health for done, health, _ in batch if health is not None
        }
        async with self._pool.connection() as connection:
            await record(connection, [done for done, *_ in batch], healths)
        for *_, future in batch:
            if not future.done():
                future.set_result(None)


def _fail(one: Entry, error: Exception) -> None:
    if not one[2].done():
        one[2].set_exception(error)
