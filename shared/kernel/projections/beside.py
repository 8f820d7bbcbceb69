"""Filling the tables beside the live ones: folded in bulk first, then fact by fact as live ones are."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeAlias

from psycopg import AsyncConnection

from shared.kernel.projections import checkpoints, standby
from shared.kernel.projections.declared import read_tables
from shared.kernel.projections.folding import Job
from shared.kernel.projections.folds import AnyProjection
from shared.kernel.projections.origin import Origin
from shared.kernel.projections.rebuild_views import Moves
from shared.kernel.projections.rebuilding import Pace, Rebuilding
from shared.kernel.projections.runner import Pool, ProjectionRunner
from shared.kernel.sealing.batches import OpenKeyring
from shared.kernel.sealing.sealer import Sealer

# What is left when the live path is as quick as starting processes.
SHORT = 20_000
BATCH = 2000

OriginOf: TypeAlias = Callable[[str], Origin]


@dataclass(frozen=True)
class Beside:
    """What filling needs: the service's database, its tables, and where each source's facts are read."""

    pool: Pool
    database_url: str
    metadata: Any
    origin_of: OriginOf
    sealer: Sealer | None = None
    keyring: OpenKeyring | None = None

    async def begin(self, connection: AsyncConnection[Any], projection: AnyProjection, parts: int) -> None:
        """Empty tables, and every source at its beginning."""
        schema, name = standby.schema_of(projection), standby.name_of(projection)
        async with connection.transaction():
            await standby.make(connection, projection)
            for source in sorted(projection.sources):
                await connection.execute(
                    "INSERT INTO rebuilds (projection, source, state, target) VALUES (%s, %s, 'folding', %s)",
                    (projection.name, source, await self.head(source)),
                )
                await connection.execute(
                    f'INSERT INTO "{schema}".progress SELECT %s, n, 0 FROM generate_series(0, %s) n',
                    (source, parts - 1),
                )
                await checkpoints.make(connection, name, source)

    async def fold(
        self, connection: AsyncConnection[Any], projection: AnyProjection, source: str, processes: int
    ) -> None:
        """Bring a source close to its head in memory; not once the live path has taken over."""
        name = standby.name_of(projection)
        while (await checkpoints.find(connection, name, source)).position == 0:
            progress = await _progress(connection, standby.schema_of(projection), source)
            head = await self.head(source)
            if head - min(progress) > SHORT:
                await self._fold_until(connection, projection, source, processes, progress, head)
            elif min(progress) != max(progress):
                await self._fold_until(connection, projection, source, processes, progress, max(progress))
            else:
                await _take_over(connection, name, source, progress[0])
                return

    async def _fold_until(
        self,
        connection: AsyncConnection[Any],
        projection: AnyProjection,
        source: str,
        processes: int,
        progress: list[int],
        target: int,
    ) -> None:
        schema, name = standby.schema_of(projection), standby.name_of(projection)
        tables, origin = self.tables(projection), self.origin_of(source)
        job = Job(
            self.database_url, schema, name, source, projection, tables, origin, len(progress), self.keyring
        )
        blocked = await _parked(connection, name, source)
        pace, moves = Pace(min(progress)), Moves(self.pool, projection.name, source, target)
        rebuilding = Rebuilding(
            job, progress, target, processes, blocked, lambda at: moves.to(at, pace.at(at))
        )
        await rebuilding.run()
        await moves.done()

    async def catch_up(self, projection: AnyProjection, source: str, until: int) -> int:
        """Bring the standby to `until` as live facts are applied; where it stands then."""
        runner = ProjectionRunner(
            self.pool,
            projection,
            source,
            self.tables(projection),
            name=standby.name_of(projection),
            sealer=self.sealer,
        )
        position = (await runner.start()).position
        if position >= until:
            return position
        pace = Pace(position)
        moves = Moves(self.pool, projection.name, source, until)
        async for batch in _batches(self.origin_of(source), position, until):
            await runner.apply(batch)
            moves.to(batch[-1][0], pace.at(batch[-1][0]))
        await moves.done()
        return until

    def tables(self, projection: AnyProjection) -> dict[str, Any]:
        """The tables beside the live ones."""
        return dict(read_tables(self.metadata, projection.tables, standby.schema_of(projection)))

    async def head(self, source: str) -> int:
        """The last position of a source."""
        return int(await asyncio.to_thread(self.origin_of(source).head))


async def _progress(connection: AsyncConnection[Any], schema: str, source: str) -> list[int]:
    cursor = await connection.execute(
        f'SELECT position FROM "{schema}".progress WHERE source = %s ORDER BY part', (source,)
    )
    return [row[0] for row in await cursor.fetchall()]


async def _parked(connection: AsyncConnection[Any], name: str, source: str) -> set[Any]:
    cursor = await connection.execute(
        "SELECT DISTINCT stream FROM parked WHERE projection = %s AND source = %s", (name, source)
    )
    return {row[0] for row in await cursor.fetchall()}


async def _take_over(connection: AsyncConnection[Any], name: str, source: str, position: int) -> None:
    """From here on the live path goes on: it finds its checkpoint, and how much is parked."""
    await connection.execute(
        "UPDATE checkpoints SET position = %(at)s, parked = (SELECT count(*) FROM parked "
        "WHERE projection = %(name)s AND source = %(source)s) "
        "WHERE projection = %(name)s AND source = %(source)s",
        {"at": position, "name": name, "source": source},
    )


async def _batches(origin: Origin, after: int, until: int) -> AsyncIterator[list[Any]]:
    """Facts in batches, read in a thread of their own."""
    loop = asyncio.get_running_loop()

    def next_of(facts: Iterator[Any]) -> list[Any]:
        return list(islice(facts, BATCH))

    with ThreadPoolExecutor(1, "rebuild reads") as thread:
        facts = origin.facts(after, until, ["%"])
        try:
            while batch := await loop.run_in_executor(thread, next_of, facts):
                yield batch
        finally:
            await loop.run_in_executor(thread, facts.close)  # type: ignore[attr-defined]
