"""One system for all rounds, and what the command line says about them."""

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tests.faults.house import House, whole_system
from tests.faults.injuries import Injuries
from tests.support.engines import engine_folder

ROUNDS = 20
# In CI, which has 15 minutes on two cores for everything; `--rounds 20` and more before a release.
USUAL = 4


def seed_of(config: pytest.Config) -> int:
    """From --fault-seed; else a fresh one, the same for the whole run."""
    given: int | None = config.getoption("fault_seed", None)
    if given is None:
        given = config.stash.setdefault(_SEED, secrets.randbelow(10**6))
    return given


def rounds_of(config: pytest.Config) -> int:
    """From --rounds; the usual number when it was not said."""
    given: int | None = config.getoption("rounds", None)
    return USUAL if given is None else given


_SEED = pytest.StashKey[int]()


@dataclass
class Ward:
    """The system under trial through all rounds, and everything that was done to it."""

    house: House
    injuries: Injuries
    seed: int
    lost: str = ""
    rounds: int = 0
    state: dict[str, object] = field(default_factory=dict)


@pytest.fixture(scope="module")
def ward(request: pytest.FixtureRequest) -> Iterator[Ward]:
    """Started once; its data is kept when ALONGSIDE_KEEP_FAULTS names a folder."""
    seed = seed_of(request.config)
    print(f"\nfault seed {seed}")
    with engine_folder() as folder, whole_system(folder / "data") as system:
        yield Ward(House(system), Injuries(system), seed)
        if keep := os.environ.get("ALONGSIDE_KEEP_FAULTS"):
            for log in (folder / "data" / "logs").glob("*.log"):
                os.makedirs(keep, exist_ok=True)
                with open(os.path.join(keep, log.name), "wb") as copy:
                    copy.write(log.read_bytes())
