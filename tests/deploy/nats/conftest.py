"""One server for everything that is tried on it."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.deploy.nats.house import APPROVED, LOCKED, LOGGED, Bus, bus_in
from tests.support.engines import engine_folder


@pytest.fixture(scope="package")
def bus() -> Iterator[Bus]:
    """With acme, who may read two facts of sessions, and rival, who may read a third."""
    with engine_folder() as folder, bus_in(folder) as made:
        asyncio.run(made.let_in("acme", APPROVED, LOGGED))
        asyncio.run(made.let_in("rival", LOCKED))
        yield made
