"""One house for all samples: they are told what happens in it, and happen to it nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.embedded import System
from tests.support.engines import engine_folder


@pytest.fixture(scope="session")
def system() -> Iterator[System]:
    """Sessions, which payroll is about, and notifications, which sends webhooks."""
    with engine_folder() as folder, System(folder / "data", only=("sessions", "notifications")) as made:
        yield made


@pytest.fixture(scope="session")
def credentials(system: System, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What payroll connects with."""
    file = tmp_path_factory.mktemp("payroll") / "payroll.seed"
    file.write_text("")
    return file
