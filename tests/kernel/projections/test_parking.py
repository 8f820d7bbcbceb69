"""A fact that can't be applied is parked, and every later one of its aggregate waits behind it."""

from typing import Any

import pytest

from shared.kernel.projections.runner import ProjectionRunner
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
    import psycopg

    with psycopg.connect(database) as connection:
        connection.execute(statement)
    with pytest.raises(psycopg.ProgrammingError):
        await runner.apply(batch([opened(1), moved(1)]))
    assert rows(database, PARKED) == []
    assert rows(database, "SELECT position FROM checkpoints") == [(0,)]
