"""Notifications on a database of its own, with a mail server that keeps what it is given."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import pytest

from services.notifications.main import service
from tests.support.engines import PostgresServer
from tests.support.reused import service_database
from tests.support.served import Served, served
from tests.support.sink import Sink, mail_sink


@pytest.fixture
def database_url(postgres: PostgresServer) -> Iterator[str]:
    """The service's own, with nothing recorded."""
    with service_database(postgres, service) as url:
        yield url


@pytest.fixture
async def sink(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Sink]:
    async with mail_sink() as found:
        monkeypatch.setenv("ALONGSIDE_SMTP_URL", found.url)
        monkeypatch.setenv("ALONGSIDE_MAIL_FROM", "alongside@agency.example")
        yield found


@pytest.fixture
async def notifications(database_url: str, sink: Sink) -> AsyncIterator[Served]:
    async with served(service, database_url, datetime.now(UTC)) as found:
        yield found
