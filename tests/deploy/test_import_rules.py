"""Every import rule and every ban of a clock in the pure rooms is able to fail."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.running import ROOT

HOUSE = {
    "deploy/embedded.py": "",
    "services/sessions/api.py": "",
    "services/sessions/read_model.py": "import sqlalchemy",
    "services/sessions/domain/session.py": "from shared.kernel import decider",
    "services/sessions/policies.py": "from shared.kernel import projection",
    "services/sessions/projections.py": "from shared.kernel import projection, rows",
    "services/training/domain/course.py": "",
    "services/audit/records/domain/record.py": "",
    "services/audit/records/policies.py": "from shared.kernel import projection",
    "services/audit/records/projections.py": "from shared.kernel import rows",
    "services/notifications/webhooks/domain/endpoint.py": "",
    "services/notifications/webhooks/projections.py": "from shared.kernel import rows",
    "shared/contracts/fact.py": "import pydantic",
    "shared/kernel/decider.py": "from shared.contracts import fact",
    "shared/kernel/recorded.py": "",
    "shared/kernel/rows.py": "",
    "shared/kernel/projection.py": "",
    "shared/kernel/store.py": "import eventsourcing",
}
FORBIDDEN = [
    (
        "services/sessions/api.py",
        "from services.training.domain import course",
        "Services never import each other",
    ),
    ("shared/contracts/fact.py", "from shared.kernel import rows", "the kernel on the contracts"),
    ("shared/kernel/store.py", "from services.sessions import api", "Services stand on the kernel"),
    ("deploy/embedded.py", "from services.sessions import api", "Deploy starts services as processes"),
    ("services/sessions/api.py", "from deploy import embedded", "nothing imports deploy"),
    ("shared/kernel/store.py", "from deploy import embedded", "does not know how it is deployed"),
    ("services/sessions/domain/session.py", "import psycopg", "know no engine and no framework"),
    ("services/sessions/policies.py", "import fastapi", "know no engine and no framework"),
    ("services/sessions/projections.py", "from services.sessions import read_model", "know no engine"),
    (
        "services/sessions/domain/session.py",
        "from shared.kernel import store",
        "only the pure part of the kernel",
    ),
    ("services/sessions/domain/session.py", "from shared.kernel import projection", "only the pure part"),
    ("shared/contracts/fact.py", "import nats", "Contracts and the pure kernel modules import no engine"),
    (
        "shared/kernel/decider.py",
        "from shared.kernel import store",
        "Contracts and the pure kernel modules import no engine",
    ),
    (
        "services/sessions/api.py",
        "import eventsourcing.application",
        "Only the kernel imports the eventsourcing",
    ),
]


def linted(house: Path) -> tuple[int, str]:
    """Exit code of lint-imports on this house, and the broken rules, each on one line."""
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=house, capture_output=True, text=True, check=False)
    return done.returncode, " ".join(done.stdout.split())


@pytest.fixture
def house(tmp_path: Path) -> Path:
    for name, text in HOUSE.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text + "\n")
    for package in {parent for name in HOUSE for parent in Path(name).parents} - {Path()}:
        (tmp_path / package / "__init__.py").touch()
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_a_house_in_order_passes(house: Path) -> None:
    code, said = linted(house)
    assert code == 0, said
    assert "0 broken" in said


@pytest.mark.parametrize(("file", "line", "rule"), FORBIDDEN)
def test_a_forbidden_import_breaks_its_rule(house: Path, file: str, line: str, rule: str) -> None:
    with (house / file).open("a") as module:
        module.write(line + "\n")
    code, said = linted(house)
    assert code == 1
    broken = said.partition("Broken contracts")[2]
    assert rule in broken


@pytest.mark.parametrize(
    ("file", "flagged"),
    [
        ("services/sessions/domain/session.py", True),
        ("services/sessions/policies.py", True),
        ("services/sessions/policies/timetables.py", True),
        ("services/sessions/projections.py", True),
        ("services/sessions/projections/timesheets.py", True),
        ("shared/contracts/sessions.py", True),
        ("shared/kernel/decider.py", True),
        ("services/sessions/api/routes.py", False),
        ("shared/kernel/clock.py", False),
        ("tests/sessions/test_session.py", False),
    ],
)
@pytest.mark.parametrize(
    "line",
    ["import datetime\ndatetime.datetime.now(datetime.UTC)", "import uuid\nuuid.uuid4()", "import random"],
)
def test_clock_and_chance_are_banned_in_the_pure_rooms_only(file: str, flagged: bool, line: str) -> None:
    command = [sys.executable, "-m", "ruff", "check", "--select", "TID251", "--stdin-filename", file, "-"]
    done = subprocess.run(command, cwd=ROOT, input=line, capture_output=True, text=True, check=False)
    assert (done.returncode, "TID251" in done.stdout) == ((1, True) if flagged else (0, False))
