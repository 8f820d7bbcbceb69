"""The read model's tables are what the migrations make, and every projection's rows fit them."""

import re
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.engine import Connection

from services.assignments.main import service
from services.assignments.read_model.tables import metadata
from tests.support.served import Served


async def test_the_migrations_make_the_tables_that_are_declared(assignments: Served) -> None:
    def differences(connection: Connection) -> list[object]:
        found = compare_metadata(
            MigrationContext.configure(connection, opts={"compare_type": True}), metadata
        )
        return [change for change in found if _is_ours(change)]

    async with assignments.running.engine.connect() as db:
        assert await db.run_sync(differences) == []


def _is_ours(change: object) -> bool:
    """Tables of the kernel stand in the same schema."""
    name = getattr(change[1], "name", None) if isinstance(change, tuple) else None
    table = getattr(getattr(change[1], "table", None), "name", name) if isinstance(change, tuple) else None
    return not (
        isinstance(change, tuple) and str(change[0]).startswith("remove_") and table not in metadata.tables
    )


def test_every_table_is_written_by_one_projection() -> None:
    written = [table for projection in service.projections for table in projection.tables]
    written = [table for table in written if table != "due"]  # the kernel's, which several may write
    assert sorted(written) == sorted(metadata.tables)


def test_every_refusal_is_explained() -> None:
    domain = Path(__file__).parents[2] / "services" / "assignments" / "domain"
    text = "\n".join(path.read_text() for path in domain.rglob("*.py"))
    codes = set(re.findall(r'(?:Refused\(|Claim\(\s*f"[^"]+",)\s*"([a-z_]+)"', text))
    assert len(codes) > 25
    assert codes <= set(service.refusals)
