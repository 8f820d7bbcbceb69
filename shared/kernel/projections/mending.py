"""What people do about parked facts: retry them, or give them up with a reason."""

from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

import psycopg
from psycopg import AsyncConnection, sql

from shared.kernel.projections import checkpoints, parking
from shared.kernel.projections.failing import is_poison, told
from shared.kernel.projections.parked import Which
from shared.kernel.projections.runner import Pool

# Facts of one stream in one transaction: the listener waits meanwhile.
AT_ONCE = 1000


class Redoing(Protocol):
    """A runner, as far as retrying goes."""

    name: str
    source: str
    acts: bool

    async def redo(
        self, connection: AsyncConnection[Any], position: int, state: bytes, signature: str
    ) -> None: ...


class NotFirst(Exception):
    """A fact can be retried only after those of its stream that wait before it."""


@dataclass(frozen=True)
class Done:
    """What became of a stream: `done` facts are parked no more; `error` is why it stopped, if it did."""

    projection: str
    source: str
    stream: UUID
    done: int
    error: str = ""


async def retry(
    pool: Pool, runner: Redoing, stream: UUID, *, position: int | None = None, dry_run: bool = False
) -> Done:
    """Apply a stream's parked facts in order until one fails; with `position` that one only, if it is the first.

    A dry run does the same and takes it back (a policy's or effect's acts nothing). Raises NotFirst.
    """
    total = 0
    while True:
        done, error, more = await _retry_some(pool, runner, stream, position, dry_run)
        total += done
        if error or not more or dry_run:
            return Done(runner.name, runner.source, stream, total, error)


async def _retry_some(
    pool: Pool, runner: Redoing, stream: UUID, position: int | None, dry_run: bool
) -> tuple[int, str, bool]:
    async with pool.connection() as connection, connection.transaction() as transaction:
        await checkpoints.lock(connection, runner.name, runner.source)
        limit = AT_ONCE if position is None else 1
        waiting = await parking.first_of(connection, runner.name, runner.source, stream, limit)
        if position is not None and [fact.position for fact in waiting] != [position]:
            first = f"fact {waiting[0].position} waits before it" if waiting else "its stream has none parked"
            raise NotFirst(f"fact {position} can't be retried: {first}")
        done, error = [], ""
        for fact in waiting:
            try:
                if not (dry_run and runner.acts):
                    async with connection.transaction():
                        await runner.redo(connection, fact.position, fact.state, fact.signature)
            except Exception as failure:
                if not is_poison(failure):
                    raise
                error = told(failure)
                await parking.failed_again(connection, fact, error)
                break
            done.append(fact.position)
        await parking.release(connection, runner.name, runner.source, done)
        await _mark_first(connection, runner.name, runner.source, stream)
        if dry_run:
            raise psycopg.Rollback(transaction)
    return len(done), error, position is None and len(waiting) == AT_ONCE


async def discard(
    pool: Pool,
    which: Which,
    stream: UUID,
    *,
    reason: str,
    actor: str,
    dry_run: bool = False,
) -> Done:
    """Give up parked facts of one stream until a rebuild; they are kept in `discarded` with the reason.

    `which` names projection and source, and perhaps one position. What waits behind stays parked. Raises
    ValueError without a reason.
    """
    if not reason.strip():
        raise ValueError("say why these facts are given up: --reason")
    assert which.projection is not None
    assert which.source is not None
    async with pool.connection() as connection, connection.transaction() as transaction:
        await checkpoints.lock(connection, which.projection, which.source)
        cursor = await connection.execute(
            sql.SQL(
                "WITH gone AS (DELETE FROM parked WHERE {where} AND stream = {stream} "
                "RETURNING projection, source, position, stream, topic, state, error) "
                "INSERT INTO discarded "
                "(projection, source, position, stream, topic, state, error, reason, actor) "
                "SELECT *, {reason}, {actor} FROM gone "
                "ON CONFLICT (projection, source, position) DO UPDATE "
                "SET reason = excluded.reason, actor = excluded.actor, discarded_at = now()"
            ).format(where=which.where(), stream=stream, reason=reason, actor=actor)
        )
        count = cursor.rowcount
        await connection.execute(
            "UPDATE checkpoints SET parked = parked - %s WHERE projection = %s AND source = %s",
            (count, which.projection, which.source),
        )
        await _mark_first(connection, which.projection, which.source, stream)
        if dry_run:
            raise psycopg.Rollback(transaction)
    return Done(which.projection, which.source, stream, count)


async def _mark_first(connection: AsyncConnection[Any], listener: str, source: str, stream: UUID) -> None:
    """The first fact of a stream that still waits says so, since lists go by it."""
    await connection.execute(
        "UPDATE parked SET error = 'waits to be retried' WHERE error = '' "
        "AND (projection, source, position) = (SELECT projection, source, position FROM parked "
        "WHERE projection = %s AND source = %s AND stream = %s ORDER BY position LIMIT 1)",
        (listener, source, stream),
    )
