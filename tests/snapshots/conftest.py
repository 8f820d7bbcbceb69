"""A region of three stores, made once for each test process and emptied for each test."""

from collections.abc import Iterator
from contextlib import ExitStack

import psycopg
import pytest

from deploy.snapshots.leaving import SERVICES
from shared.kernel.store.store import create_tables
from tests.snapshots.region import Region
from tests.support.engines import PostgresServer

# Past the trigger by which stored events are for ever.
_EMPTY = """
SET session_replication_role = replica;
TRUNCATE stored_events, claims, requests;
UPDATE store_head SET position = 0;
"""


@pytest.fixture(scope="session")
def stores(postgres: PostgresServer) -> Iterator[dict[str, str]]:
    """The databases, by service."""
    with ExitStack() as closing:
        made = {service: closing.enter_context(postgres.database()) for service in SERVICES}
        for url in made.values():
            create_tables(url)
        yield made


@pytest.fixture
def region(postgres: PostgresServer, stores: dict[str, str]) -> Region:
    """Stores with nothing in them."""
    for url in stores.values():
        at = f"{postgres.url.rsplit('/', 1)[0]}/{url.rsplit('/', 1)[1]}"
        with psycopg.connect(at, autocommit=True) as admin:
            admin.execute(_EMPTY)
    return Region(stores)
