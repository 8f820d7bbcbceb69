"""The service on a database of its own, on the first school day; and a register to import."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from services.assignments.main import service
from tests.assignments.story import AT
from tests.support.engines import PostgresServer
from tests.support.reused import service_database
from tests.support.served import Served, served

ROOT = Path(__file__).resolve().parents[2]
INVENTED = ROOT / "deploy" / "demo" / "schools.csv"
REAL = ROOT.parent / "shared" / "data" / "gias-schools.csv"


@pytest.fixture
def database_url(postgres: PostgresServer) -> Iterator[str]:
    """The service's own, with nothing recorded."""
    with service_database(postgres, service) as url:
        yield url


@pytest.fixture
async def assignments(database_url: str) -> AsyncIterator[Served]:
    async with served(service, database_url, AT) as found:
        yield found


@pytest.fixture
def register() -> bytes:
    """Twelve invented schools, as the register publishes them: Windows-1252, every column."""
    return INVENTED.read_bytes()


@pytest.fixture
def real_register() -> bytes:
    """A register that nobody here wrote, where it is at hand."""
    if not REAL.exists():
        pytest.skip("../shared/data/gias-schools.csv is not here")
    return REAL.read_bytes()
