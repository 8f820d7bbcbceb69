"""The due-time table as the leader sees it: what is open, what has fired."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from psycopg import AsyncConnection

from shared.kernel.projection import DueRow

_OPEN = "fired_for IS DISTINCT FROM due_at"


class Outlook(NamedTuple):
    """`waiting` rows are open, now or later; `earliest` is the first of their times."""

    waiting: int
    earliest: datetime | None


async def outlook(connection: AsyncConnection[Any]) -> Outlook:
    """What is open, and when the first of it falls due."""
    cursor = await connection.execute(f"SELECT count(*), min(due_at) FROM due WHERE {_OPEN}", prepare=True)
    row = await cursor.fetchone()
    assert row is not None
    return Outlook(*row)


async def fallen_due(connection: AsyncConnection[Any], now: datetime, limit: int) -> list[DueRow]:
    """Open rows whose time has come, earliest first."""
    cursor = await connection.execute(
        f"SELECT kind, key, due_at, payload FROM due WHERE {_OPEN} AND due_at <= %s "
        "ORDER BY due_at, kind, key LIMIT %s",
        (now, limit),
        prepare=True,
    )
    return [_row(*found) for found in await cursor.fetchall()]


async def still_open(connection: AsyncConnection[Any], row: DueRow) -> bool:
    """Whether the row is there for this time, and has not fired. One that has is closed."""
    cursor = await connection.execute(
        "SELECT EXISTS (SELECT FROM due_fired f "
        "WHERE f.kind = d.kind AND f.key = d.key AND f.due_at = d.due_at) "
        f"FROM due d WHERE kind = %s AND key = %s AND due_at = %s AND {_OPEN}",
        (row.kind, row.key, row.due_at),
        prepare=True,
    )
    found = await cursor.fetchone()
    if found and found[0]:
        await _close(connection, row)
        return False
    return found is not None


async def fired(connection: AsyncConnection[Any], row: DueRow, outcome: str, now: datetime) -> None:
    """Remember that this time has fired, once and for all."""
    async with connection.transaction():
        await connection.execute(
            "INSERT INTO due_fired (kind, key, due_at, outcome, fired_at) VALUES (%s, %s, %s, %s, %s) "
            "ON CONFLICT DO NOTHING",
            (row.kind, row.key, row.due_at, outcome, now),
            prepare=True,
        )
        await _close(connection, row)


async def failed(connection: AsyncConnection[Any], row: DueRow, error: str) -> None:
    """Note why it could not fire; it stays open."""
    await connection.execute(
        "UPDATE due SET error = %s WHERE kind = %s AND key = %s AND due_at = %s",
        (error.replace("\0", ""), row.kind, row.key, row.due_at),
    )


async def _close(connection: AsyncConnection[Any], row: DueRow) -> None:
    await connection.execute(
        "UPDATE due SET fired_for = due_at, error = '' WHERE kind = %s AND key = %s AND due_at = %s",
        (row.kind, row.key, row.due_at),
        prepare=True,
    )


def _row(kind: str, key: str, due_at: datetime, payload: Mapping[str, Any]) -> DueRow:
    return DueRow(kind, key, due_at.astimezone(UTC), payload)
