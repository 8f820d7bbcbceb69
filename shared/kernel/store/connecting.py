"""Connecting to the database so that giving up half-way leaves nothing behind."""

import asyncio
from contextlib import suppress
from typing import Any

from psycopg import AsyncConnection, OperationalError
from psycopg.rows import tuple_row

CONNECT_SECONDS = 5
POOL_PATIENCE = 5.0
"""Seconds that a caller waits for a connection of a pool; whoever asks next makes the pool try again."""
POOL_TRIES_FOR = 3.0
"""Seconds after which a pool gives a lost connection up. It waits twice as long after each try: one that never gave up
would come back from a pause of the database only after as long again."""


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
