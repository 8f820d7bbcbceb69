"""A migrated audit database."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from services.audit.main import service
from shared.kernel.migrations import migrate


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[AsyncConnection]:
    migrate(database_url, service.migrations)
    engine = create_async_engine(database_url.replace("postgresql://", "postgresql+psycopg://"))
    async with engine.connect() as connection:
        yield connection
    await engine.dispose()
