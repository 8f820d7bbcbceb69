"""Training on a database of its own, on a day in January."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import pytest

from services.training.main import service
from tests.support.engines import PostgresServer
from tests.support.reused import service_database
from tests.support.served import Served, served


@pytest.fixture
def database_url(postgres: PostgresServer) -> Iterator[str]:
    """The service's own, with nothing recorded."""
    with service_database(postgres, service) as url:
        yield url


@pytest.fixture
async def training(database_url: str) -> AsyncIterator[Served]:
    async with served(service, database_url, datetime(2026, 1, 5, 9, 0, tzinfo=UTC)) as found:
        yield found
