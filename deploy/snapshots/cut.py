"""Positions of all stores at one moment: whatever a fact in one of them followed from is in the cut too."""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Any

from psycopg import AsyncConnection, OperationalError

WAIT_SECONDS = 5
HELD_AT_MOST_SECONDS = 2

# Every append locks this row until it has committed, so while a share of it is held nothing is under way.
_HOLD = "SELECT position FROM store_head WHERE name = 'store' FOR SHARE"
_HEAD = "SELECT position FROM store_head WHERE name = 'store'"


class NoCut(Exception):
    """The stores could not all be held for a moment; the message says which, and that it can be tried again."""


async def cut(databases: Mapping[str, str]) -> dict[str, int]:
    """The last position of each store at one moment, at which none of them took a fact. Raises NoCut.

    Appends wait while it is looked: some milliseconds. If we stop in the middle the servers let go by themselves.
    """
    async with AsyncExitStack() as closing:
        connections = await _connected(databases, closing)
        found = {}
        for service in sorted(connections):
            try:
                found[service] = await _position(connections[service], _HOLD)
            except OperationalError as busy:
                raise NoCut(f"the store of {service} could not be held: {busy}; try again") from busy
        for service in sorted(connections):
            try:
                await connections[service].rollback()
            except OperationalError as lost:
                raise NoCut(f"the store of {service} let go too early: {lost}; try again") from lost
        return found


async def heads(databases: Mapping[str, str]) -> dict[str, int]:
    """The last position of each store, at slightly different moments, without holding anything up. Raises NoCut."""
    async with AsyncExitStack() as closing:
        connections = await _connected(databases, closing)
        return {service: await _position(one, _HEAD) for service, one in connections.items()}


async def _connected(
    databases: Mapping[str, str], closing: AsyncExitStack
) -> dict[str, AsyncConnection[Any]]:
    settings = (
        f"-c lock_timeout={WAIT_SECONDS}s -c idle_in_transaction_session_timeout={HELD_AT_MOST_SECONDS}s"
    )

    async def one(service: str) -> AsyncConnection[Any]:
        try:
            return await AsyncConnection.connect(
                databases[service],
                options=settings,
                connect_timeout=WAIT_SECONDS,
                application_name="alongside snapshot cut",
            )
        except OperationalError as away:
            raise NoCut(f"the store of {service} does not answer: {away}") from away

    opened = await asyncio.gather(*(one(service) for service in databases), return_exceptions=True)
    for connection in opened:
        if isinstance(connection, AsyncConnection):
            closing.push_async_callback(connection.close)
    for connection in opened:
        if isinstance(connection, BaseException):
            raise connection
    return {
        service: found
        for service, found in zip(databases, opened, strict=True)
        if isinstance(found, AsyncConnection)
    }


async def _position(connection: AsyncConnection[Any], query: str) -> int:
    row = await (await connection.execute(query)).fetchone()
    return int(row[0]) if row else 0
