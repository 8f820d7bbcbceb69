"""Knowing at once that the log has grown, whichever process wrote to it."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from psycopg import OperationalError

from shared.kernel.store.connecting import connect
from shared.kernel.store.schema import CHANNEL

log = structlog.get_logger(__name__)

RECONNECT_SECONDS = 0.5


class Head:
    """The store's head as far as this process knows. `now` asks the database."""

    def __init__(self, database_url: str, now: Callable[[], Awaitable[int]]) -> None:
        self._url = database_url
        self._now = now
        self._position = 0
        self._moved = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._listen(), name="store head")

    async def close(self) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def reached(self, position: int) -> None:
        """Tell everyone who waits that the log is at least this long."""
        if position > self._position:
            self._position = position
            self._moved.set()
            self._moved = asyncio.Event()

    async def beyond(self, position: int, timeout: float) -> int:
        """Wait until the head is beyond `position`, at most `timeout` seconds; the head as known then."""
        try:
            async with asyncio.timeout(timeout):
                while self._position <= position:
                    await self._moved.wait()
        except TimeoutError:
            # A notification can be lost with its connection, so a silent while ends with a look.
            self.reached(await self._now())
        return self._position

    async def _listen(self) -> None:
        while True:
            try:
                async with await connect(self._url, "store head") as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    self.reached(await self._now())
                    async for notice in connection.notifies():
                        self.reached(int(notice.payload))
            except OperationalError as error:
                log.warning("store head lost", error=str(error))
            await asyncio.sleep(RECONNECT_SECONDS)
