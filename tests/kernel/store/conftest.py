"""A store in a fresh database."""

from collections.abc import AsyncIterator

import pytest

from shared.kernel.store import Store
from shared.kernel.store.store import create_tables


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    create_tables(database_url)
    async with await Store.open(database_url) as opened:
        yield opened
