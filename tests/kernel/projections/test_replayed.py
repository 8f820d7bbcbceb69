"""A read model is replayed from bytes that somebody kept, in isolation, and compared with the live one row by row."""

from typing import Any

import pytest
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from shared.kernel.projections.checkpoints import Gap
from shared.kernel.projections.replayed import Replayed
from shared.kernel.projections.runner import ProjectionRunner
from tests.kernel.projections import specimens
from tests.kernel.projections.specimens import closed, moved, opened, stored

Pool = AsyncConnectionPool[AsyncConnection[Any]]


@pytest.fixture
async def kept(runner: ProjectionRunner) -> list[tuple[int, bytes]]:
    """What happened to five counters, one of which is spoilt; the live read model has it all."""
    facts: list[Any] = [opened(n, f"no {n}") for n in range(4)] + [opened(9, "rubbish")]
    facts += [moved(n % 4, n) for n in range(20)] + [closed(3)]
    batch = [(place, row[3]) for place, row in enumerate(stored(facts), 1)]
    await runner.apply(batch)
    return batch


@pytest.fixture
def replayed(pool: Pool) -> Replayed:
    return Replayed(pool, specimens.metadata, specimens.totals)


async def whole(replayed: Replayed, kept: list[tuple[int, bytes]]) -> dict[str, Any]:
    begun = await replayed.begin()
    assert begun["specimens"]["until"] == len(kept)
    await replayed.take("specimens", kept[:7])
    assert await replayed.take("specimens", kept[7:]) == len(kept)
    return await replayed.compare()


async def test_the_live_read_model_is_what_its_facts_make_of_it(
    replayed: Replayed, kept: list[tuple[int, bytes]]
) -> None:
    found = await whole(replayed, kept)
    assert found["equal"]
    (table,) = found["tables"]
    assert (table["live"], table["replayed"], table["differ"], table["rows"]) == (3, 3, 0, [])
    assert found["sources"] == [{"source": "specimens", "position": len(kept), "parked": 1}]


async def test_every_row_that_differs_is_named_with_what_differs(
    replayed: Replayed, kept: list[tuple[int, bytes]], pool: Pool
) -> None:
    async with pool.connection() as connection:
        ids = [
            row[0]
            for row in await (
                await connection.execute("SELECT counter_id FROM counters ORDER BY name")
            ).fetchall()
        ]
        await connection.execute("UPDATE counters SET total = total + 1 WHERE counter_id = %s", (ids[0],))
        await connection.execute("DELETE FROM counters WHERE counter_id = %s", (ids[1],))
    found = await whole(replayed, kept)
    assert not found["equal"]
    (table,) = found["tables"]
    assert (table["live"], table["replayed"], table["differ"]) == (2, 3, 2)
    by_key = {row["key"]["counter_id"]: row for row in table["rows"]}
    ((live, other),) = by_key[str(ids[0])]["differ"].values()
    assert live == other + 1
    assert by_key[str(ids[1])]["only"] == "replayed"


async def test_what_the_live_one_takes_meanwhile_does_not_disturb(
    replayed: Replayed, kept: list[tuple[int, bytes]], runner: ProjectionRunner
) -> None:
    await replayed.begin()
    await runner.apply([(len(kept) + 1, stored([moved(1, 100)])[0][3])])
    await replayed.take("specimens", kept)
    assert (await replayed.compare())["equal"]


async def test_a_gap_is_refused_and_nothing_is_left_behind(
    replayed: Replayed, kept: list[tuple[int, bytes]], pool: Pool
) -> None:
    await replayed.begin()
    with pytest.raises(Gap):
        await replayed.take("specimens", kept[3:])
    await replayed.remove()
    async with pool.connection() as connection:
        cursor = await connection.execute(
            "SELECT (SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'replayed%%'), "
            "(SELECT count(*) FROM checkpoints WHERE projection LIKE '%%@replayed')",
            (),
        )
        assert await cursor.fetchone() == (0, 0)
