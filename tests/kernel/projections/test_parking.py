"""A fact that can't be applied is parked, and every later one of its aggregate waits behind it."""

import asyncio
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from shared.kernel.envelope import Envelope
from shared.kernel.projection import RawProjection
from shared.kernel.projections import mending, parked
from shared.kernel.projections.declared import read_tables
from shared.kernel.projections.parked import Which
from shared.kernel.projections.runner import ProjectionRunner
from shared.kernel.rows import Put, Row
from tests.kernel.projections import specimens
from tests.kernel.projections.specimens import CounterOpened, batch, counter, moved, opened, rows

TOTALS = "SELECT counter_id, total FROM counters ORDER BY name"
PARKED = "SELECT position, stream, error <> '' FROM parked ORDER BY position"


async def test_the_failing_aggregate_waits_and_the_others_go_on(
    runner: ProjectionRunner, database: str
) -> None:
    versions: dict[Any, int] = {}
    await runner.apply(batch([opened(1), opened(2, "rubbish"), moved(2), moved(1, 4)], 0, versions))
    await runner.apply(batch([moved(2), moved(1, 5)], 4, versions))
    assert rows(database, TOTALS) == [(counter(1), 9)]
    assert rows(database, PARKED) == [(2, counter(2), True), (3, counter(2), False), (5, counter(2), False)]
    assert rows(database, "SELECT position, parked FROM checkpoints") == [(6, 3)]


async def test_what_only_the_database_refuses_is_found_among_many_and_parked(
    runner: ProjectionRunner, database: str
) -> None:
    facts: list[Any] = [opened(n) for n in range(200)]
    facts[77] = CounterOpened(counter_id=counter(77), name="nul \0 byte")
    facts += [moved(n) for n in range(200)]
    await runner.apply(batch(facts))
    assert rows(database, "SELECT count(*), sum(total) FROM counters") == [(199, 199)]
    assert rows(database, PARKED) == [(78, counter(77), True), (278, counter(77), False)]


async def test_a_change_of_a_row_that_was_never_made_is_parked_with_the_reason(
    runner: ProjectionRunner, database: str
) -> None:
    await runner.apply(batch([moved(1), opened(2)]))
    assert rows(database, TOTALS) == [(counter(2), 0)]
    [(error,)] = rows(database, "SELECT error FROM parked")
    assert "1 row(s) of counters are not there, and making one needs name" in error


async def test_bytes_that_are_no_fact_are_parked(runner: ProjectionRunner, database: str) -> None:
    await runner.apply([(1, b"rubbish"), *batch([opened(1)], after=1)])
    assert rows(database, "SELECT position, topic, state FROM parked") == [(1, "", b"rubbish")]
    assert len(rows(database)) == 1


async def test_a_version_newer_than_this_program_is_parked_not_passed_by(
    runner: ProjectionRunner, database: str
) -> None:
    [(position, state)] = batch([opened(1)])
    await runner.apply([(position, state.replace(b"CounterOpened.v1", b"CounterOpened.v2"))])
    [(error,)] = rows(database, "SELECT error FROM parked")
    assert "newer than this program" in error


@pytest.mark.parametrize("statement", ["DROP TABLE counters", "ALTER TABLE counters DROP COLUMN total"])
async def test_a_missing_table_or_column_stops_the_runner_and_parks_nothing(
    runner: ProjectionRunner, database: str, statement: str
) -> None:
    with psycopg.connect(database) as connection:
        connection.execute(statement)
    with pytest.raises(psycopg.ProgrammingError):
        await runner.apply(batch([opened(1), moved(1)]))
    assert rows(database, PARKED) == []
    assert rows(database, "SELECT position FROM checkpoints") == [(0,)]


async def test_pages_and_streams_of_a_great_many_parked_facts_are_found_by_index(
    runner: ProjectionRunner, pool: AsyncConnectionPool[AsyncConnection[Any]], database: str
) -> None:
    """What a million would cost is told by the plan: no scan of the table, no sort of what waits."""
    with psycopg.connect(database) as connection:
        connection.execute(
            "INSERT INTO parked (projection, source, position, stream, topic, state, error) "
            "SELECT 'totals', 'specimens', n, md5((n % 5000)::text)::uuid, 't', '', "
            "CASE WHEN n <= 5000 THEN 'e' ELSE '' END FROM generate_series(1, 50000) n"
        )
        connection.execute("UPDATE checkpoints SET position = 50000, parked = 50000")
        connection.execute("ANALYZE parked")
    async with pool.connection() as connection:
        found: list[parked.ParkedKey] = []
        while page := await parked.keys(connection, Which(projection="totals"), _after(found), 200):
            found += page
        assert [key.position for key in found] == list(range(1, 5001))
        assert {key.waiting for key in found} == {10}
        plans = [
            "SELECT * FROM parked WHERE error <> '' AND projection = 'totals' "
            "AND (projection, source, position) > ('totals', 'specimens', 2000) "
            "ORDER BY projection, source, position LIMIT 200",
            "SELECT s FROM unnest(ARRAY[md5('1')::uuid]) AS s WHERE EXISTS "
            "(SELECT FROM parked WHERE projection = 'totals' AND source = 'specimens' AND stream = s)",
            "SELECT * FROM parked WHERE projection = 'totals' AND source = 'specimens' "
            "AND stream = md5('1')::uuid ORDER BY position LIMIT 1000",
        ]
        for query in plans:
            plan = str(await (await connection.execute(f"EXPLAIN {query}")).fetchall())
            assert "Index" in plan, plan
            assert "Seq Scan on parked" not in plan, plan
    [(position, state)] = batch([opened(1)], after=50000)
    await runner.apply([(position, state)])
    assert rows(database, "SELECT position, parked FROM checkpoints") == [(50001, 50000)]


def _after(found: list[parked.ParkedKey]) -> tuple[str, str, int] | None:
    return (found[-1].projection, found[-1].source, found[-1].position) if found else None


async def test_a_retry_applies_a_key_in_order_while_new_facts_of_it_arrive(
    runner: ProjectionRunner, pool: AsyncConnectionPool[AsyncConnection[Any]], database: str
) -> None:
    facts = batch([moved(1, n) for n in range(1, 400)])
    await runner.apply(facts[:200])
    assert len(rows(database, "SELECT FROM parked")) == 200
    with psycopg.connect(database) as connection:
        connection.execute("INSERT INTO counters (counter_id, name) VALUES (%s, 'mended')", (counter(1),))
    await asyncio.gather(
        mending.retry(pool, runner, counter(1)), *[runner.apply(facts[:end]) for end in (250, 300, 399)]
    )
    await mending.retry(pool, runner, counter(1))
    assert rows(database, TOTALS) == [(counter(1), sum(range(1, 400)))]
    assert rows(database, "SELECT position, parked FROM checkpoints") == [(399, 0)]


async def test_a_parked_fact_is_retried_with_its_producers_signature(
    pool: AsyncConnectionPool[AsyncConnection[Any]], database: str
) -> None:
    """The ledger keeps the signature: a fact that it took in without would be as one that nobody signed."""
    broken = True

    def signed(position: int, read: Envelope, state: bytes, signature: str) -> Iterator[Row]:
        if broken:
            raise ValueError("a fault in the projection")
        yield Put("counters", {"counter_id": counter(position)}, {"name": signature})

    raw = RawProjection("signed", (), ("counters",), frozenset({"specimens"}), signed)
    runner = ProjectionRunner(pool, raw, "specimens", read_tables(specimens.metadata, ["counters"]))
    await runner.start()
    [first, second] = batch([opened(1), moved(1)])
    await runner.apply([(*first, "hers"), (*second, "his")])
    assert [row[0] for row in rows(database, PARKED)] == [1, 2]
    broken = False
    assert (await mending.retry(pool, runner, counter(1))).done == 2
    assert {name for (name,) in rows(database, "SELECT name FROM counters")} == {"hers", "his"}
