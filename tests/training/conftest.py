"""Training on a database of its own, on a day in January."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from services.training.main import service
from tests.support.served import Served, served


@pytest.fixture
async def training(database_url: str) -> AsyncIterator[Served]:
    async with served(service, database_url, datetime(2026, 1, 5, 9, 0, tzinfo=UTC)) as found:
        yield found
