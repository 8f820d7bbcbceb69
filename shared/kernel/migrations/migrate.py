"""Bringing a database to head with Alembic, which is loaded only when there is something to do."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

KERNEL = Path(__file__).parent / "versions"
# Any number, the same in every process: two of them never migrate one database at once.
_ONE_AT_A_TIME = 4_120_733_901


@dataclass(frozen=True, slots=True)
class Script:
    """A folder of revisions `NNNN_name.py` (the stem is the revision), and the table that remembers."""

    folder: Path
    table: str

    @property
    def head(self) -> str:
        """The newest revision, by file name; "" when there is none yet."""
        return max((path.stem for path in self.folder.glob("[0-9]*_*.py")), default="")


def scripts(versions: Path | None) -> tuple[Script, ...]:
    """The kernel's script and the service's: `versions` is its folder, or the folder above it."""
    kernel = Script(KERNEL, "alembic_kernel")
    if versions is None:
        return (kernel,)
    inner = versions / "versions"
    return (kernel, Script(inner if inner.is_dir() else versions, "alembic_service"))


def pending(database_url: str, versions: Path | None = None) -> list[Script]:
    """The scripts whose newest revision this database does not have yet. Two short queries, no Alembic."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        return [script for script in scripts(versions) if script.head != _current(connection, script)]


def migrate(database_url: str, versions: Path | None = None) -> list[str]:
    """Bring the kernel's tables and then the service's to head; the revisions that were run, in order.

    Each script runs in one transaction. Raises what Alembic or PostgreSQL raises; then nothing of it is kept.
    """
    done: list[str] = []
    for script in pending(database_url, versions):
        done += _upgrade(database_url, script)
    return done


def _current(connection: psycopg.Connection[Any], script: Script) -> str:
    found = connection.execute("SELECT to_regclass(%s)", (f"public.{script.table}",)).fetchone()
    if found is None or found[0] is None:
        return ""
    row = connection.execute(f"SELECT version_num FROM public.{script.table}").fetchone()
    return str(row[0]) if row else ""


def _upgrade(database_url: str, script: Script) -> list[str]:
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory
    from sqlalchemy import NullPool, create_engine, text

    done: list[str] = []

    def upgrade(current: Any, _: Any) -> Any:
        steps = directory._upgrade_revs("head", current)
        done.extend(step.revision.revision for step in steps)
        return steps

    config = Config()
    config.set_main_option("script_location", str(script.folder.parent))
    directory = ScriptDirectory(str(script.folder.parent), version_locations=[str(script.folder)])
    engine = create_engine(
        database_url.replace("postgresql://", "postgresql+psycopg://", 1), poolclass=NullPool
    )
    with engine.begin() as connection, EnvironmentContext(config, directory, fn=upgrade) as environment:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
        environment.configure(
            connection=connection, version_table=script.table, version_table_schema="public"
        )
        environment.run_migrations()
    return done
