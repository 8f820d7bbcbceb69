"""A rebuild beside the live tables yields what the live path yields, and takes its place while facts arrive."""

import asyncio
import random
from typing import Any

import psycopg
import pytest
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from shared.kernel.projections import beside, rebuilding
from shared.kernel.projections.declared import read_tables
from shared.kernel.projections.folders import FolderDied, FolderProcess
from shared.kernel.projections.folding import Failed, Fold, Folded, Folder, Job, Merge, Merged
from shared.kernel.projections.origin import StoreOrigin
from shared.kernel.projections.rebuilds import NotPossible, Rebuilds
from shared.kernel.projections.runner import ProjectionRunner
from shared.kernel.projections.store_feed import StoreFeed
from shared.kernel.store import Store
from shared.kernel.store.store import create_tables
from tests.kernel.projections import specimens
from tests.kernel.projections.specimens import (
    CounterOpened,
    closed,
    counter,
    moved,
    opened,
    record,
    rows,
    stored,
)

Pool = AsyncConnectionPool[AsyncConnection[Any]]
STANDBY = "SELECT * FROM standby_totals.counters ORDER BY 1"


@pytest.fixture(autouse=True)
def small_ranges(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a few thousand facts make many ranges."""
    monkeypatch.setattr(rebuilding, "LEAST_RANGE", 100)
    monkeypatch.setattr(rebuilding, "MOST_RANGE", 400)
    monkeypatch.setattr(beside, "SHORT", 50)


def history(count: int, spoilt: frozenset[int] = frozenset()) -> list[Any]:
    """A life of many counters: opened, moved, closed, opened again. Facts at `spoilt` can't be applied."""
    chance = random.Random(7)
    alive: set[int] = set()
    facts: list[Any] = []
    while len(facts) < count:
        n = chance.randrange(300)
        if len(facts) in spoilt:
            facts.append(opened(n, "rubbish"))
        elif n not in alive:
            alive.add(n)
            facts.append(opened(n, f"again {len(facts)}"))
        elif chance.random() < 0.05:
            alive.discard(n)
            facts.append(closed(n))
        else:
            facts.append(moved(n, chance.randrange(100)))
    return facts


def fill(database_url: str, facts: list[Any]) -> None:
    """Put facts into the store as if they had been appended."""
    create_tables(database_url)
    with psycopg.connect(database_url) as connection:
        connection.cursor().executemany(
            "INSERT INTO stored_events (originator_id, originator_version, topic, state, notification_id) "
            "VALUES (%s, %s, %s, %s, %s)",
            [(*row, position) for position, row in enumerate(stored(facts), start=1)],
        )
        connection.execute("UPDATE store_head SET position = %s", (len(facts),))


def rebuilds_of(pool: Pool, database: str, projection: Any = specimens.totals) -> Rebuilds:
    return Rebuilds(pool, database, specimens.metadata, [projection], lambda _: StoreOrigin(database))


async def follow(runner: ProjectionRunner, database: str) -> None:
    """Apply everything on the live path."""
    facts = list(StoreOrigin(database).facts(0, StoreOrigin(database).head(), ["%"]))
    await runner.apply(facts)


def test_a_range_without_a_fact_that_is_wanted_gives_none(database: str) -> None:
    """Most ranges of a long history hold no fact of a rare kind."""
    fill(database, history(30))
    origin = StoreOrigin(database)
    assert list(origin.facts(0, 30, ["nobody.%"])) == []
    assert list(origin.facts(30, 30, ["%"])) == []
    assert len(list(origin.facts(0, 30, ["%"]))) == 30


@pytest.mark.parametrize("processes", [1, 3])
async def test_a_rebuild_equals_the_live_table(
    runner: ProjectionRunner, pool: Pool, database: str, processes: int
) -> None:
    fill(database, history(3000))
    await follow(runner, database)
    rebuilds = rebuilds_of(pool, database)
    await rebuilds.rebuild("totals", processes)
    live = rows(database)
    assert len(live) > 200
    assert rows(database, STANDBY) == live
    [view] = await rebuilds.views()
    assert (view.state, view.position, view.percent) == ("ready", 3000, 100.0)
    [difference] = await rebuilds.compare("totals")
    assert difference == {
        "table": "counters", "live_rows": len(live), "standby_rows": len(live), "only_live": 0, "only_standby": 0
    }  # fmt: skip


async def test_the_rebuilt_tables_have_every_index_of_the_live_ones(
    runner: ProjectionRunner, pool: Pool, database: str
) -> None:
    """They are made when the tables are full, which is quicker, and go with the tables when these are switched."""
    fill(database, history(300))
    await follow(runner, database)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("CREATE INDEX by_total ON counters (total, name) WHERE total > 3")
    indexes = (
        "SELECT split_part(indexdef, ' USING ', 2) FROM pg_indexes WHERE schemaname = '{}' "
        "AND tablename = 'counters' ORDER BY 1"
    )
    before = rows(database, indexes.format("public"))
    rebuilds = rebuilds_of(pool, database)
    await rebuilds.rebuild("totals")
    assert rows(database, indexes.format("standby_totals")) == before
    await rebuilds.switch("totals")
    assert rows(database, indexes.format("public")) == before
    assert len(before) == 2


async def test_facts_that_fail_are_parked_by_the_rebuild_as_by_the_live_path(
    runner: ProjectionRunner, pool: Pool, database: str
) -> None:
    fill(database, history(2000, spoilt=frozenset({450, 451, 1300})))
    await follow(runner, database)
    await rebuilds_of(pool, database).rebuild("totals", 3)
    assert rows(database, STANDBY) == rows(database)
    parked = "SELECT source, position, stream, topic, error FROM parked WHERE projection = '{}' ORDER BY 2"
    assert len(rows(database, parked.format("totals"))) > 3
    assert rows(database, parked.format("totals@standby")) == rows(database, parked.format("totals"))
    counts = dict(rows(database, "SELECT projection, parked FROM checkpoints"))
    assert counts["totals"] == counts["totals@standby"]


async def test_what_only_the_database_refuses_makes_the_rebuild_go_fact_by_fact(
    runner: ProjectionRunner, pool: Pool, database: str
) -> None:
    facts = history(1000)
    facts[500] = CounterOpened(counter_id=counter(1000), name="nul \0 byte")
    fill(database, facts)
    await follow(runner, database)
    await rebuilds_of(pool, database).rebuild("totals", 2)
    assert rows(database, STANDBY) == rows(database)
    assert len(rows(database, "SELECT FROM parked")) == 2


async def test_memory_is_bounded_by_staging_in_rounds(pool: Pool, database: str) -> None:
    fill(database, history(1000))
    await rebuilds_of(pool, database).rebuild("totals")
    expected = rows(database, STANDBY)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("TRUNCATE standby_totals.counters")
        connection.execute("UPDATE standby_totals.progress SET position = 0")
    tables = read_tables(specimens.metadata, ["counters"], "standby_totals")
    job = Job(
        database, "standby_totals", "totals@standby", "specimens", specimens.totals, tables,
        StoreOrigin(database), parts=1, most_rows=10,
    )  # fmt: skip
    folder = Folder(job)
    assert isinstance(folder.do(Fold(0, 1000, frozenset())), Folded)
    assert isinstance(folder.do(Merge(0)), Merged)
    assert rows(database, STANDBY) == expected


async def test_an_interrupted_rebuild_goes_on_where_it_stopped(
    runner: ProjectionRunner, pool: Pool, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(database, history(3000))
    await follow(runner, database)
    asked = FolderProcess.ask
    merged: list[Any] = []

    async def dies(self: Any, order: Any) -> Any:
        if isinstance(order, Merge):
            merged.append(order)
            if len(merged) == 14:
                await self.stop()
        return await asked(self, order)

    monkeypatch.setattr(FolderProcess, "ask", dies)
    rebuilds = rebuilds_of(pool, database)
    with pytest.raises(FolderDied):
        await rebuilds.rebuild("totals", 3)
    monkeypatch.undo()
    monkeypatch.setattr(rebuilding, "LEAST_RANGE", 100)
    parts = rows(database, "SELECT DISTINCT position FROM standby_totals.progress")
    assert 0 < max(parts)[0] < 3000
    assert len(parts) > 1  # the hard case: parts stand at different positions
    [view] = await rebuilds.views()
    assert view.state == "folding"
    await rebuilds.rebuild("totals", 2)
    assert rows(database, STANDBY) == rows(database)


async def test_the_switch_happens_while_facts_are_written_and_loses_none(
    runner: ProjectionRunner, pool: Pool, database: str, store: Store
) -> None:
    """The table is falsified before, so that only the rebuilt one can be right."""
    fill(database, history(500))
    follower = asyncio.create_task(StoreFeed(store, 20).run(position=0, apply=runner.apply))
    writer = asyncio.create_task(_write(store, 150))
    rebuilds = rebuilds_of(pool, database)
    await rebuilds.rebuild("totals", 2)
    with psycopg.connect(database) as connection:
        connection.execute("UPDATE counters SET total = -1")
    await rebuilds.switch("totals")
    await writer
    head = await store.head()
    while rows(database, "SELECT position FROM checkpoints WHERE projection = 'totals'") != [(head,)]:
        assert not follower.done() or follower.result()
        await asyncio.sleep(0.01)
    follower.cancel()
    await rebuilds.rebuild("totals", fresh=True)
    assert rows(database, STANDBY) == rows(database)
    assert rows(database, "SELECT count(*) FROM counters WHERE total < 0") == [(0,)]


async def _write(store: Store, count: int) -> None:
    for n in range(count):
        await record(store, opened(10_000 + n), moved(10_000 + n, 3))


async def test_a_switch_can_be_rolled_back_and_the_former_tables_catch_up_first(
    runner: ProjectionRunner, pool: Pool, database: str, store: Store
) -> None:
    fill(database, history(300))
    await follow(runner, database)
    rebuilds = rebuilds_of(pool, database)
    await rebuilds.rebuild("totals")
    with psycopg.connect(database) as connection:
        connection.execute("UPDATE standby_totals.counters SET name = 'rebuilt'")
    await rebuilds.switch("totals")
    assert set(rows(database, "SELECT name FROM counters")) == {("rebuilt",)}
    position = await record(store, opened(5000), moved(5000, 5))
    await follow(runner, database)
    await rebuilds.switch("totals", back=True)
    assert ("rebuilt",) not in rows(database, "SELECT name FROM counters")
    assert rows(database, "SELECT name, total FROM counters WHERE total = 5 AND name LIKE 'counter %'") == [
        ("counter 5000", 5)
    ]
    assert rows(database, "SELECT position FROM checkpoints WHERE projection = 'totals'") == [(position,)]


async def test_what_does_not_fit_the_state_is_refused_with_what_to_do(pool: Pool, database: str) -> None:
    rebuilds = rebuilds_of(pool, database)
    create_tables(database)
    with pytest.raises(NotPossible, match="there is: totals"):
        await rebuilds.rebuild("coverage")
    with pytest.raises(NotPossible, match="projection rebuild totals"):
        await rebuilds.switch("totals")
    with pytest.raises(NotPossible, match="rebuild it first"):
        await rebuilds.compare("totals")


async def test_a_part_is_merged_once_even_if_two_rebuild_at_a_time(pool: Pool, database: str) -> None:
    fill(database, history(1000))
    await rebuilds_of(pool, database).rebuild("totals")
    expected = rows(database, STANDBY)
    tables = read_tables(specimens.metadata, ["counters"], "standby_totals")
    job = Job(
        database, "standby_totals", "totals@standby", "specimens", specimens.totals, tables,
        StoreOrigin(database), parts=1,
    )  # fmt: skip
    late = Folder(job)
    assert isinstance(late.do(Fold(0, 1000, frozenset())), Folded)
    answer = late.do(Merge(0))
    assert isinstance(answer, Failed)
    assert not answer.poison
    assert rows(database, STANDBY) == expected


async def test_a_rebuild_stops_when_somebody_is_forgotten_meanwhile(pool: Pool, database: str) -> None:
    fill(database, history(100))
    await rebuilds_of(pool, database).rebuild("totals")
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("TRUNCATE standby_totals.counters")
        connection.execute("UPDATE standby_totals.progress SET position = 0")
    tables = read_tables(specimens.metadata, ["counters"], "standby_totals")
    job = Job(
        database, "standby_totals", "totals@standby", "specimens", specimens.totals, tables,
        StoreOrigin(database), parts=1,
    )  # fmt: skip
    folder = Folder(job)
    assert isinstance(folder.do(Fold(0, 100, frozenset())), Folded)
    with psycopg.connect(database, autocommit=True) as connection:
        erased = "INSERT INTO erased_subjects VALUES (gen_random_uuid(), 'profile', gen_random_uuid(), now())"
        connection.execute(erased)
    answer = folder.do(Merge(0))
    assert isinstance(answer, Failed)
    assert not answer.poison
    assert "forgotten" in answer.error
    assert rows(database, STANDBY) == []
    assert isinstance(folder.do(Fold(0, 100, frozenset())), Folded)
    assert isinstance(folder.do(Merge(0)), Merged)
