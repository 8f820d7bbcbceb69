"""Sessions on a database of its own, early on the Monday on which the example story begins."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest

from services.sessions.main import service
from tests.support.engines import PostgresServer
from tests.support.people import MONDAY_NINE
from tests.support.reused import service_database
from tests.support.served import Served, served


@pytest.fixture
def database_url(postgres: PostgresServer) -> Iterator[str]:
    """The service's own, with nothing recorded."""
    with service_database(postgres, service) as url:
        yield url


@pytest.fixture
async def sessions(database_url: str) -> AsyncIterator[Served]:
    async with served(service, database_url, MONDAY_NINE - timedelta(hours=2)) as found:
        yield found
