"""A database with the specimens' read model, and what follows facts there."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from shared.kernel.projections.declared import read_tables
from shared.kernel.projections.runner import ProjectionRunner
from shared.kernel.store import Store
from tests.kernel.projections import specimens


@pytest.fixture
def database(database_url: str) -> str:
    specimens.prepare(database_url)
    return database_url


@pytest.fixture
async def pool(database: str) -> AsyncIterator[AsyncConnectionPool[AsyncConnection[Any]]]:
    async with specimens.pool(database) as opened:
        yield opened


@pytest.fixture
async def runner(pool: AsyncConnectionPool[AsyncConnection[Any]]) -> ProjectionRunner:
    runner = ProjectionRunner(
        pool, specimens.totals, "specimens", read_tables(specimens.metadata, ["counters"])
    )
    await runner.start()
    return runner


@pytest.fixture
async def store(database: str) -> AsyncIterator[Store]:
    async with await Store.open(database) as opened:
        await opened.create()
        yield opened
