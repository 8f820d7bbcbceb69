"""Parking: a fact that can't be applied waits, and with it every later fact of the same aggregate."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import AsyncConnection

from shared.kernel.projections.listening import Heard

_COLUMNS = "projection, source, position, stream, topic, state, error, attempts, parked_at, signature"


class Waiting(NamedTuple):
    """A parked fact. `error` is empty when it only waits behind an earlier one of its stream."""

    projection: str
    source: str
    position: int
    stream: UUID
    topic: str
    state: bytes
    error: str
    attempts: int
    parked_at: Any
    signature: str


async def streams_parked(
    connection: AsyncConnection[Any], listener: str, source: str, streams: Iterable[UUID]
) -> set[UUID]:
    """Which of these streams have parked facts."""
    cursor = await connection.execute(
        "SELECT s FROM unnest(%s::uuid[]) AS s WHERE EXISTS "
        "(SELECT FROM parked WHERE projection = %s AND source = %s AND stream = s)",
        (list(set(streams)), listener, source),
    )
    return {row[0] for row in await cursor.fetchall()}


async def park(connection: AsyncConnection[Any], listener: str, source: str, facts: Sequence[Heard]) -> None:
    """Save these facts as waiting; the caller counts them in the checkpoint."""
    if not facts:
        return
    await connection.execute(
        "INSERT INTO parked (projection, source, position, stream, topic, state, error, signature) "
        "SELECT %s, %s, * FROM "
        "unnest(%s::bigint[], %s::uuid[], %s::text[], %s::bytea[], %s::text[], %s::text[])",
        (
            listener,
            source,
            [fact.position for fact in facts],
            [fact.stream for fact in facts],
            [fact.topic for fact in facts],
            [fact.state for fact in facts],
            [fact.error.replace("\0", "") for fact in facts],
            [fact.signature for fact in facts],
        ),
    )


async def first_of(
    connection: AsyncConnection[Any], listener: str, source: str, stream: UUID, limit: int
) -> list[Waiting]:
    """The first parked facts of a stream, in order."""
    cursor = await connection.execute(
        f"SELECT {_COLUMNS} FROM parked WHERE projection = %s AND source = %s AND stream = %s "
        "ORDER BY position LIMIT %s",
        (listener, source, stream, limit),
    )
    return [Waiting._make(row) for row in await cursor.fetchall()]


async def release(
    connection: AsyncConnection[Any], listener: str, source: str, positions: Sequence[int]
) -> None:
    """These facts are parked no more; the checkpoint counts it. The caller holds the checkpoint's lock."""
    if not positions:
        return
    cursor = await connection.execute(
        "DELETE FROM parked WHERE projection = %s AND source = %s AND position = ANY(%s)",
        (listener, source, list(positions)),
    )
    await connection.execute(
        "UPDATE checkpoints SET parked = parked - %s WHERE projection = %s AND source = %s",
        (cursor.rowcount, listener, source),
    )


async def failed_again(connection: AsyncConnection[Any], waiting: Waiting, error: str) -> None:
    await connection.execute(
        "UPDATE parked SET error = %s, attempts = attempts + 1 "
        "WHERE projection = %s AND source = %s AND position = %s",
        (error.replace("\0", ""), waiting.projection, waiting.source, waiting.position),
    )
