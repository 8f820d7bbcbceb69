"""What a listener does not want costs it no transaction of its own, and loses and doubles nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from shared.kernel.projection import Projection
from shared.kernel.projections.checkpoints import Checkpoint, Gap
from shared.kernel.projections.declared import read_tables
from shared.kernel.projections.passing import Line, Passing
from shared.kernel.projections.runner import ProjectionRunner
from shared.kernel.projections.waiting import Reached
from tests.kernel.projections import specimens
from tests.kernel.projections.specimens import CounterOpened, batch, counter, moved, opened, rows

SAVED = "SELECT position FROM checkpoints ORDER BY projection"
openings = Projection("openings", (CounterOpened,), ("counters",), specimens.project)
Pool = AsyncConnectionPool[AsyncConnection[Any]]
Make = Callable[[Projection], Passing]


@pytest.fixture
def line(pool: Pool) -> Line:
    return Line(pool)


@pytest.fixture
def make(pool: Pool, line: Line) -> Make:
    def passing(projection: Projection) -> Passing:
        tables = read_tables(specimens.metadata, projection.tables)

        def runner(told: Callable[[str, str, Checkpoint], None]) -> ProjectionRunner:
            return ProjectionRunner(pool, projection, "specimens", tables, moved=told)

        return Passing(pool, projection, "specimens", line, Reached(), runner)

    return passing


async def test_what_nobody_wants_is_saved_for_many_listeners_at_once(
    make: Make, line: Line, database: str
) -> None:
    first, second = (
        make(openings),
        make(Projection("others", (CounterOpened,), ("counters",), specimens.project)),
    )
    for listener in (first, second):
        await listener.start()
        await listener.apply(batch([moved(1)]))
        await listener.apply(batch([moved(1)], after=1))
    assert rows(database, SAVED) == [(0,), (0,)]
    await line.save()
    assert rows(database, SAVED) == [(2,), (2,)]
    assert first.passed is second.passed is None


async def test_what_is_wanted_comes_after_what_was_passed_over_saved_or_not(
    make: Make, line: Line, database: str
) -> None:
    listener = make(openings)
    await listener.start()
    await listener.apply(batch([moved(1)]))
    await listener.apply(batch([opened(2)], after=1))
    assert rows(database, SAVED) == [(2,)]
    await listener.apply(batch([moved(1)], after=2))
    await line.save()
    await listener.apply(batch([moved(1), opened(3)], after=3))
    assert rows(database, SAVED) == [(5,)]
    assert {row[0] for row in rows(database)} == {counter(2), counter(3)}
    await line.save()
    assert rows(database, SAVED) == [(5,)]


async def test_who_dies_before_it_is_saved_passes_it_over_again(make: Make, database: str) -> None:
    before, after = make(openings), make(openings)
    await before.start()
    await before.apply(batch([moved(1)]))
    assert (await after.start()).position == 0
    await after.apply(batch([moved(1)]))
    await after.apply(batch([opened(2)], after=1))
    assert rows(database, SAVED) == [(2,)]


async def test_a_gap_is_refused_after_what_was_passed_over(make: Make, database: str) -> None:
    listener = make(openings)
    await listener.start()
    await listener.apply(batch([moved(1)]))
    for facts in ([moved(1)], [opened(2)]):
        with pytest.raises(Gap):
            await listener.apply(batch(facts, after=2))
    assert rows(database) == []


async def test_a_checkpoint_that_somebody_moved_back_is_noticed(
    make: Make, line: Line, pool: Pool, database: str
) -> None:
    narrow = make(openings)
    await narrow.start()
    await narrow.apply(batch([opened(1), moved(1)]))
    await narrow.apply(batch([moved(1)], after=2))
    async with pool.connection() as connection:
        await connection.execute("UPDATE checkpoints SET position = 1 WHERE projection = 'openings'")
    await line.save()
    with pytest.raises(Gap):
        await narrow.apply(batch([moved(1)], after=3))
    assert (await narrow.start()).position == 1
