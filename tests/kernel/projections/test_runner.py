"""A batch is one transaction: rows, checkpoint and parked facts, exactly once."""

import asyncio
from typing import Any

import pytest
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from shared.kernel import faults
from shared.kernel.projections.checkpoints import Gap
from shared.kernel.projections.declared import read_tables
from shared.kernel.projections.runner import ProjectionRunner
from tests.kernel.projections import specimens
from tests.kernel.projections.specimens import batch, closed, counter, moved, opened, rows

TOTALS = "SELECT counter_id, total, moves FROM counters ORDER BY name"


class Died(BaseException):
    """Stands for the end of the process."""


@pytest.fixture
def dies_at(monkeypatch: pytest.MonkeyPatch) -> Any:
    def at(point: str) -> None:
        async def reach(reached: str) -> None:
            if reached == point:
                monkeypatch.undo()
                raise Died(point)

        monkeypatch.setattr(faults, "reach", reach)

    return at


async def test_facts_become_rows_and_the_checkpoint_moves(runner: ProjectionRunner, database: str) -> None:
    await runner.apply(batch([opened(1), moved(1, 2), opened(2), moved(1, 3), moved(2, 7)]))
    assert rows(database, TOTALS) == [(counter(1), 5, 2), (counter(2), 7, 1)]
    assert rows(database, "SELECT position, parked FROM checkpoints") == [(5, 0)]


@pytest.mark.parametrize(
    "point", ["projection.before_commit", "projection.after_commit", "projection.before_ack"]
)
async def test_a_death_at_any_point_and_the_redelivery_have_one_effect(
    runner: ProjectionRunner, database: str, dies_at: Any, point: str
) -> None:
    facts = batch([opened(1), moved(1, 2), moved(1, 3)])
    dies_at(point)
    with pytest.raises(Died):
        await runner.apply(facts)
    await runner.apply(facts)
    assert rows(database, TOTALS) == [(counter(1), 5, 2)]
    assert rows(database, "SELECT position FROM checkpoints") == [(3,)]


async def test_what_was_applied_before_is_skipped_in_a_batch_that_overlaps(
    runner: ProjectionRunner, database: str
) -> None:
    facts = batch([opened(1), moved(1), moved(1), moved(1)])
    await runner.apply(facts[:3])
    await runner.apply(facts[1:])
    await runner.apply(facts[:2])
    assert rows(database, TOTALS) == [(counter(1), 3, 3)]


@pytest.mark.parametrize("left_out", [0, 1])
async def test_a_gap_before_or_within_a_batch_is_refused_and_nothing_applied(
    runner: ProjectionRunner, database: str, left_out: int
) -> None:
    facts = batch([opened(1), moved(1), moved(1)])
    del facts[left_out]
    with pytest.raises(Gap):
        await runner.apply(facts)
    assert rows(database, TOTALS) == []


async def test_two_runners_of_one_projection_apply_each_fact_once(
    runner: ProjectionRunner, pool: AsyncConnectionPool[AsyncConnection[Any]], database: str
) -> None:
    stale = ProjectionRunner(
        pool, specimens.totals, "specimens", read_tables(specimens.metadata, ["counters"])
    )
    facts = batch([opened(1), *[moved(1) for _ in range(200)]])
    await asyncio.gather(
        *[each.apply(facts[:end]) for end in range(1, len(facts) + 1, 25) for each in (runner, stale)],
        runner.apply(facts),
    )
    assert rows(database, TOTALS) == [(counter(1), 200, 200)]


async def test_facts_nobody_listens_to_only_move_the_checkpoint(
    pool: AsyncConnectionPool[AsyncConnection[Any]], database: str
) -> None:
    from dataclasses import replace

    deaf = replace(specimens.totals, listens=(specimens.CounterClosed,))
    runner = ProjectionRunner(pool, deaf, "specimens", read_tables(specimens.metadata, ["counters"]))
    await runner.start()
    await runner.apply(batch([opened(1), moved(1)]))
    assert rows(database, TOTALS) == []
    assert rows(database, "SELECT position FROM checkpoints") == [(2,)]


async def test_a_row_that_is_dropped_and_made_again_forgets_what_it_was(
    runner: ProjectionRunner, database: str
) -> None:
    facts = batch([opened(1), moved(1, 9), closed(1), opened(1, "again")])
    await runner.apply(facts[:2])
    await runner.apply(facts[2:])
    assert rows(database, "SELECT name, total, moved_at FROM counters") == [("again", 0, None)]


async def test_a_checkpoint_that_was_moved_far_ahead_makes_the_feed_start_again_there(
    runner: ProjectionRunner, database: str
) -> None:
    """Who loads facts with their consequences puts checkpoints behind them; nobody reads through all that."""
    await runner.apply(batch([opened(1)]))
    async with await AsyncConnection.connect(database, autocommit=True) as connection:
        await connection.execute("UPDATE checkpoints SET position = 1000000")
    with pytest.raises(Gap, match="far ahead"):
        await runner.apply(batch([opened(1), moved(1, 2)]))
    assert rows(database, "SELECT position FROM checkpoints") == [(1_000_000,)]
