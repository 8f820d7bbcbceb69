"""A service follows its own facts and another's over the bus; waits are answered, and readiness tells the truth."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from shared.kernel.app import build
from shared.kernel.bus.connection import connect
from shared.kernel.bus.provision import provision_durable, provision_stream
from shared.kernel.bus.relay import Relay
from shared.kernel.clock import Clock
from shared.kernel.projection import Issue, Policy
from shared.kernel.projections import progress
from shared.kernel.projections.followers import Followers
from shared.kernel.projections.operations import operations_router
from shared.kernel.recorded import Recorded
from shared.kernel.running import Running
from shared.kernel.service import Service
from shared.kernel.settings import Settings
from shared.kernel.store import Store
from shared.kernel.store.store import create_tables
from tests.kernel.projections import specimens
from tests.kernel.projections.specimens import (
    CounterOpened,
    Open,
    counter,
    counting,
    moved,
    opened,
    record,
    rows,
)
from tests.support.engines import PostgresServer

OPERATOR = {"Authorization": "Bearer dev:operator:*:olu"}
TOTALS = "SELECT name, total FROM counters ORDER BY name"


def mirror(recorded: Recorded[CounterOpened], _: Any) -> Iterator[Issue]:
    own = counter(1000 + recorded.position)
    yield Issue(counting, own, Open(own, f"mirror of {recorded.fact.name}"))


WATCHERS = Service(
    "watchers",
    (),
    specimens.metadata,
    None,
    projections=(specimens.totals,),
    policies=(Policy("mirroring", (CounterOpened,), react=mirror),),
)
OWN = Service("specimens", (), specimens.metadata, None, projections=(specimens.totals,))


async def until(true: Callable[[], Any], seconds: float = 15) -> None:
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.01)


@asynccontextmanager
async def following(
    service: Service, store: Store, nats_url: str, region: str, work: bool = True
) -> AsyncIterator[Followers]:
    """The followers of one process."""
    settings = Settings(
        database_url=SecretStr(store.database_url), nats_url=nats_url, region=region, profile="dev"
    )
    followers = Followers(service, settings, store, Clock(store.database_url))
    task = asyncio.create_task(followers.run(work))
    try:
        yield followers
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def theirs(database: str, nats_url: str, region: str) -> AsyncIterator[Store]:
    """The store of the specimens, relayed."""
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(await Store.open(database))
        await store.create()
        connection = await connect(nats_url, "specimens-relay")
        stack.push_async_callback(connection.close)
        js = connection.jetstream()
        await provision_stream(js, region, "specimens")
        for listener in WATCHERS.listeners:
            await provision_durable(js, region, "specimens", f"watchers-{listener.name}")
        relay = asyncio.create_task(Relay(store, connection, region, "specimens").run())
        yield store
        relay.cancel()
        await asyncio.gather(relay, return_exceptions=True)


@pytest.fixture
async def ours(postgres: PostgresServer) -> AsyncIterator[Store]:
    """The store of the watchers, in a database of their own."""
    with postgres.database() as url:
        specimens.prepare(url)
        create_tables(url)
        async with await Store.open(url) as store:
            yield store


async def test_anothers_facts_arrive_over_the_bus_and_a_policy_answers_them(
    theirs: Store, ours: Store, nats_url: str, region: str
) -> None:
    async with following(WATCHERS, ours, nats_url, region) as followers:
        position = await record(theirs, opened(1, "one"), moved(1, 4), opened(2, "two"))
        assert await followers.seen(["totals", "mirroring"], "specimens", position, 15)
        assert rows(ours.database_url, TOTALS) == [("one", 4), ("two", 0)]
        assert await ours.head() == 2
        await until(lambda: all(state.ok and state.lag_facts == 0 for state in followers.states()))
        assert {(state.name, state.position) for state in followers.states()} == {
            ("totals", 3),
            ("mirroring", 3),
        }
        # an answer that is rebuilt from the stream equals the live one
        await followers.rebuilds.rebuild("totals")
        [difference] = await followers.rebuilds.compare("totals")
        assert (difference["standby_rows"], difference["only_live"], difference["only_standby"]) == (2, 0, 0)


async def test_another_process_waits_for_the_one_that_applies(
    store: Store, nats_url: str, region: str
) -> None:
    async with (
        following(OWN, store, nats_url, region),
        following(OWN, store, nats_url, region, work=False) as only_api,
    ):
        position = await record(store, opened(1))
        assert await only_api.seen(["totals"], "specimens", position, 10)
        assert len(rows(store.database_url)) == 1
        assert not await only_api.seen(["totals"], "specimens", position + 1, 0.2)


async def test_of_two_processes_one_applies_and_the_other_takes_over(
    store: Store, nats_url: str, region: str
) -> None:
    async with following(OWN, store, nats_url, region, work=True) as second:
        async with following(OWN, store, nats_url, region) as first:
            assert await first.seen(["totals"], "specimens", await record(store, opened(1)), 10)
        assert await second.seen(["totals"], "specimens", await record(store, moved(1, 2)), 10)
    assert rows(store.database_url, TOTALS) == [("counter 1", 2)]


async def test_a_listener_that_does_not_move_is_not_ready_and_says_since_when(
    store: Store, nats_url: str, region: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "FROZEN_SECONDS", 1.5)
    async with following(OWN, store, nats_url, region) as followers:
        assert await followers.seen(["totals"], "specimens", await record(store, opened(1)), 10)
        await until(lambda: [state.ok for state in followers.states()] == [True])
        with psycopg.connect(store.database_url) as stuck:
            stuck.execute("SELECT FROM checkpoints FOR UPDATE")
            await record(store, moved(1, 2))
            await until(lambda: not followers.states()[0].ok)
            [state] = followers.states()
            assert "no progress for" in state.detail
            assert (state.lag_facts, state.lag_seconds > 0.4) == (1, True)
        await until(lambda: followers.states()[0].ok)


async def test_a_listener_that_can_not_write_tells_why_and_goes_on_when_mended(
    store: Store, nats_url: str, region: str
) -> None:
    async with following(OWN, store, nats_url, region) as followers:
        await until(lambda: [state.ok for state in followers.states()] == [True])
        with psycopg.connect(store.database_url) as connection:
            connection.execute("ALTER TABLE counters RENAME TO elsewhere")
        position = await record(store, opened(1))
        await until(lambda: "UndefinedTable" in followers.states()[0].detail)
        assert not followers.states()[0].ok
        with psycopg.connect(store.database_url) as connection:
            connection.execute("ALTER TABLE elsewhere RENAME TO counters")
        assert await followers.seen(["totals"], "specimens", position, 10)


@pytest.fixture
async def operator(store: Store, nats_url: str, region: str) -> AsyncIterator[httpx.AsyncClient]:
    """An operator's client of the specimens' routes, on followers that work."""

    async def status() -> dict[str, Any]:
        return {"ready": True, "checks": {}}

    engine = create_async_engine(make_url(store.database_url).set(drivername="postgresql+psycopg"))
    async with following(OWN, store, nats_url, region) as followers:
        app: FastAPI = build(
            "specimens", [operations_router()], lifespan=None, status=status, refusals={}, large_bodies={}
        )
        settings = Settings(database_url=SecretStr(store.database_url), region=region, profile="dev")
        clock = Clock(store.database_url)
        app.state.running = Running("specimens", settings, store, clock, engine, followers, {})
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://x/specimens/operations", headers=OPERATOR
        ) as client:
            yield client
    await engine.dispose()


async def test_an_operator_lists_shows_retries_and_discards_parked_facts(
    operator: httpx.AsyncClient, store: Store
) -> None:
    at = await record(store, opened(1, "rubbish"), moved(1, 2), opened(2, "rubbish"), opened(3))
    await until(lambda: rows(store.database_url, "SELECT position FROM checkpoints") == [(at,)])
    listed = (await operator.get("/parked")).json()
    assert [(key["position"], key["waiting"]) for key in listed["items"]] == [(1, 2), (3, 1)]
    shown = (await operator.get("/parked/totals/specimens/2")).json()
    assert shown["event"]["data"]["by"] == 2
    tried = (await operator.post("/parked/retry", json={"stream": str(counter(1))})).json()
    assert [(one["done"], one["error"]) for one in tried["items"]] == [(0, "ValueError: rubbish is no name")]
    too_early = await operator.post("/parked/retry", json={"position": 2, "source": "specimens"})
    assert (too_early.status_code, "fact 1 waits before it" in too_early.json()["detail"]) == (409, True)
    assert (await operator.post("/parked/discard", json={"position": 1})).status_code == 422
    dry = {"position": 1, "reason": "a name nobody has", "dry_run": True}
    assert (await operator.post("/parked/discard", json=dry)).json()["items"][0]["done"] == 1
    assert len((await operator.get("/parked")).json()["items"]) == 2
    await operator.post("/parked/discard", json=dry | {"dry_run": False})
    discarded = "SELECT position, reason, actor, error FROM discarded"
    assert rows(store.database_url, discarded) == [
        (1, "a name nobody has", "operator:olu", "ValueError: rubbish is no name")
    ]
    waiting = (await operator.get("/parked", params={"stream": str(counter(1))})).json()["items"]
    assert [(key["position"], key["error"]) for key in waiting] == [(2, "waits to be retried")]
    assert rows(store.database_url, "SELECT parked FROM checkpoints") == [(2,)]


async def test_what_a_listener_that_is_gone_has_parked_is_said_and_can_be_given_up(
    operator: httpx.AsyncClient, store: Store
) -> None:
    at = await record(store, opened(1, "rubbish"))
    await until(lambda: rows(store.database_url, "SELECT position FROM checkpoints") == [(at,)])
    with psycopg.connect(store.database_url) as connection:
        for table in ("parked", "checkpoints"):
            connection.execute(f"UPDATE {table} SET projection = 'gone'")
    tried = (await operator.post("/parked/retry", json={"projection": "gone"})).json()
    assert [one["error"] for one in tried["items"]] == ["nothing named gone listens to specimens here"]
    given_up = {"projection": "gone", "reason": "nobody listens any more"}
    assert (await operator.post("/parked/discard", json=given_up)).json()["items"][0]["done"] == 1


async def test_an_operator_rebuilds_compares_switches_and_rolls_back(
    operator: httpx.AsyncClient, store: Store
) -> None:
    at = await record(store, opened(1), moved(1, 2))
    assert (await operator.post("/projections/totals/switch")).status_code == 409
    assert (await operator.post("/projections/totals/rebuild")).status_code == 202
    state: list[Any] = []
    while state != ["ready"]:
        found = (await operator.get("/projections")).json()
        state = [one["state"] for one in found["rebuilds"]]
        assert not any(one["error"] for one in found["rebuilds"])
    [difference] = (await operator.post("/projections/totals/compare")).json()["items"]
    assert (difference["only_live"], difference["only_standby"]) == (0, 0)
    for path in ("switch", "switch?back=true"):
        assert (await operator.post(f"/projections/totals/{path}")).status_code == 200
        assert rows(store.database_url, TOTALS) == [("counter 1", 2)]
    assert rows(store.database_url, "SELECT DISTINCT position FROM checkpoints") == [(at,)]
    denied = await operator.get("/parked", headers={"Authorization": "Bearer dev:mentor:*:mo"})
    assert denied.status_code == 403
