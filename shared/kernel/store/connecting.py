"""Connecting to the database so that giving up half-way leaves nothing behind."""

import asyncio
from contextlib import suppress
from typing import Any

from psycopg import AsyncConnection, OperationalError
from psycopg.rows import tuple_row

CONNECT_SECONDS = 5


async def connect(database_url: str, purpose: str) -> AsyncConnection[Any]:
    """An autocommit connection named `alongside <purpose>`. Raises OperationalError.

    A cancelled psycopg connect leaves a half-open session, which the server keeps for a minute, and everything
    that waits for all sessions (DROP DATABASE among others) with it. So it is finished first, then closed.
    """
    connecting = asyncio.ensure_future(
        AsyncConnection.connect(
            database_url,
            autocommit=True,
            row_factory=tuple_row,
            connect_timeout=CONNECT_SECONDS,
            application_name=f"alongside {purpose}",
        )
    )
    try:
        return await asyncio.shield(connecting)
    except asyncio.CancelledError:
        with suppress(OperationalError):
            (await connecting).pgconn.finish()
        raise
