"""One running system for all tests of this folder, with a small agency's story already told."""

from collections.abc import Iterator

import httpx
import pytest

from deploy.embedded import System
from tests.console.agency import Agency, Told, first_days
from tests.support.engines import engine_folder


@pytest.fixture(scope="package")
def agency() -> Iterator[Agency]:
    with engine_folder() as folder, System(folder / "data") as system, httpx.Client(timeout=15) as client:
        yield Agency(system, client)


@pytest.fixture(scope="package")
def told(agency: Agency) -> Told:
    return first_days(agency)
