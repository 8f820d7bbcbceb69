"""Where a listener begins that was not there before: what builds rows at the beginning, what acts from now on."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from psycopg import AsyncConnection

from shared.kernel.projection import Effect, Listener, Policy, Queue

Head = Callable[[str], Awaitable[int]]


async def begin(connection: AsyncConnection[Any], listeners: Iterable[Listener], head: Head) -> None:
    """Make the checkpoints that are missing, all or none.

    In a new system everything begins at position 0. In one that is at work already, a projection that is new reads
    all of history; a policy or an effect that is new must not act on it (nobody wants mail about last year): it
    begins where the service's other listeners had come to, or at the source's head when it is the first to follow
    that source. Raises what `head` raises.
    """
    cursor = await connection.execute("SELECT projection, source, position FROM checkpoints")
    known = {(name, source): position for name, source, position in await cursor.fetchall()}
    made: list[tuple[str, str, int]] = []
    for listener in listeners:
        for source in sorted(listener.sources):
            if (listener.name, source) in known:
                continue
            position = 0
            if known and isinstance(listener, Policy | Effect | Queue):
                others = [at for (_, followed), at in known.items() if followed == source]
                position = min(others) if others else await head(source)
            made.append((listener.name, source, position))
    async with connection.transaction(), connection.cursor() as cursor:
        await cursor.executemany(
            "INSERT INTO checkpoints (projection, source, position) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            made,
        )
