"""One leader at a time: a database lock held by a connection, and work that ends when the lock is lost."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

import structlog
from psycopg import AsyncConnection, OperationalError

from shared.kernel.bus.ending import end

TRY_SECONDS = 0.5
"""A standby asks this often; waiting inside the server, its snapshot would hold back vacuum."""
PROBE_SECONDS = 1.0
SILENT_SECONDS = 2.0

log = structlog.get_logger(__name__)


async def lead(
    database_url: str,
    what: str,
    work: Callable[[], Awaitable[None]],
    changed: Callable[[bool], None] = lambda leading: None,
) -> None:
    """Do endless `work` whenever no other process that shares this database does `what`.

    The lock belongs to a connection of its own: when that ends, for whatever reason, the work is cancelled at
    once and the waiting begins again. `changed` hears of each change. An error of the work ends it all.
    """
    while True:
        try:
            connection = await AsyncConnection.connect(
                database_url,
                autocommit=True,
                connect_timeout=5,
                keepalives_idle=5,
                keepalives_interval=1,
                keepalives_count=3,
                application_name=f"alongside {what}",
            )
            async with connection:
                while not await _take(connection, what):
                    await asyncio.sleep(TRY_SECONDS)
                log.info("leading", what=what)
                changed(True)
                try:
                    await _while_held(connection, work)
                finally:
                    changed(False)
        except (OperationalError, TimeoutError) as error:
            log.warning("not leading", what=what, error=str(error).strip() or type(error).__name__)
            await asyncio.sleep(TRY_SECONDS)


async def _take(connection: AsyncConnection, what: str) -> bool:
    key = f"alongside:{what}"
    cursor = await connection.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", (key,))
    row = await cursor.fetchone()
    return bool(row and row[0])


async def _while_held(connection: AsyncConnection, work: Callable[[], Awaitable[None]]) -> None:
    """Work until the connection ends: OperationalError or TimeoutError. Raises the work's own error too."""
    tasks = {asyncio.ensure_future(work()), asyncio.ensure_future(_ends(connection))}
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        await end(*tasks)


async def _ends(connection: AsyncConnection) -> None:
    """Returns never; raises as soon as the server closes the connection or stops answering."""
    while True:
        # waiting for notices that nobody sends is what notices a closed socket at once
        async for _ in connection.notifies(timeout=PROBE_SECONDS):
            pass
        await asyncio.wait_for(connection.execute("SELECT 1"), SILENT_SECONDS)


async def led(connection: AsyncConnection, parts: Iterable[str]) -> set[str]:
    """Which of these parts some process leads at the moment, as the database's locks tell.

    A process that was stopped (SIGSTOP) still leads: only its progress tells that it does nothing.
    """
    keys = {f"alongside:{part}": part for part in parts}
    cursor = await connection.execute(
        "SELECT key FROM unnest(%s::text[]) key WHERE EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' "
        "AND granted AND objsubid = 1 AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
        "AND (classid::bigint << 32 | objid::bigint) = hashtextextended(key, 0))",
        (list(keys),),
    )
    return {keys[row[0]] for row in await cursor.fetchall()}
