"""Everything of a service that follows facts, in one process: led by one process at a time."""

import asyncio
import gc
from collections.abc import Iterable
from functools import partial
from typing import Any

import structlog
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from shared.kernel.bus.ending import end
from shared.kernel.bus.feed import StreamFeed
from shared.kernel.bus.heads import Heads, NotAnswered
from shared.kernel.bus.leadership import lead
from shared.kernel.clock import Clock
from shared.kernel.elsewhere import PROJECTOR, Elsewhere
from shared.kernel.envelope import stream_name
from shared.kernel.inside import Inside
from shared.kernel.projection import Listener, RawProjection
from shared.kernel.projections.beginnings import begin
from shared.kernel.projections.issuing import Issuer
from shared.kernel.projections.onlooking import Onlooker
from shared.kernel.projections.origin import Origin, StoreOrigin, StreamOrigin
from shared.kernel.projections.progress import Progress, Watch
from shared.kernel.projections.rebuilds import Rebuilds
from shared.kernel.projections.runners import Runner, Runners
from shared.kernel.projections.store_feed import Feed, StoreFeed
from shared.kernel.projections.waiting import Reached
from shared.kernel.sealing.batches import OpenKeyring
from shared.kernel.sealing.sealer import Sealer
from shared.kernel.service import Service
from shared.kernel.settings import Settings
from shared.kernel.signing import Signing
from shared.kernel.store import Store
from shared.kernel.store.connecting import POOL_PATIENCE, POOL_TRIES_FOR

LOOK_SECONDS = 0.5
HEAD_SECONDS = 30.0
SHORTEST_PAUSE, LONGEST_PAUSE = 0.05, 5.0
CONNECTIONS = 8
LOOK_UP_CONNECTIONS = 8

log = structlog.get_logger(__name__)


class Followers:
    """Projections, policies and effects of one service: run, waited for and watched."""

    def __init__(
        self,
        service: Service,
        settings: Settings,
        store: Store,
        clock: Clock,
        sealer: Sealer | None = None,
        keyring: OpenKeyring | None = None,
    ) -> None:
        self._service, self._settings, self._store, self._clock = service, settings, store, clock
        self._url = settings.database_url.get_secret_value()
        self.reached = Reached()
        self._watches: list[Watch] = []
        self._leading = False
        self.heads = Heads(
            settings.nats_url,
            settings.region,
            f"{service.name}-heads",
            self._sources(),
            settings.seed("projector"),
        )
        self.elsewhere = Elsewhere(self._url, service.name, self.heads, clock)
        self._onlooker = Onlooker(
            service, store, self.heads, self.reached, clock, lambda: self.elsewhere.missing(PROJECTOR)
        )
        self.pool: AsyncConnectionPool[AsyncConnection[Any]] = AsyncConnectionPool(
            self._url,
            min_size=1,
            max_size=CONNECTIONS,
            open=False,
            timeout=POOL_PATIENCE,
            reconnect_timeout=POOL_TRIES_FOR,
            kwargs={"autocommit": True, "application_name": "alongside projector"},
            check=AsyncConnectionPool.check_connection,
        )
        self.rebuilds = Rebuilds(
            self.pool,
            self._url,
            service.metadata,
            service.projections,
            self._origin_of,
            sealer,
            keyring,
        )
        at = make_url(self._url).set(drivername="postgresql+psycopg")
        # Look-ups only read, one statement after the other: a transaction around them would be two more round trips.
        self._engine = create_async_engine(
            at, pool_size=LOOK_UP_CONNECTIONS, max_overflow=0, isolation_level="AUTOCOMMIT"
        )
        issuer = Issuer(store, clock, settings.region, service.name, sealer)
        self.runners = Runners(
            service, self.pool, self._engine, issuer, self.reached, Inside(service, self._url, clock, sealer)
        )

    async def seen(self, names: Iterable[str], source: str, position: int, timeout: float) -> bool:
        """Whether all the named listeners reached `position` of `source` within `timeout` seconds."""
        return await self.reached.seen(names, source, position, timeout)

    def states(self) -> list[Progress]:
        """How each listener is, whether this process leads them or looks on."""
        return [watch.state for watch in self._watches] if self._leading else self._onlooker.states()

    @property
    def fires_due(self) -> bool:
        """Whether anything falls due in this service."""
        return bool(self._service.due)

    def _sources(self) -> frozenset[str]:
        """This service's own stream, and every one it listens to."""
        return frozenset[str]({self._service.name}).union(
            *(found.sources for found in self._service.listeners)
        )

    async def run(self, work: bool) -> None:
        """Know how far everything is, for ever; and if this process is to `work`, do it while it leads."""
        # Garbage collection would take half of the time of a large batch: little of it is in cycles.
        gc.freeze()
        gc.set_threshold(50_000, 20, 50)
        await self.pool.open()
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self.reached.watch(self._url), name="reached")
                tasks.create_task(self.heads.run(), name="heads")
                tasks.create_task(self.elsewhere.run(), name="elsewhere")
                tasks.create_task(self._onlooker.run(lambda: self._leading), name="onlooker")
                if work:
                    tasks.create_task(
                        lead(self._url, "projector", self._follow, self._lead), name="projector"
                    )
        finally:
            await self._engine.dispose()
            await self.pool.close()

    def _lead(self, leading: bool) -> None:
        self._leading = leading

    async def _follow(self) -> None:
        """Run every listener on every source, and look after them."""
        async with self.pool.connection() as connection:
            await begin(connection, self._service.listeners, self._head)
        self._watches = []
        tasks: list[asyncio.Task[None]] = []
        for listener in self._service.listeners:
            for source in sorted(listener.sources):
                runner, feed = self.runners.of(listener, source), self._feed(listener, source)
                alarm = partial(_alarm, feed)
                watch = Watch(listener.name, source, feed, self.reached, self._clock, alarm)
                self._watches.append(watch)
                what = f"{listener.name}<{source}"
                tasks.append(asyncio.create_task(self._keep(runner, feed, watch), name=what))
                tasks.append(asyncio.create_task(self._look(watch), name=f"watch {what}"))
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            # A task group tells its tasks only once, and the library under a feed may swallow that.
            await end(*tasks)

    async def _head(self, source: str) -> int:
        """The last position of a source. Raises TimeoutError when the bus does not tell."""
        if source == self._service.name:
            return await self._store.head()
        async with asyncio.timeout(HEAD_SECONDS):
            while True:
                try:
                    return self.heads.last(source)
                except NotAnswered:
                    await asyncio.sleep(LOOK_SECONDS)

    def _origin_of(self, source: str) -> Origin:
        signed = any(isinstance(listener, RawProjection) for listener in self._service.projections)
        if source == self._service.name:
            return StoreOrigin(self._url, self._signing() if signed else None)
        return StreamOrigin(
            self._settings.nats_url,
            stream_name(self._settings.region, source),
            signed,
            f"{self._service.name}-rebuild",
            self._settings.seed("projector"),
        )

    def _feed(self, listener: Listener, source: str) -> Feed:
        signed = isinstance(listener, RawProjection)
        if source == self._service.name:
            return StoreFeed(self._store, signing=self._signing() if signed else None)
        durable = f"{self._service.name}-{listener.name}"
        at, seed = self._settings, self._settings.seed("projector")
        return StreamFeed(at.nats_url, at.region, source, durable, signed=signed, seed=seed)

    def _signing(self) -> Signing | None:
        return self._settings.signing(self._service.name)

    async def _keep(self, runner: Runner, feed: Feed, watch: Watch) -> None:
        """Run it for ever: after an error it starts again at its checkpoint, and says why meanwhile."""
        pause = SHORTEST_PAUSE
        while True:
            began = -1
            try:
                checkpoint = await runner.start()
                self.reached.moved(runner.name, runner.source, checkpoint)
                watch.alarm, began = None, checkpoint.position
                await feed.run(position=began, apply=runner.apply)
            except Exception as error:
                watch.alarm = f"stopped: {type(error).__name__}: {error}"
                log.exception("listener stopped", listener=runner.name, source=runner.source)
            moved = self.reached.at(runner.name, runner.source).position > began >= 0
            pause = SHORTEST_PAUSE if moved else min(pause * 2, LONGEST_PAUSE)
            await asyncio.sleep(pause)

    async def _look(self, watch: Watch) -> None:
        while True:
            try:
                await watch.look()
            except Exception as error:
                # An unanswered look shows in the watch's state by itself.
                log.warning("no look at the source", listener=watch.name, error=str(error))
            await asyncio.sleep(LOOK_SECONDS)


def _alarm(feed: Feed) -> str | None:
    return feed.state.alarm if isinstance(feed, StreamFeed) else None
