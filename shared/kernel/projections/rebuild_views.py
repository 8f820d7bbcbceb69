"""How far a rebuild is: what operators see, and how it is written down on the way."""

import asyncio
from dataclasses import dataclass
from typing import Any

from psycopg import AsyncConnection

from shared.kernel.projections.runner import Pool


@dataclass(frozen=True)
class View:
    """How far a rebuild of one source is. `seconds_left` is None while the pace is unknown."""

    projection: str
    source: str
    state: str
    position: int
    target: int
    percent: float
    facts_per_second: int
    seconds_left: float | None
    error: str


async def views(connection: AsyncConnection[Any], name: str | None = None) -> list[View]:
    """Every rebuild, or those of one projection."""
    cursor = await connection.execute(
        "SELECT projection, source, state, position, target, facts_per_second, error FROM rebuilds "
        "WHERE coalesce(projection = %s, true) ORDER BY projection, source",
        (name,),
    )
    return [_view(*row) for row in await cursor.fetchall()]


def _view(
    projection: str, source: str, state: str, position: int, target: int, pace: int, error: str
) -> View:
    percent = 100.0 if position >= target else round(100 * position / target, 1)
    left = round((target - position) / pace, 1) if pace and state == "folding" else None
    return View(projection, source, state, position, target, percent, pace, left, error)


async def set_state(connection: AsyncConnection[Any], name: str, state: str) -> None:
    """All sources of a projection have come to `state`, with nothing wrong."""
    await connection.execute(
        "UPDATE rebuilds SET state = %s, error = '', updated_at = now() WHERE projection = %s", (state, name)
    )


async def set_error(connection: AsyncConnection[Any], name: str, error: str) -> None:
    """Why the rebuild stopped; empty when it goes on."""
    await connection.execute(
        "UPDATE rebuilds SET error = %s, updated_at = now() WHERE projection = %s", (error, name)
    )


class Moves:
    """Writes the progress of one source down, one write at a time, the last of it at the end."""

    def __init__(self, pool: Pool, projection: str, source: str, target: int) -> None:
        self._pool, self._where, self._target = pool, (projection, source), target
        self._last = (0, 0)
        self._task: asyncio.Task[None] | None = None

    def to(self, position: int, pace: int) -> None:
        """It came to `position`, at `pace` facts per second."""
        self._last = (position, pace)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._write())

    async def done(self) -> None:
        """Returns when the last move is written."""
        if self._task:
            await self._task
            await self._write()

    async def _write(self) -> None:
        async with self._pool.connection() as connection:
            await connection.execute(
                "UPDATE rebuilds SET position = %s, facts_per_second = %s, target = greatest(target, %s), "
                "updated_at = now() WHERE projection = %s AND source = %s",
                (*self._last, self._target, *self._where),
            )
