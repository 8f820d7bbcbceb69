"""One connection to the keyring's database; callers take turns, and none waits longer than its patience."""

import asyncio
import os
import socket
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import structlog
from psycopg import AsyncConnection, Error, OperationalError
from psycopg.errors import InsufficientPrivilege

from shared.kernel.sealing.keyring import KeyringUnavailable, NotGranted
from shared.kernel.store.connecting import connect

log = structlog.get_logger(__name__)

REST_SECONDS = 0.5
SILENT = "the keyring does not answer; try again"


class Line:
    """Made when it is needed, and anew when it was lost. After a failure callers are told so at once for a moment."""

    def __init__(self, url: str, patience: float) -> None:
        self._url, self._patience = url, patience
        self._connection: AsyncConnection[Any] | None = None
        self._opening: asyncio.Task[AsyncConnection[Any]] | None = None
        self._turn = asyncio.Lock()
        self._rests_until = 0.0

    async def ask(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        """The rows of one statement. Raises KeyringUnavailable and NotGranted."""
        now = asyncio.get_running_loop().time
        try:
            async with asyncio.timeout(self._patience), self._turn:
                if now() < self._rests_until:
                    raise KeyringUnavailable(SILENT)
                kept = self._connection is not None
                try:
                    return await self._run(await self._connected(), query, values)
                except OperationalError:
                    if not kept:
                        raise
                # It was lost while nobody looked. Whatever is asked here may be asked twice.
                return await self._run(await self._connected(), query, values)
        except InsufficientPrivilege as refused:
            raise NotGranted(refused.diag.message_primary or "not granted") from None
        except (Error, TimeoutError) as failure:
            log.warning("keyring does not answer", error=str(failure) or "too late")
            self._rests_until = now() + REST_SECONDS
            raise KeyringUnavailable(SILENT) from None

    async def close(self) -> None:
        opening, self._opening = self._opening, None
        if opening is not None:
            opening.cancel()
            await asyncio.gather(opening, return_exceptions=True)
        await self._hang_up()

    async def _connected(self) -> AsyncConnection[Any]:
        if self._connection is None or self._connection.closed:
            # A connect can't be given up half-way: it goes on without the impatient, and the next one joins it.
            if self._opening is None or self._opening.done():
                self._opening = asyncio.create_task(connect(self._url, "keyring"), name="keyring connect")
                self._opening.add_done_callback(_looked_at)
            self._connection = await asyncio.shield(self._opening)
            self._opening = None
        return self._connection

    async def _run(self, connection: AsyncConnection[Any], query: str, values: Sequence[Any]) -> list[Any]:
        asked = asyncio.create_task(_rows(connection, query, values), name="keyring statement")
        asked.add_done_callback(_looked_at)
        try:
            return await asyncio.shield(asked)
        except InsufficientPrivilege:
            raise
        except asyncio.CancelledError:
            # A cancelled statement would wait for the server to say so, which may hang: its line is cut instead.
            self._connection = None
            _cut(connection)
            raise
        except BaseException:
            await self._hang_up()
            raise

    async def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()


async def _rows(connection: AsyncConnection[Any], query: str, values: Sequence[Any]) -> list[Any]:
    cursor = connection.cursor(binary=True)
    await cursor.execute(query, values, prepare=True)
    return await cursor.fetchall()


def _cut(connection: AsyncConnection[Any]) -> None:
    """Whoever waits on this connection is told at once that it is lost."""
    with suppress(OSError, Error), socket.socket(fileno=os.dup(connection.fileno())) as line:
        line.shutdown(socket.SHUT_RDWR)


def _looked_at(task: "asyncio.Task[Any]") -> None:
    """Its failure may have nobody waiting for it any more."""
    if not task.cancelled():
        task.exception()
