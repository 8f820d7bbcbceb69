"""Works off what waits, each endpoint by itself: a slow or dead one holds up no other."""

import asyncio
import ssl
from time import monotonic
from typing import Any, TypeAlias
from uuid import UUID

import structlog
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from services.notifications.webhooks.addresses import Rule
from services.notifications.webhooks.connecting import Resolve, resolve
from services.notifications.webhooks.lane import Lane
from services.notifications.webhooks.picking import endpoints_due
from services.notifications.webhooks.purging import purge
from services.notifications.webhooks.queueing import CHANNEL
from services.notifications.webhooks.recorder import Recorder
from services.notifications.webhooks.sending import IDLE_SECONDS, Line, tls
from services.notifications.webhooks.settings import WebhookSettings
from shared.kernel.bus.ending import end
from shared.kernel.bus.leadership import lead
from shared.kernel.projections.issuing import Issuer
from shared.kernel.running import Running

LOOK_SECONDS = 0.5
PURGE_SECONDS = 600.0
REST_SECONDS = 10.0
AT_ONCE = 512
"""Requests under way at a time to all endpoints together."""
CONNECTIONS = 6

Pool: TypeAlias = AsyncConnectionPool[AsyncConnection[Any]]

log = structlog.get_logger(__name__)


class Deliverer:
    """One process at a time delivers. What it was at when it was killed waits as before, and is sent again."""

    def __init__(
        self,
        running: Running,
        settings: WebhookSettings | None = None,
        *,
        resolve: Resolve = resolve,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self.running = running
        self.settings = settings or WebhookSettings()
        self._url = running.settings.database_url.get_secret_value()
        self.rule = Rule(frozenset(self.settings.webhook_ports), self.settings.loopback)
        self.key = (
            self.settings.webhook_key.get_secret_value().encode() if self.settings.webhook_key else None
        )
        self._resolve, self._tls = resolve, trust
        self.places = asyncio.Semaphore(AT_ONCE)
        self.issuer = Issuer(
            running.store, running.clock, running.settings.region, running.service, running.sealer
        )
        self._lanes: dict[UUID, asyncio.Task[None]] = {}
        self._lines: dict[UUID, tuple[str, Line]] = {}
        self._resting: dict[UUID, float] = {}
        self._woken = asyncio.Event()
        self.pool: Pool
        self.recorder: Recorder
        self._leading = False

    @property
    def state(self) -> tuple[bool, str]:
        if self.key is None:
            return True, "no webhook can be sent: ALONGSIDE_WEBHOOK_KEY is not set"
        return True, f"sending to {len(self._lanes)} endpoints" if self._leading else "another process sends"

    async def run(self) -> None:
        """Deliver for ever, while no other process of the service does."""
        if self.key is None:
            log.warning("no webhook can be sent", why="ALONGSIDE_WEBHOOK_KEY is not set")
            await asyncio.Event().wait()
        await lead(self._url, "webhooks", self._deliver, self._leads)

    def _leads(self, leading: bool) -> None:
        self._leading = leading

    async def _deliver(self) -> None:
        async with self:
            tasks = [
                asyncio.create_task(self._listen(), name="webhooks woken"),
                asyncio.create_task(self._purge(), name="webhooks purge"),
                asyncio.create_task(self._look(), name="webhooks look"),
            ]
            try:
                done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
            finally:
                await end(*tasks)

    async def __aenter__(self) -> "Deliverer":
        # Anew each time: one that was closed stays closed, and who leads may lose that and lead again.
        self.pool = _pool(self._url)
        await self.pool.open()
        self.recorder = Recorder(self.pool)
        self.recorder.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await end(*self._lanes.values())
        self._lanes.clear()
        await self.recorder.stop()
        for line in [line for _, line in self._lines.values()]:
            await line.close()
        self._lines.clear()
        await self.pool.close()

    async def work_off(self) -> None:
        """Deliver whatever is due, until nothing is any more."""
        while await self._begin():
            await asyncio.gather(*self._lanes.values())

    async def _look(self) -> None:
        while True:
            if self.running.settings.profile == "dev":
                await self.running.clock.refresh()
            await self._begin()
            try:
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._woken.wait()
            except TimeoutError:
                pass
            self._woken.clear()

    async def _begin(self) -> int:
        """A lane for each endpoint that something is due for; how many were begun."""
        async with self.pool.connection() as connection:
            now, left_alone = self.running.clock.now(), {*self._lanes, *self._rest()}
            found = await endpoints_due(connection, now, left_alone)
        for to in found:
            lane = Lane(self, to)
            task = asyncio.create_task(lane.run(), name=f"webhook {to.endpoint_id}")
            self._lanes[to.endpoint_id] = task
            task.add_done_callback(lambda task, id_=to.endpoint_id: self._ended(id_, task))  # type: ignore[misc]
        return len(found)

    def _rest(self) -> list[UUID]:
        """Endpoints whose lane failed on our side a moment ago."""
        self._resting = {one: until for one, until in self._resting.items() if until > monotonic()}
        return list(self._resting)

    def _ended(self, endpoint_id: UUID, task: asyncio.Task[None]) -> None:
        self._lanes.pop(endpoint_id, None)
        if endpoint_id in self._lines:
            asyncio.get_running_loop().call_later(IDLE_SECONDS + 1, self._lines[endpoint_id][1].tidy)
        if not task.cancelled() and (error := task.exception()) is not None:
            # What can't be written down would be sent again and again.
            self._resting[endpoint_id] = monotonic() + REST_SECONDS
            log.error("lane failed", endpoint=str(endpoint_id), error=f"{type(error).__name__}: {error}")

    async def line(self, endpoint_id: UUID, url: str) -> Line:
        """The connections to an endpoint; new ones when its address changed."""
        known = self._lines.get(endpoint_id)
        if known is not None and known[0] == url:
            return known[1]
        if known is not None:
            await known[1].close()
        if self._tls is None:
            self._tls = tls()
        line = Line(self.rule, self._tls, self._resolve)
        self._lines[endpoint_id] = (url, line)
        return line

    async def _listen(self) -> None:
        async with await AsyncConnection.connect(
            self._url, autocommit=True, application_name="alongside webhooks woken"
        ) as connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            self._woken.set()
            async for _ in connection.notifies():
                self._woken.set()

    async def _purge(self) -> None:
        while True:
            async with self.pool.connection() as connection:
                await purge(connection, self.running.clock.now())
            await asyncio.sleep(PURGE_SECONDS)


def _pool(url: str) -> Pool:
    return AsyncConnectionPool(
        url, min_size=1, max_size=CONNECTIONS, open=False,
        kwargs={"autocommit": True, "application_name": "alongside webhooks"},
    )  # fmt: skip
