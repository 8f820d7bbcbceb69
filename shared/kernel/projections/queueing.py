"""The runner of a queue and one source: what it writes down and its checkpoint are one transaction."""

from collections.abc import Callable, Sequence
from typing import Any

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from shared.kernel import faults
from shared.kernel.projection import Queue
from shared.kernel.projections import checkpoints
from shared.kernel.projections.checkpoints import Checkpoint
from shared.kernel.recorded import Arrival


class QueueRunner:
    """Hands over what is new, once; a queue takes every fact, so nothing of it is ever parked."""

    acts = True

    def __init__(
        self,
        pool: AsyncConnectionPool[AsyncConnection[Any]],
        queue: Queue,
        source: str,
        moved: Callable[[str, str, Checkpoint], None],
    ) -> None:
        self.name, self.source = queue.name, source
        self._pool, self._queue, self._moved = pool, queue, moved

    async def start(self) -> Checkpoint:
        """The checkpoint, made when it is new."""
        async with self._pool.connection() as connection:
            return await checkpoints.make(connection, self.name, self.source)

    async def apply(self, batch: Sequence[Arrival]) -> None:
        """Take what is after the checkpoint. Raises Gap, and whatever the queue raises."""
        async with self._pool.connection() as connection, connection.transaction():
            checkpoint = await checkpoints.lock(connection, self.name, self.source)
            fresh = checkpoints.unseen(batch, checkpoint)
            if not fresh:
                return
            await self._queue.take(connection, self.source, [(one[0], one[1]) for one in fresh])
            checkpoint = Checkpoint(fresh[-1][0], checkpoint.parked)
            await checkpoints.move(connection, self.name, self.source, checkpoint)
            await faults.reach("queue.before_commit")
        self._moved(self.name, self.source, checkpoint)

    async def redo(
        self, connection: AsyncConnection[Any], position: int, state: bytes, signature: str
    ) -> None:
        """Take one fact again, in the caller's transaction."""
        await self._queue.take(connection, self.source, [(position, state)])
