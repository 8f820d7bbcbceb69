"""Fixtures that every test may ask for: engines, a fresh database, a region of its own."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.support.engines import NatsServer, PostgresServer, engine_folder, nats_server, postgres_server

# What CI says of a commit is the same each time. ALONGSIDE_EXPLORE=1 plays other examples in each run.
settings.register_profile("same each time", derandomize=True, database=None)
if not os.environ.get("ALONGSIDE_EXPLORE"):
    settings.load_profile("same each time")


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """One PostgreSQL for each test process."""
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def nats() -> Iterator[NatsServer]:
    """One nats-server for each test process."""
    with nats_server() as server:
        yield server


@pytest.fixture
def database_url(postgres: PostgresServer) -> Iterator[str]:
    """A fresh empty database, dropped afterwards."""
    with postgres.database() as url:
        yield url


@pytest.fixture
def nats_url(nats: NatsServer) -> str:
    """The bus; streams of a test are told apart by its region."""
    return nats.url


@pytest.fixture
def region() -> str:
    """A region no other test uses, so that streams never meet."""
    return f"t-{secrets.token_hex(5)}"


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """An empty data directory for a system of the test's own; what still runs in it is ended after."""
    with engine_folder() as folder:
        yield folder


def pytest_addoption(parser: pytest.Parser) -> None:
    """How long the fault tests go on, and which course they take."""
    parser.addoption("--rounds", type=int, default=None, help="rounds of the fault tests (default 4)")
    parser.addoption("--long", action="store_true", help="also what CI has no time for")
    parser.addoption("--fault-seed", type=int, default=None, help="seed of the fault tests (default: any)")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is marked long is played when it was asked for."""
    if config.getoption("--long"):
        return
    for item in items:
        if item.get_closest_marker("long"):
            item.add_marker(pytest.mark.skip(reason="takes long: --long plays it"))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """With -n: a system that many tests share is started once, not once in each process."""
    from tests.support.spreading import Together

    return Together(config, log) if config.getoption("dist") == "load" else None
