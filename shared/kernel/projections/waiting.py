"""How far each listener has come, as far as this process knows; and waiting until one has come so far."""

import asyncio
from collections.abc import Iterable
from typing import Any

import structlog
from psycopg import AsyncConnection, OperationalError

from shared.kernel.projections.checkpoints import CHANNEL, Checkpoint

# A notification can be lost with its connection, so the table is looked at this often anyhow.
LOOK_SECONDS = 1.0

log = structlog.get_logger(__name__)


class Reached:
    """Fed by runners of this process at once, by those of other processes through NOTIFY."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Checkpoint] = {}
        self._moved = asyncio.Event()

    def moved(self, listener: str, source: str, checkpoint: Checkpoint) -> None:
        """A listener has come as far as this checkpoint (which may be further back after a switch)."""
        if self._known.get((listener, source)) != checkpoint:
            self._known[listener, source] = checkpoint
            self._moved.set()
            self._moved = asyncio.Event()

    def at(self, listener: str, source: str) -> Checkpoint:
        """Where it is as far as known; 0 before anything is known."""
        return self._known.get((listener, source), Checkpoint(0, 0))

    async def seen(self, names: Iterable[str], source: str, position: int, timeout: float) -> bool:
        """Whether all the named listeners reached `position` of `source` within `timeout` seconds."""
        missing = set(names)
        try:
            async with asyncio.timeout(timeout):
                while missing := {name for name in missing if self.at(name, source).position < position}:
                    await self._moved.wait()
        except TimeoutError:
            return False
        return True

    async def watch(self, database_url: str) -> None:
        """Hear of every move, for ever; through a lost connection too."""
        while True:
            try:
                async with await AsyncConnection.connect(
                    database_url, autocommit=True, application_name="alongside seen"
                ) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    while True:
                        await self._look(connection)
                        async for notice in connection.notifies(timeout=LOOK_SECONDS):
                            listener, source, position, parked = notice.payload.split(" ")
                            self.moved(listener, source, Checkpoint(int(position), int(parked)))
            except OperationalError as error:
                log.warning("checkpoints not heard of", error=str(error).strip())
            await asyncio.sleep(LOOK_SECONDS)

    async def _look(self, connection: AsyncConnection[Any]) -> None:
        cursor = await connection.execute("SELECT projection, source, position, parked FROM checkpoints")
        for listener, source, position, parked in await cursor.fetchall():
            self.moved(listener, source, Checkpoint(position, parked))
