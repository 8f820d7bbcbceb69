"""The read model's tables are what the migrations make, each written by one projection."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.engine import Connection

from services.training.main import service
from services.training.read_model.tables import metadata
from tests.support.served import Served


async def test_the_migrations_make_the_tables_that_are_declared(training: Served) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [change for change in compare_metadata(context, metadata) if _is_ours(change)]

    async with training.running.engine.connect() as db:
        assert await db.run_sync(differences) == []


def _is_ours(change: object) -> bool:
    """Tables of the kernel stand in the same schema."""
    if not isinstance(change, tuple) or not str(change[0]).startswith("remove_"):
        return True
    about = change[1]
    table = getattr(getattr(about, "table", None), "name", getattr(about, "name", None))
    return table in metadata.tables


def test_every_table_is_written_by_one_projection() -> None:
    written = [table for projection in service.projections for table in projection.tables if table != "due"]
    assert sorted(written) == sorted(metadata.tables)
