"""A store with a connection to the bus beside it, and a nats-server that a test may kill."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from nats.aio.client import Client

from deploy import ports
from deploy.engines.nats import Nats
from shared.kernel.bus.connection import connect
from shared.kernel.store import Store
from shared.kernel.store.store import create_tables


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    create_tables(database_url)
    async with await Store.open(database_url) as opened:
        yield opened


@pytest.fixture
async def bus(nats_url: str) -> AsyncIterator[Client]:
    connection = await connect(nats_url, "test")
    yield connection
    await connection.close()


@pytest.fixture
def mortal_nats(data_dir: Path) -> Nats:
    """A nats-server of the test's own."""
    chosen = ports.free(["nats", "monitor"])
    server = Nats(data_dir, chosen["nats"], chosen["monitor"])
    server.start()
    return server
