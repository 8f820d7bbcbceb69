"""The clock that can be moved: forward alone, whoever reads what when."""

from datetime import UTC, datetime, timedelta

from psycopg import AsyncConnection

from shared.kernel.clock import Clock
from shared.kernel.store import Store

DAY = timedelta(days=1)


async def test_a_look_that_was_overtaken_by_a_move_does_not_turn_the_clock_back(
    store: Store, database_url: str
) -> None:
    clock = Clock(database_url)
    await clock.move_to(datetime.now(UTC) + DAY)
    async with await AsyncConnection.connect(database_url, autocommit=True) as connection:
        await connection.execute("UPDATE clock SET ahead = interval '0'")  # what an overtaken look has read
    await clock.refresh()
    assert clock.now() - datetime.now(UTC) > DAY / 2


async def test_every_process_of_the_service_learns_of_a_move(store: Store, database_url: str) -> None:
    here, there = Clock(database_url), Clock(database_url)
    moved = await here.move_to(datetime.now(UTC) + DAY)
    await there.refresh()
    assert abs(there.now() - moved) < timedelta(seconds=30)
