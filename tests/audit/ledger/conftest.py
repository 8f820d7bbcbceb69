"""A migrated audit database, and a directory for what was signed last."""

from pathlib import Path

import pytest

from services.audit.main import service
from shared.kernel.migrations import migrate
from tests.audit.ledger.scene import Witnessing


@pytest.fixture
def ledger_url(database_url: str) -> str:
    migrate(database_url, service.migrations)
    return database_url


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def witnesses(tmp_path: Path) -> list[Witnessing]:
    """Three, none of them answering yet."""
    return [Witnessing(tmp_path / "witnesses", name) for name in ("one", "two", "three")]
