"""A whole system for the journeys, and the story told on it once and once more."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.demo.journey import SHIPPED, play
from deploy.demo.story import Story
from deploy.demo.terminal import Silence
from deploy.embedded import System
from tests.support.engines import engine_folder

ROOT = Path(__file__).resolve().parents[2]
REAL = ROOT.parent / "shared" / "data" / "gias-schools.csv"


def told(system: System, schools: Path, *, with_year: bool) -> dict[str, Any]:
    """Tell the story on this system, with the school year or without; the document of it."""
    story, mail = Story(Silence()), system.foundation.mail_folder
    asyncio.run(play(story, system.urls, system.region, mail, schools, with_year=with_year))
    return story.document()


def chapter(document: dict[str, Any], number: int) -> dict[str, Any]:
    """What one chapter kept: ids, facts, read-backs."""
    found: dict[str, Any] = document["chapters"][number - 1]["kept"]
    return found


@pytest.fixture(scope="module")
def system() -> Iterator[System]:
    """Engines, mail and every service, as `up` starts them."""
    with engine_folder() as folder, System(folder) as made:
        yield made


@pytest.fixture(scope="module")
def first(system: System, pytestconfig: pytest.Config) -> dict[str, Any]:
    """The story, with the register that the project ships; with the school year when there is time for it."""
    return told(system, SHIPPED, with_year=pytestconfig.getoption("--long"))


@pytest.fixture(scope="module")
def year(first: dict[str, Any], pytestconfig: pytest.Config) -> dict[str, Any]:
    """The same, told with the school year."""
    if not pytestconfig.getoption("--long"):
        pytest.skip("takes long: --long tells the school year")
    return first


@pytest.fixture(scope="module")
def second(system: System, first: dict[str, Any], pytestconfig: pytest.Config) -> dict[str, Any]:
    """The first eight chapters on the same system; with the register that nobody here wrote, where it lies."""
    if not pytestconfig.getoption("--long"):
        pytest.skip("takes long: --long tells it twice")
    return told(system, REAL if REAL.exists() else SHIPPED, with_year=False)
