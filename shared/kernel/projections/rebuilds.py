"""Rebuilding a projection beside its live tables, comparing, switching, and switching back."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import structlog
from psycopg import AsyncConnection

from shared.kernel.projections import checkpoints, rebuild_views, standby
from shared.kernel.projections.beside import Beside, OriginOf
from shared.kernel.projections.failing import told
from shared.kernel.projections.folds import AnyProjection
from shared.kernel.projections.rebuild_views import View
from shared.kernel.projections.rebuilding import Refused
from shared.kernel.projections.runner import Pool
from shared.kernel.sealing.batches import OpenKeyring
from shared.kernel.sealing.sealer import Sealer

log = structlog.get_logger(__name__)


class NotPossible(Exception):
    """The operation does not fit the state; the message says what to do."""


class Rebuilds:
    """The rebuilds of one service. `origin_of` tells where each source's facts are read from."""

    def __init__(
        self,
        pool: Pool,
        database_url: str,
        metadata: Any,
        projections: Iterable[AnyProjection],
        origin_of: OriginOf,
        sealer: Sealer | None = None,
        keyring: OpenKeyring | None = None,
    ) -> None:
        self._pool, self._url = pool, database_url
        self._beside = Beside(pool, database_url, metadata, origin_of, sealer, keyring)
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
            return await rebuild_views.views(connection, name)

    def under_way(self) -> frozenset[str]:
        """What this process is rebuilding now."""
        return frozenset(name for name, task in self._tasks.items() if not task.done())

    async def begin(self, name: str, processes: int = 1, fresh: bool = False) -> None:
        """Rebuild in the background; `views` tell how it goes. Raises NotPossible when it already is.

        Returns when the rebuild has begun, so that `views` tell of this one and of none before.
        """
        self.find(name)
        if name in self.under_way():
            raise NotPossible(f"{name} is being rebuilt")
        begun = asyncio.Event()
        self._tasks[name] = task = asyncio.create_task(self._in_background(name, processes, fresh, begun))
        waiting = asyncio.create_task(begun.wait())
        try:
            await asyncio.wait((task, waiting), return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
        if task.done():
            task.result()

    async def _in_background(self, name: str, processes: int, fresh: bool, begun: asyncio.Event) -> None:
        try:
            await self.rebuild(name, processes, fresh, begun)
        except Exception as error:
            if not begun.is_set():
                raise  # to whom asked for it
            log.exception("rebuild stopped", projection=name)
            async with self._pool.connection() as connection:
                await rebuild_views.set_error(connection, name, told(error))

    async def rebuild(
        self, name: str, processes: int = 1, fresh: bool = False, begun: asyncio.Event | None = None
    ) -> None:
        """Fold everything into tables beside the live ones, from where an interrupted rebuild stopped.

        `fresh` begins anew in any case. Policies and effects take no part in it. Raises NotPossible.
        """
        projection = self.find(name)
        async with self._alone(name) as connection:
            if fresh or {view.state for view in await self.views(name)} != {"folding"}:
                await self._beside.begin(connection, projection, processes)
            else:
                await rebuild_views.set_error(connection, name, "")
            if begun:
                begun.set()
            try:
                for source in sorted(projection.sources):
                    await self._beside.fold(connection, projection, source, processes)
            except Refused as refused:
                if not refused.poison:
                    raise
                # Parts of a range may be merged already, so nothing of it can be kept.
                log.warning("rebuilding fact by fact", projection=name, why=str(refused))
                await self._beside.begin(connection, projection, processes)
            await connection.execute("SET maintenance_work_mem = '256MB'")
            await standby.index(connection, projection)
            for source in sorted(projection.sources):
                await self._beside.catch_up(projection, source, await self._beside.head(source))
            for table in self._beside.tables(projection).values():
                await connection.execute(f"ANALYZE {table.qualified}")
            await rebuild_views.set_state(connection, name, "ready")

    async def switch(self, name: str, back: bool = False) -> None:
        """Serve from the tables beside the live ones, once they have caught up. Raises NotPossible."""
        projection = self.find(name)
        wanted = "replaced" if back else "ready"
        if {view.state for view in await self.views(name)} != {wanted}:
            hint = "nothing was switched" if back else f"run `alongside projection rebuild {name}` first"
            raise NotPossible(f"{name} has no tables that are {wanted}: {hint}")
        for source in sorted(projection.sources):
            await self._beside.catch_up(projection, source, await self._live(projection, source))
        async with self._alone(name) as connection, connection.transaction():
            for source in sorted(projection.sources):
                live = await checkpoints.lock(connection, name, source)
                await self._beside.catch_up(projection, source, live.position)
            await standby.swap(connection, projection)
            await rebuild_views.set_state(connection, name, "ready" if back else "replaced")
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
                    if await self._beside.catch_up(projection, source, live.position) > live.position:
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

    async def _live(self, projection: AnyProjection, source: str) -> int:
        async with self._pool.connection() as connection:
            return (await checkpoints.find(connection, projection.name, source)).position
