"""The tables of sessions are those that its migrations make."""

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from services.sessions.main import service
from tests.support.served import Served


async def test_the_migrations_make_exactly_the_tables_that_are_declared(sessions: Served) -> None:
    metadata = service.metadata

    def differences(connection: Any) -> list[Any]:
        names = {"include_name": lambda name, kind, _: kind != "table" or name in metadata.tables}
        return list(compare_metadata(MigrationContext.configure(connection, opts=names), metadata))

    async with sessions.running.engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    written = {table for projection in service.projections for table in projection.tables}
    assert set(metadata.tables) <= written, "a table that nobody writes"
