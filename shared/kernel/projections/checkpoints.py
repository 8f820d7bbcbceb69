"""How far each listener has come: the row whose lock makes writers take turns."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from psycopg import AsyncConnection

from shared.kernel.recorded import Arrival

CHANNEL = "alongside_seen"


class Checkpoint(NamedTuple):
    """`position` of the last fact applied, and how many facts are parked."""

    position: int
    parked: int


class Lost(Exception):
    """The checkpoint row is gone: somebody removed it, or the listener was never made known."""


# A checkpoint so far ahead was moved by somebody else: reading on to it would take longer than starting again.
FAR_AHEAD = 20_000


class Gap(Exception):
    """A feed left a position out. Nothing was applied; it has to start again after the checkpoint."""


async def make(connection: AsyncConnection[Any], listener: str, source: str) -> Checkpoint:
    """The checkpoint, made at position 0 when it is new."""
    await connection.execute(
        "INSERT INTO checkpoints (projection, source) VALUES (%s, %s) ON CONFLICT DO NOTHING",
        (listener, source),
    )
    return await find(connection, listener, source)


async def find(connection: AsyncConnection[Any], listener: str, source: str) -> Checkpoint:
    """The checkpoint as it is now. Raises Lost."""
    return await _select(connection, listener, source, "")


async def lock(connection: AsyncConnection[Any], listener: str, source: str) -> Checkpoint:
    """The checkpoint, held until the transaction ends, so that writers take turns. Raises Lost."""
    return await _select(connection, listener, source, " FOR UPDATE")


async def _select(connection: AsyncConnection[Any], listener: str, source: str, how: str) -> Checkpoint:
    cursor = await connection.execute(
        f"SELECT position, parked FROM checkpoints WHERE projection = %s AND source = %s{how}",
        (listener, source),
        prepare=True,
    )
    row = await cursor.fetchone()
    if row is None:
        raise Lost(f"{listener} has no checkpoint for {source}")
    return Checkpoint(*row)


async def move(connection: AsyncConnection[Any], listener: str, source: str, to: Checkpoint) -> None:
    """Save how far it came, and tell every process that waits for it."""
    await connection.execute(
        "WITH moved AS (UPDATE checkpoints SET position = %s, parked = %s, updated_at = now() "
        "WHERE projection = %s AND source = %s) SELECT pg_notify(%s, %s)",
        (
            to.position,
            to.parked,
            listener,
            source,
            CHANNEL,
            f"{listener} {source} {to.position} {to.parked}",
        ),
        prepare=True,
    )


async def advance(
    connection: AsyncConnection[Any], listener: str, source: str, begun: int, position: int
) -> Checkpoint | None:
    """Move on from `begun` in one statement, which is its own transaction; None when it is not there any more."""
    cursor = await connection.execute(
        "WITH moved AS (UPDATE checkpoints SET position = %(to)s, updated_at = now() "
        "WHERE projection = %(listener)s AND source = %(source)s AND position = %(begun)s RETURNING parked) "
        "SELECT parked, pg_notify(%(channel)s, concat_ws(' ', %(listener)s::text, %(source)s::text, "
        "%(to)s::bigint, parked)) FROM moved",
        {"to": position, "listener": listener, "source": source, "begun": begun, "channel": CHANNEL},
        prepare=True,
    )
    row = await cursor.fetchone()
    return Checkpoint(position, row[0]) if row else None


def unseen(batch: Sequence[Arrival], checkpoint: Checkpoint) -> Sequence[Arrival]:
    """The part of a batch after the checkpoint. Raises Gap when a position is missing before or within it.

    Also when the checkpoint was moved far ahead of the feed, so that the feed starts again there.
    """
    if batch and checkpoint.position > batch[-1][0] + FAR_AHEAD:
        raise Gap(f"the checkpoint is at {checkpoint.position}, far ahead of {batch[-1][0]}")
    fresh = batch
    if batch and batch[0][0] <= checkpoint.position:
        fresh = [item for item in batch if item[0] > checkpoint.position]
    expected = checkpoint.position
    for arrival in fresh:
        expected += 1
        if arrival[0] != expected:
            raise Gap(f"position {expected} is missing: the feed went on with {arrival[0]}")
    return fresh
