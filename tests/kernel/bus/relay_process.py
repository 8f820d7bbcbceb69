"""A relay, or a reader that keeps its checkpoint in a table, as a process that may die anywhere."""

import asyncio
import sys

import psycopg

from shared.kernel.bus.connection import connect
from shared.kernel.bus.feed import StreamFeed
from shared.kernel.bus.relay import Relay
from shared.kernel.store import Store
from tests.kernel.bus.scene import SERVICE

TABLE = """
CREATE TABLE IF NOT EXISTS reached (position bigint NOT NULL);
CREATE TABLE IF NOT EXISTS got (number bigserial, position bigint NOT NULL, state bytea NOT NULL);
INSERT INTO reached SELECT 0 WHERE NOT EXISTS (SELECT FROM reached);
"""


async def relay(database_url: str, nats_url: str, region: str) -> None:
    async with await Store.open(database_url) as store:
        await Relay(store, await connect(nats_url, "test-relay"), region, SERVICE).run()


async def read(database_url: str, nats_url: str, region: str) -> None:
    """Facts and checkpoint in one transaction, without a check of its own: the feed must keep order."""
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
        await connection.execute(TABLE)
        row = await (await connection.execute("SELECT position FROM reached")).fetchone()
        assert row

        async def apply(facts: list[tuple[int, bytes]]) -> None:
            async with connection.transaction(), connection.cursor() as cursor:
                await cursor.executemany("INSERT INTO got (position, state) VALUES (%s, %s)", facts)
                await cursor.execute("UPDATE reached SET position = %s", (facts[-1][0],))

        await StreamFeed(nats_url, region, SERVICE, "sessions-coverage").run(position=row[0], apply=apply)


if __name__ == "__main__":
    asyncio.run({"relay": relay, "read": read}[sys.argv[1]](*sys.argv[2:]))
