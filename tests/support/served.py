"""One service on a real database, over HTTP, its facts applied step by step by the kernel's own runners."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from shared.contracts.fact import Fact, contract_of
from shared.kernel import app as http
from shared.kernel import envelope
from shared.kernel.clock import Clock
from shared.kernel.due import rows
from shared.kernel.envelope import Origin, encode
from shared.kernel.facts.routes import facts_routers
from shared.kernel.inside import Inside
from shared.kernel.migrations.migrate import migrate
from shared.kernel.projection import Effect, Policy, Projection, Queue, RawProjection
from shared.kernel.projections.acting import ActingRunner
from shared.kernel.projections.checkpoints import Checkpoint
from shared.kernel.projections.declared import read_tables
from shared.kernel.projections.issuing import Issuer
from shared.kernel.projections.queueing import QueueRunner
from shared.kernel.projections.runner import ProjectionRunner
from shared.kernel.projections.waiting import Reached
from shared.kernel.running import Running
from shared.kernel.sealing.batches import keys_to_seal
from shared.kernel.sealing.derived import DerivedKeyring
from shared.kernel.sealing.sealer import Sealer
from shared.kernel.service import Service
from shared.kernel.settings import Settings
from shared.kernel.store import Store
from shared.kernel.store.store import create_tables
from tests.support.reused import READY

REGION = "uk-london"
SECRET = b"the keyring of tests"
SEALS = Sealer(DerivedKeyring(SECRET))
"""Every service of a test opens what every other sealed."""


class SetClock(Clock):
    """Says what the test sets it to."""

    def __init__(self, at: datetime) -> None:
        super().__init__("")
        self.at = at

    def now(self) -> datetime:
        return self.at


class Served:
    """What a test does with a service: ask it, tell it other services' facts, let time pass."""

    def __init__(
        self, service: Service, running: Running, client: httpx.AsyncClient, pool: AsyncConnectionPool[Any]
    ) -> None:
        assert isinstance(running.clock, SetClock)
        self.service, self.running, self.client, self.clock = service, running, client, running.clock
        self._pool = pool
        self._told: Counter[str] = Counter()
        self._left: dict[tuple[str, str], dict[int, bytes]] = {}
        self._projected = 0
        self._one_at_a_time = asyncio.Lock()
        self.issuer = Issuer(running.store, running.clock, REGION, service.name, running.sealer)

    async def command(
        self, path: str, body: object = None, *, role: str = "coordinator", name: str = "ruth", key: str = ""
    ) -> httpx.Response:
        """POST a command and let everything that follows from it happen."""
        headers = {"Idempotency-Key": key or str(uuid4()), "Authorization": _token(role, name)}
        answer = await self.client.post(f"/{self.service.name}{path}", json=body, headers=headers)
        await self.settle()
        return answer

    async def done(self, path: str, body: object = None, **who: str) -> dict[str, Any]:
        """The same; it has to succeed."""
        answer = await self.command(path, body, **who)
        assert answer.status_code in (200, 201), answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def ask(self, path: str, *, role: str = "coordinator", name: str = "ruth", **query: Any) -> Any:
        """GET; it has to be answered."""
        answer = await self.get(path, role=role, name=name, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def get(
        self, path: str, *, role: str = "coordinator", name: str = "ruth", **query: Any
    ) -> httpx.Response:
        params = {name: str(value) for name, value in query.items()}
        headers = {"Authorization": _token(role, name)}
        return await self.client.get(f"/{self.service.name}{path}", params=params, headers=headers)

    async def hear(self, source: str, *facts: Fact) -> None:
        """Another service published these facts just now."""
        batch = []
        for fact in facts:
            self._told[source] += 1
            stream = next(value for value in dict(fact).values() if isinstance(value, UUID))
            origin = Origin(REGION, source, "test", self.clock.now(), "test", "test")
            keys = await keys_to_seal(SEALS, [fact])
            batch.append((self._told[source], encode(fact, origin, stream, 1, keys=keys)))
        async with self._one_at_a_time:
            await self._apply(source, batch)
        await self.settle()

    async def follow(self, source: str, batch: list[tuple[int, bytes]]) -> None:
        """Another service recorded these bytes at these positions."""
        async with self._one_at_a_time:
            await self._apply(source, batch)
        await self.settle()

    async def take(
        self, projection: Projection | RawProjection, source: str, batch: list[tuple[int, bytes]]
    ) -> None:
        """Apply these facts again, as after a checkpoint was set back."""
        await self._project(projection, source, batch)

    async def next_due(self) -> datetime | None:
        """When the next thing falls due."""
        async with self._pool.connection() as connection:
            return (await rows.outlook(connection))[1]

    async def settle(self) -> None:
        """Apply what the service recorded, and what it recorded in consequence, until nothing is left."""
        own = self.service.name
        async with self._one_at_a_time:
            while events := await self.running.store.read(self._told[own]):
                self._told[own] = events[-1].position
                await self._apply(own, [(event.position, event.state) for event in events])

    async def pass_time(self, until: datetime) -> None:
        """Move the clock, and do what falls due meanwhile, in its order."""
        self.clock.at = max(self.clock.at, until)
        while True:
            async with self._pool.connection() as connection:
                row = next(iter(await rows.fallen_due(connection, self.clock.at, 1)), None)
                if row is None:
                    return
                name = f"due:{row.kind}:{row.key}:{row.due_at.isoformat()}"
                issue = self.service.due[row.kind](row)
                outcome = await self.issuer.issue(
                    issue, actor=f"due:{row.kind}", key=name, correlation_id=name, causation_id=name
                )
                await rows.fired(connection, row, outcome, self.clock.at)
            await self.settle()

    async def facts(self) -> list[str]:
        """The topics of everything recorded, in order."""
        return [event.topic for event in await self.running.store.read(0)]

    async def parked(self) -> int:
        """How many facts no listener could take."""
        async with self.running.engine.connect() as connection:
            return int((await connection.execute(text("SELECT count(*) FROM parked"))).scalar_one())

    async def _apply(self, source: str, batch: list[tuple[int, bytes]]) -> None:
        for listener in self.service.listeners:
            if source in listener.sources:
                await self._feed(listener, source, batch)

    async def _feed(
        self,
        listener: Projection | RawProjection | Policy | Effect | Queue,
        source: str,
        batch: list[tuple[int, bytes]],
    ) -> None:
        """Apply the batch; what this listener does not listen to waits for the next fact that it does.

        A running service moves the checkpoint each time. Here that would be most of the work.
        """
        left = self._left.setdefault((listener.name, source), {})
        left.update(batch)
        topics = {contract_of(fact).topic for fact in listener.listens}
        if topics and topics.isdisjoint(envelope.read(state).type for _, state in batch):
            last = max(batch[-1][0], self._waiter.at(listener.name, source).position)
            self._waiter.moved(listener.name, source, Checkpoint(last, 0))
            return
        whole = sorted(left.items())
        left.clear()
        if isinstance(listener, Projection | RawProjection):
            await self._project(listener, source, whole)
        elif isinstance(listener, Queue):
            queue = QueueRunner(self._pool, listener, source, self._waiter.moved)
            await queue.start()
            await queue.apply(whole)
        else:
            await self._act(listener, source, whole)

    async def _project(
        self, listener: Projection | RawProjection, source: str, batch: list[tuple[int, bytes]]
    ) -> None:
        tables = read_tables(self.service.metadata, listener.tables)
        runner = ProjectionRunner(
            self._pool,
            listener,
            source,
            tables,
            moved=self._waiter.moved,
            sealer=self.running.sealer,
        )
        await runner.start()
        await runner.apply(batch)

    async def _act(self, listener: Policy | Effect, source: str, batch: list[tuple[int, bytes]]) -> None:
        """Act on the facts; meanwhile the projections keep up with our own, as in a running service."""
        runner = ActingRunner(
            self._pool,
            self._inside.bound(listener),
            source,
            self.issuer,
            self.running.engine,
            self._waiter,
            projections=self._projections,
            moved=self._waiter.moved,
        )
        await runner.start()
        acting = asyncio.create_task(runner.apply(batch))
        while not acting.done():
            await self._keep_up()
            await asyncio.wait({acting}, timeout=0.01)
        await acting

    async def _keep_up(self) -> None:
        own = self.service.name
        events = await self.running.store.read(self._projected)
        if not events:
            return
        self._projected = events[-1].position
        for listener in self.service.projections:
            if own in listener.sources:
                await self._feed(listener, own, [(event.position, event.state) for event in events])

    @property
    def _inside(self) -> Inside:
        url = self.running.settings.database_url.get_secret_value()
        return Inside(self.service, url, self.clock, self.running.sealer)

    @property
    def _waiter(self) -> Reached:
        waiter = self.running.waiter
        assert isinstance(waiter, Reached)
        return waiter

    def _projections(self, source: str) -> frozenset[str]:
        return frozenset(found.name for found in self.service.projections if source in found.sources)


@asynccontextmanager
async def served(
    service: Service, database_url: str, at: datetime, sealer: Sealer = SEALS
) -> AsyncIterator[Served]:
    """The service, at that time, with nothing recorded."""
    if database_url not in READY:
        create_tables(database_url)
        migrate(database_url, service.migrations)
    settings = Settings(database_url=SecretStr(database_url), region=REGION, profile="dev")
    engine = create_async_engine(make_url(database_url).set(drivername="postgresql+psycopg"))
    app = http.build(
        service.name,
        (*service.routers, *facts_routers(service.name)),
        lifespan=None,
        status=_no_status,
        refusals=service.refusals,
        large_bodies={f"/{service.name}{path}": most for path, most in service.large_bodies.items()},
    )
    pool: AsyncConnectionPool[AsyncConnection[Any]] = AsyncConnectionPool(
        database_url, min_size=1, max_size=4, open=False, kwargs={"autocommit": True}
    )
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        await Store.open(database_url) as store,
        pool,
        httpx.AsyncClient(transport=transport, base_url="http://service") as client,
    ):
        running = Running(
            service.name,
            settings,
            store,
            SetClock(at),
            engine,
            Reached(),
            _listeners(service),
            service.viewed,
            sealer,
        )
        app.state.running = running
        try:
            yield Served(service, running, client, pool)
        finally:
            await engine.dispose()


def _listeners(service: Service) -> dict[str, frozenset[str]]:
    sources: Iterable[str] = {source for listener in service.listeners for source in listener.sources}
    return {
        source: frozenset(found.name for found in service.listeners if source in found.sources)
        for source in sources
    }


async def _no_status() -> dict[str, Any]:
    return {"ready": True, "checks": {}}


def _token(role: str, name: str) -> str:
    return f"Bearer dev:{role}:{REGION}:{name}"
