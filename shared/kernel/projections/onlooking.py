"""How listeners are that another process runs: its checkpoints in the database against the heads of its sources."""

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog

from shared.kernel.bus.heads import Heads
from shared.kernel.clock import Clock
from shared.kernel.projections.progress import Progress, Watch
from shared.kernel.projections.store_feed import Apply, StoreFeed
from shared.kernel.projections.waiting import Reached
from shared.kernel.service import Service
from shared.kernel.store import Store

LOOK_SECONDS = 1.0

log = structlog.get_logger(__name__)


class SeenFeed:
    """A source that is looked at and not followed."""

    def __init__(self, heads: Heads, source: str) -> None:
        self._heads, self._source = heads, source

    async def run(self, *, position: int, apply: Apply) -> None:
        raise NotImplementedError("only looked at")

    async def head(self) -> int:
        """The stream's last position. Raises NotAnswered."""
        return self._heads.last(self._source)

    async def recorded_at(self, position: int) -> datetime | None:
        """When that fact was recorded; None when it can't be told."""
        return await self._heads.recorded_at(self._source, position)


class Onlooker:
    """Watches every listener of a service from a process that does not lead them."""

    def __init__(
        self,
        service: Service,
        store: Store,
        heads: Heads,
        reached: Reached,
        clock: Clock,
        missing: Callable[[], str | None],
    ) -> None:
        """`missing` says why nobody can be applying facts, if so."""
        own = StoreFeed(store)
        self._watches = [
            Watch(
                listener.name,
                source,
                own if source == service.name else SeenFeed(heads, source),
                reached,
                clock,
                missing,
            )
            for listener in service.listeners
            for source in sorted(listener.sources)
        ]

    def states(self) -> list[Progress]:
        """How each listener is, as of the last look."""
        return [watch.state for watch in self._watches]

    async def run(self, idle: Callable[[], bool]) -> None:
        """Look for ever, unless `idle`."""
        while True:
            if not idle():
                await asyncio.gather(*map(self._look, self._watches))
            await asyncio.sleep(LOOK_SECONDS)

    @staticmethod
    async def _look(watch: Watch) -> None:
        try:
            await watch.look()
            watch.alarm = None
        except Exception as error:
            # An unanswered look shows in the watch's state by itself.
            log.debug("no look at the source", listener=watch.name, error=str(error))
