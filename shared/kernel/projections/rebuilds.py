"""Rebuilding a projection beside its live tables, comparing, switching, and switching back."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

import structlog
from psycopg import AsyncConnection

from shared.kernel.projections import checkpoints, standby
from shared.kernel.projections.declared import read_tables
from shared.kernel.projections.folding import Job
from shared.kernel.projections.folds import AnyProjection
from shared.kernel.projections.listening import told
from shared.kernel.projections.origin import Origin
from shared.kernel.projections.rebuilding import Pace, Rebuilding, Refused
from shared.kernel.projections.runner import Pool, ProjectionRunner

# What is left when the live path is as quick as starting processes.
SHORT = 20_000
BATCH = 2000

log = structlog.get_logger(__name__)


class NotPossible(Exception):
    """The operation does not fit the state; the message says what to do."""


@dataclass(frozen=True)
class View:
    """How far a rebuild of one source is. `seconds_left` is None while the pace is unknown."""

    projection: str
    source: str
    state: str
    position: int
    target: int
    percent: float
    facts_per_second: int
    seconds_left: float | None
    error: str


class Rebuilds:
    """The rebuilds of one service. `origins` tell where each source's facts are read from."""

    def __init__(
        self, pool: Pool, database_url: str, metadata: Any, projections: Iterable[AnyProjection], origins: Any
    ) -> None:
        self._pool, self._url, self._metadata, self._origin_of = pool, database_url, metadata, origins
        self._projections = {projection.name: projection for projection in projections}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def find(self, name: str) -> AnyProjection:
        """The projection of this name. Raises NotPossible."""
        if name not in self._projections:
            known = ", ".join(sorted(self._projections)) or "none"
            raise NotPossible(f"there is no projection {name} here; there is: {known}")
        return self._projections[name]

    async def views(self, name: str | None = None) -> list[View]:
        """Every rebuild, or those of one projection."""
        async with self._pool.connection() as connection:
            cursor = await connection.execute(
                "SELECT projection, source, state, position, target, facts_per_second, error FROM rebuilds "
                "WHERE coalesce(projection = %s, true) ORDER BY projection, source",
                (name,),
            )
            return [_view(*row) for row in await cursor.fetchall()]

    def begin(self, name: str, processes: int = 1, fresh: bool = False) -> None:
        """Rebuild in the background; `views` tell how it goes. Raises NotPossible when it already is."""
        self.find(name)
        if name in self._tasks and not self._tasks[name].done():
            raise NotPossible(f"{name} is being rebuilt")
        self._tasks[name] = asyncio.create_task(self._in_background(name, processes, fresh))

    async def _in_background(self, name: str, processes: int, fresh: bool) -> None:
        try:
            await self.rebuild(name, processes, fresh)
        except Exception as error:
            log.exception("rebuild stopped", projection=name)
            async with self._pool.connection() as connection:
                await connection.execute(
                    "UPDATE rebuilds SET error = %s WHERE projection = %s", (told(error), name)
                )

    async def rebuild(self, name: str, processes: int = 1, fresh: bool = False) -> None:
        """Fold everything into tables beside the live ones, from where an interrupted rebuild stopped.

        `fresh` begins anew in any case. Policies and effects take no part in it.
        """
        projection = self.find(name)
        async with self._alone(name) as connection:
            if fresh or {view.state for view in await self.views(name)} != {"folding"}:
                await self._begin(connection, projection, processes)
            try:
                for source in sorted(projection.sources):
                    await self._fold(connection, projection, source, processes)
            except Refused as refused:
                if not refused.poison:
                    raise
                # Parts of a range may be merged already, so nothing of it can be kept.
                log.warning("rebuilding fact by fact", projection=name, why=str(refused))
                await self._begin(connection, projection, processes)
            for source in sorted(projection.sources):
                await self._catch_up(projection, source, await self._head(source))
            for table in read_tables(
                self._metadata, projection.tables, standby.schema_of(projection)
            ).values():
                await connection.execute(f"ANALYZE {table.qualified}")
            await self._set_state(connection, name, "ready")

    async def switch(self, name: str, back: bool = False) -> None:
        """Serve from the tables beside the live ones, once they have caught up. Raises NotPossible."""
        projection = self.find(name)
        wanted = "replaced" if back else "ready"
        if {view.state for view in await self.views(name)} != {wanted}:
            hint = "nothing was switched" if back else f"run `alongside projection rebuild {name}` first"
            raise NotPossible(f"{name} has no tables that are {wanted}: {hint}")
        for source in sorted(projection.sources):
            await self._catch_up(projection, source, await self._live(projection, source))
        async with self._alone(name) as connection, connection.transaction():
            for source in sorted(projection.sources):
                live = await checkpoints.lock(connection, name, source)
                await self._catch_up(projection, source, live.position)
            await standby.swap(connection, projection)
            await self._set_state(connection, name, "ready" if back else "replaced")
        log.info("projection switched", projection=name, back=back)

    async def compare(self, name: str) -> list[dict[str, Any]]:
        """What differs between live and standby at the same position. Raises NotPossible."""
        projection = self.find(name)
        if not {view.state for view in await self.views(name)} & {"ready", "replaced"}:
            raise NotPossible(f"{name} has nothing to compare with: rebuild it first")
        async with AsyncExitStack() as stack:
            reader = await stack.enter_async_context(self._pool.connection())
            async with self._alone(name) as connection, connection.transaction():
                for source in sorted(projection.sources):
                    live = await checkpoints.lock(connection, name, source)
                    if await self._catch_up(projection, source, live.position) > live.position:
                        raise NotPossible(f"{name} lags behind its standby; compare when it has caught up")
                await stack.enter_async_context(reader.transaction())
                await reader.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                await reader.execute("SELECT FROM checkpoints")
            return [await standby.differences(reader, projection, table) for table in projection.tables]

    async def remove(self, name: str) -> None:
        """Drop the tables beside the live ones."""
        projection = self.find(name)
        async with self._alone(name) as connection, connection.transaction():
            await standby.remove(connection, projection)

    @asynccontextmanager
    async def _alone(self, name: str) -> AsyncIterator[AsyncConnection[Any]]:
        """A connection that holds the right to change this projection's standby. Raises NotPossible."""
        async with await AsyncConnection.connect(
            self._url, autocommit=True, application_name="alongside rebuild"
        ) as connection:
            cursor = await connection.execute(
                "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", (f"alongside:rebuild:{name}",)
            )
            row = await cursor.fetchone()
            if not (row and row[0]):
                raise NotPossible(f"{name} is being rebuilt, compared or switched; wait until that is done")
            yield connection

    async def _begin(self, connection: AsyncConnection[Any], projection: AnyProjection, parts: int) -> None:
        schema, name = standby.schema_of(projection), standby.name_of(projection)
        async with connection.transaction():
            await standby.make(connection, projection)
            for source in sorted(projection.sources):
                await connection.execute(
                    "INSERT INTO rebuilds (projection, source, state, target) VALUES (%s, %s, 'folding', %s)",
                    (projection.name, source, await self._head(source)),
                )
                await connection.execute(
                    f'INSERT INTO "{schema}".progress SELECT %s, n, 0 FROM generate_series(0, %s) n',
                    (source, parts - 1),
                )
                await checkpoints.make(connection, name, source)

    async def _fold(
        self, connection: AsyncConnection[Any], projection: AnyProjection, source: str, processes: int
    ) -> None:
        """Bring a source close to its head in memory; not once the live path has taken over."""
        schema, name = standby.schema_of(projection), standby.name_of(projection)
        tables = read_tables(self._metadata, projection.tables, schema)
        while (await checkpoints.find(connection, name, source)).position == 0:
            cursor = await connection.execute(
                f'SELECT position FROM "{schema}".progress WHERE source = %s ORDER BY part', (source,)
            )
            progress = [row[0] for row in await cursor.fetchall()]
            head = await self._head(source)
            if head - min(progress) > SHORT or min(progress) != max(progress):
                target = head if head - min(progress) > SHORT else max(progress)
                origin = self._origin_of(source)
                job = Job(self._url, schema, name, source, projection, tables, origin, len(progress))
                blocked = await self._parked(connection, name, source)
                pace, moves = Pace(min(progress)), _Moves(self._pool, projection.name, source, target)
                rebuilding = Rebuilding(
                    job,
                    progress,
                    target,
                    processes,
                    blocked,
                    lambda at: moves.to(at, pace.at(at)),  # noqa: B023
                )
                await rebuilding.run()
                await moves.done()
                continue
            await connection.execute(
                "UPDATE checkpoints SET position = %(at)s, parked = (SELECT count(*) FROM parked "
                "WHERE projection = %(name)s AND source = %(source)s) "
                "WHERE projection = %(name)s AND source = %(source)s",
                {"at": min(progress), "name": name, "source": source},
            )
            return

    @staticmethod
    async def _parked(connection: AsyncConnection[Any], name: str, source: str) -> set[Any]:
        cursor = await connection.execute(
            "SELECT DISTINCT stream FROM parked WHERE projection = %s AND source = %s", (name, source)
        )
        return {row[0] for row in await cursor.fetchall()}

    async def _catch_up(self, projection: AnyProjection, source: str, until: int) -> int:
        """Bring the standby to `until` as live facts are applied; where it stands then."""
        tables = read_tables(self._metadata, projection.tables, standby.schema_of(projection))
        runner = ProjectionRunner(self._pool, projection, source, tables, name=standby.name_of(projection))
        position = (await runner.start()).position
        if position >= until:
            return position
        pace = Pace(position)
        moves = _Moves(self._pool, projection.name, source, until)
        async for batch in _batches(self._origin_of(source), position, until):
            await runner.apply(batch)
            moves.to(batch[-1][0], pace.at(batch[-1][0]))
        await moves.done()
        return until

    async def _head(self, source: str) -> int:
        return int(await asyncio.to_thread(self._origin_of(source).head))

    async def _live(self, projection: AnyProjection, source: str) -> int:
        async with self._pool.connection() as connection:
            return (await checkpoints.find(connection, projection.name, source)).position

    @staticmethod
    async def _set_state(connection: AsyncConnection[Any], name: str, state: str) -> None:
        await connection.execute(
            "UPDATE rebuilds SET state = %s, error = '', updated_at = now() WHERE projection = %s",
            (state, name),
        )


class _Moves:
    """Writes progress down, the last of it at the end."""

    def __init__(self, pool: Pool, projection: str, source: str, target: int) -> None:
        self._pool, self._where, self._target = pool, (projection, source), target
        self._last = (0, 0)
        self._task: asyncio.Task[None] | None = None

    def to(self, position: int, pace: int) -> None:
        self._last = (position, pace)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._write())

    async def done(self) -> None:
        if self._task:
            await self._task
            await self._write()

    async def _write(self) -> None:
        async with self._pool.connection() as connection:
            await connection.execute(
                "UPDATE rebuilds SET position = %s, facts_per_second = %s, target = greatest(target, %s), "
                "updated_at = now() WHERE projection = %s AND source = %s",
                (*self._last, self._target, *self._where),
            )


async def _batches(origin: Origin, after: int, until: int) -> AsyncIterator[list[tuple[int, bytes]]]:
    """Facts in batches, read in a thread of their own."""
    loop = asyncio.get_running_loop()

    def next_of(facts: Iterator[tuple[int, bytes]]) -> list[tuple[int, bytes]]:
        return list(islice(facts, BATCH))

    with ThreadPoolExecutor(1, "rebuild reads") as thread:
        facts = origin.facts(after, until, ["%"])
        try:
            while batch := await loop.run_in_executor(thread, next_of, facts):
                yield batch
        finally:
            await loop.run_in_executor(thread, facts.close)  # type: ignore[attr-defined]


def _view(
    projection: str, source: str, state: str, position: int, target: int, pace: int, error: str
) -> View:
    percent = 100.0 if position >= target else round(100 * position / target, 1)
    left = round((target - position) / pace, 1) if pace and state == "folding" else None
    return View(projection, source, state, position, target, percent, pace, left, error)


def shown(view: View) -> dict[str, Any]:
    """A view as JSON."""
    return asdict(view)
