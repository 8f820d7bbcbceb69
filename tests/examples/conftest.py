"""One house for all samples: they are told what happens in it, and happen to it nothing."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.embedded import System
from deploy.nats.integrator_verbs import integrator
from tests.support.engines import engine_folder


@pytest.fixture(scope="session")
def system() -> Iterator[System]:
    """Sessions, which payroll is about, and notifications, which sends webhooks."""
    with engine_folder() as folder, System(folder / "data", only=("sessions", "notifications")) as made:
        yield made


FACTS = ("SessionApproved", "SessionReturned", "SessionCancelled", "SessionAmended", "SessionVoided")
PERIODS = ("PayPeriodOpened", "PayPeriodClosed")


@pytest.fixture(scope="session")
def credentials(system: System, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What payroll connects with: the seed that `integrator add` shows once."""
    topics = ",".join(f"sessions.{name}.v1" for name in (*FACTS, *PERIODS))
    command = ["add", "payroll", "--facts", topics, "--data", str(system.data), "--json"]
    said = CliRunner().invoke(integrator, command)
    assert said.exit_code == 0, said.output
    file = tmp_path_factory.mktemp("payroll") / "payroll.nk"
    file.write_text(json.loads(said.stdout)["nkey_seed"])
    return file
