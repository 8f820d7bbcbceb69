"""The kernel's tables and a service's own are brought to head, once, also by two processes at a time."""

from concurrent.futures import ProcessPoolExecutor
from itertools import chain
from multiprocessing import get_context
from pathlib import Path

import psycopg
import pytest

from shared.kernel.migrations import migrate, pending

REVISION = """
from alembic import op

revision = "{name}"
down_revision = {before!r}


def upgrade() -> None:
    op.execute("{statement}")
"""


@pytest.fixture
def versions(tmp_path: Path) -> Path:
    folder = tmp_path / "migrations"
    (folder / "versions").mkdir(parents=True)
    write(folder, "0001_pets", None, "CREATE TABLE pets (name text)")
    return folder


def write(folder: Path, name: str, before: str | None, statement: str) -> None:
    text = REVISION.format(name=name, before=before, statement=statement)
    (folder / "versions" / f"{name}.py").write_text(text)


def tables(database_url: str) -> set[str]:
    with psycopg.connect(database_url) as connection:
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    return {row[0] for row in found}


def test_kernel_first_then_the_service_and_nothing_the_second_time(database_url: str, versions: Path) -> None:
    assert migrate(database_url, versions) == [
        "0001_projections",
        "0002_erasure",
        "0003_parked_signature",
        "0001_pets",
    ]
    assert {"checkpoints", "parked", "discarded", "due", "due_fired", "rebuilds", "pets"} < tables(
        database_url
    )
    assert migrate(database_url, versions) == []
    assert pending(database_url, versions) == []


def test_a_later_revision_is_run_alone(database_url: str, versions: Path) -> None:
    migrate(database_url, versions)
    write(versions, "0002_tricks", "0001_pets", "ALTER TABLE pets ADD COLUMN trick text")
    assert migrate(database_url, versions) == ["0002_tricks"]


def test_a_revision_that_fails_leaves_nothing_behind(database_url: str, versions: Path) -> None:
    write(versions, "0002_tricks", "0001_pets", "CREATE TABLE tricks (name text); SELECT 1/0")
    with pytest.raises(Exception, match="division by zero"):
        migrate(database_url, versions)
    assert not {"pets", "tricks"} & tables(database_url)


def test_two_processes_that_begin_together_migrate_once(database_url: str, versions: Path) -> None:
    with ProcessPoolExecutor(3, get_context("spawn")) as processes:
        done = processes.map(migrate, [database_url] * 3, [versions] * 3)
        assert sorted(chain(*done)) == [
            "0001_pets",
            "0001_projections",
            "0002_erasure",
            "0003_parked_signature",
        ]
