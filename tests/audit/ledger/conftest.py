"""A migrated audit database, and a directory for what was signed last."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.audit.main import service
from shared.kernel.migrations import migrate
from tests.audit.ledger.scene import Witnessing, looking_at
from tests.support.engines import PostgresServer


@pytest.fixture(scope="session")
def migrated(postgres: PostgresServer) -> Iterator[str]:
    """The name of a database to be copied: migrating takes ten times as long."""
    with postgres.database() as url:
        migrate(url, service.migrations)
        yield url.rpartition("/")[2]


@pytest.fixture
def ledger_url(postgres: PostgresServer, migrated: str) -> Iterator[str]:
    with postgres.database(template=migrated) as url:
        yield url
        looking_at(url).close()
        looking_at.cache_clear()


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def witnesses(tmp_path: Path) -> list[Witnessing]:
    """Three, none of them answering yet."""
    return [Witnessing(tmp_path / "witnesses", name) for name in ("one", "two", "three")]
