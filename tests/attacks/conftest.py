"""One running system for all attacks; each leaves it as it was."""

from collections.abc import Iterator

import pytest

from deploy.embedded import System
from tests.attacks.house import SERVICES, House
from tests.support.engines import engine_folder

PARTS = {"assignments": ["api,projector,due", "relay"]}


@pytest.fixture(scope="package")
def house() -> Iterator[House]:
    with engine_folder() as folder, System(folder / "data", only=SERVICES, parts=PARTS) as system:
        house = House(system)
        house.begin(children=6)
        yield house
