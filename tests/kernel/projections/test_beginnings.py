"""A listener that is new reads history when it builds rows, and leaves history alone when it acts."""

from collections.abc import Iterator
from typing import Any

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from shared.kernel.projection import Issue, Listener, Policy
from shared.kernel.projections.beginnings import begin
from shared.kernel.recorded import Recorded
from tests.kernel.projections import specimens
from tests.kernel.projections.specimens import CounterOpened

Pool = AsyncConnectionPool[AsyncConnection[Any]]


def nothing(_: Recorded[CounterOpened], __: Any) -> Iterator[Issue]:
    yield from ()


OLD = Policy("old", (CounterOpened,), react=nothing)
NEW = Policy("new", (CounterOpened,), react=nothing)


async def ninety(_: str) -> int:
    return 90


async def never(_: str) -> int:
    raise AssertionError("the head is not needed")


async def begun(pool: Pool, *listeners: Listener, head: Any = never) -> dict[str, int]:
    async with pool.connection() as connection:
        await begin(connection, listeners, head)
        cursor = await connection.execute("SELECT projection, position FROM checkpoints")
        return dict(await cursor.fetchall())


async def test_in_a_new_system_everything_begins_at_the_beginning(pool: Pool) -> None:
    assert await begun(pool, specimens.totals, OLD) == {specimens.totals.name: 0, "old": 0}


async def test_a_policy_added_to_a_system_at_work_begins_where_the_others_are(pool: Pool) -> None:
    await begun(pool, specimens.totals, OLD)
    async with pool.connection() as connection:
        await connection.execute("UPDATE checkpoints SET position = 40")
        await connection.execute("UPDATE checkpoints SET position = 38 WHERE projection = 'old'")
    found = await begun(pool, specimens.totals, OLD, NEW)
    assert found == {specimens.totals.name: 40, "old": 38, "new": 38}


async def test_a_policy_that_is_the_first_to_follow_a_source_begins_at_its_head(pool: Pool) -> None:
    async with pool.connection() as connection:
        await connection.execute(
            "INSERT INTO checkpoints (projection, source, position) VALUES ('x', 'elsewhere', 7)"
        )
    assert (await begun(pool, NEW, head=ninety))["new"] == 90


async def test_a_projection_added_later_reads_all_of_history(pool: Pool) -> None:
    await begun(pool, OLD)
    async with pool.connection() as connection:
        await connection.execute("UPDATE checkpoints SET position = 40")
    assert (await begun(pool, OLD, specimens.totals))[specimens.totals.name] == 0
