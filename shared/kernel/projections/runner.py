"""The runner of one projection and source: a batch, one transaction, then the feed may acknowledge."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias
from uuid import UUID

import structlog
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from shared.kernel import faults
from shared.kernel.projections import checkpoints, parking
from shared.kernel.projections.changes import Changes
from shared.kernel.projections.checkpoints import Checkpoint
from shared.kernel.projections.failing import Unreadable, is_poison, told, untold
from shared.kernel.projections.folds import AnyProjection, fold
from shared.kernel.projections.listening import Heard, Listening
from shared.kernel.projections.tables import ReadTable
from shared.kernel.projections.writing import write
from shared.kernel.recorded import Arrival
from shared.kernel.sealing.batches import Keys, keys_of
from shared.kernel.sealing.sealer import Sealer

log = structlog.get_logger(__name__)

Batch: TypeAlias = Sequence[Arrival]
WriteAll: TypeAlias = Callable[[AsyncConnection[Any], Iterable[Heard], set[UUID]], Awaitable[list[Heard]]]
Pool: TypeAlias = AsyncConnectionPool[AsyncConnection[Any]]


def nobody(listener: str, source: str, checkpoint: Checkpoint) -> None:
    """Tell no one."""


class ProjectionRunner:
    """Applies facts with exactly-once effect: the rows and the checkpoint are one transaction.

    `name` is the checkpoint's, the projection's own unless tables beside the live ones are written.
    """

    acts = False

    def __init__(
        self,
        pool: Pool,
        projection: AnyProjection,
        source: str,
        tables: Mapping[str, ReadTable],
        *,
        name: str | None = None,
        moved: Callable[[str, str, Checkpoint], None] = nobody,
        sealer: Sealer | None = None,
    ) -> None:
        self.name = name or projection.name
        self._sealer = sealer
        self.source = source
        self._pool = pool
        self._projection = projection
        self._tables = tables
        self._listening = Listening(projection, source, sealer.erased if sealer else None)
        self._moved = moved

    async def start(self) -> Checkpoint:
        """The checkpoint, made when it is new."""
        async with self._pool.connection() as connection:
            return await checkpoints.make(connection, self.name, self.source)

    async def apply(self, batch: Batch) -> None:
        """Apply what is after the checkpoint, park what can't be. Raises Gap, and passing errors."""
        keys = await keys_of(self._sealer, self._listening.keys_for(batch))
        try:
            checkpoint = await self._apply(batch, keys, self._write)
        except Exception as error:
            if not is_poison(error) or isinstance(error, checkpoints.Gap | checkpoints.Lost):
                raise
            checkpoint = await self._apply(batch, keys, self._write_apart)
        await faults.reach("projection.after_commit")
        self._moved(self.name, self.source, checkpoint)
        await faults.reach("projection.before_ack")

    async def _apply(self, batch: Batch, keys: Keys, write_all: WriteAll) -> Checkpoint:
        async with self._pool.connection() as connection, connection.pipeline(), connection.transaction():
            checkpoint = await checkpoints.lock(connection, self.name, self.source)
            fresh = checkpoints.unseen(batch, checkpoint)
            if not fresh:
                return checkpoint
            # Whoever was forgotten since the keys were looked up was so before this batch got its checkpoint.
            keys = self._sealer.erased.without(keys) if self._sealer else keys
            # Not a list: facts that are dropped at once stay in the processor's cache, twice as fast.
            facts: Iterable[Heard] = self._listening.hear_all(fresh, keys)
            blocked: set[UUID] = set()
            if checkpoint.parked:
                facts = list(facts)
                streams = [fact.stream for fact in facts]
                blocked = await parking.streams_parked(connection, self.name, self.source, streams)
            parked = await write_all(connection, facts, blocked)
            await parking.park(connection, self.name, self.source, parked)
            checkpoint = Checkpoint(fresh[-1][0], checkpoint.parked + len(parked))
            await checkpoints.move(connection, self.name, self.source, checkpoint)
            await faults.reach("projection.before_commit")
        for fact in parked:
            if fact.error:
                log.error(
                    "fact parked",
                    projection=self.name,
                    source=self.source,
                    position=fact.position,
                    stream=str(fact.stream),
                    topic=fact.topic,
                    error=fact.error,
                )
        return checkpoint

    async def _write(
        self, connection: AsyncConnection[Any], facts: Iterable[Heard], blocked: set[UUID]
    ) -> list[Heard]:
        """All of them in few statements; the ones to park."""
        changes = Changes(self._tables, self._projection.name)
        parked = fold(self._projection, facts, changes, blocked)
        await write(connection, self._tables, changes)
        return parked

    async def _write_apart(
        self, connection: AsyncConnection[Any], heard: Iterable[Heard], blocked: set[UUID]
    ) -> list[Heard]:
        """The database refused the whole, so halve until the facts to blame stand alone."""
        facts = list(heard)
        try:
            async with connection.transaction():
                return await self._write(connection, facts, set(blocked))
        except Exception as error:
            if not is_poison(error):
                raise
            if len(facts) == 1:
                blocked.add(facts[0].stream)
                return [facts[0].parked(told(error, facts[0].arguments))]
        middle = len(facts) // 2
        first = await self._write_apart(connection, facts[:middle], blocked)
        blocked.update(fact.stream for fact in first)
        return first + await self._write_apart(connection, facts[middle:], blocked)

    async def redo(
        self, connection: AsyncConnection[Any], position: int, state: bytes, signature: str
    ) -> None:
        """Apply one parked fact again, in the caller's transaction. Raises what it raises."""
        arrival = (position, state, signature)
        keys = await keys_of(self._sealer, self._listening.keys_for([arrival]))
        fact = next(self._listening.hear_all([arrival], keys), None)
        if fact is None:
            return
        if fact.error:
            raise Unreadable(fact.error)
        with untold(fact.arguments):
            changes = Changes(self._tables, self._projection.name)
            changes.take(self._projection.project(*fact.arguments))
            await write(connection, self._tables, changes)
