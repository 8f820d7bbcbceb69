"""Message DB: its SQL functions as its npm package ships them, called over asyncpg."""

import asyncio
import time
import uuid
from pathlib import Path

import asyncpg

from bench import facts
from bench.child import Absent, Go, Job, Sample, closed_loop, main

# The order of the package's own install script. Its pgcrypto extension is left out: it is there for
# gen_random_uuid(), which PostgreSQL has built in, and the wheel has no such extension.
FILES = (
    "schema/message-store",
    "tables/messages",
    "types/message",
    "functions/message-store-version",
    "functions/hash-64",
    "functions/acquire-lock",
    "functions/category",
    "functions/is-category",
    "functions/id",
    "functions/cardinal-id",
    "functions/stream-version",
    "functions/write-message",
    "functions/get-category-messages",
    "indexes/messages-id",
    "indexes/messages-stream",
    "indexes/messages-category",
)
WRITE = "select write_message($1, $2, $3, $4::text::jsonb)"
MOST_CONNECTIONS = 32
STATES = tuple(state.decode() for state in facts.SAMPLES)


async def connect(job: Job) -> asyncpg.Connection:
    return await asyncpg.connect(job.database_url, server_settings={"search_path": "message_store,public"})


async def setup(job: Job, go: Go) -> Sample:
    sql = Path(job.node_modules) / "@eventide" / "message-db" / "database"
    if not sql.exists():
        raise Absent("its SQL comes from npm, which has not installed it")
    connection = await connect(job)
    for name in FILES:
        await connection.execute((sql / f"{name}.sql").read_text())
    write = await connection.prepare(WRITE)
    for first in range(0, job.count, 1_000):
        async with connection.transaction():
            await write.executemany(
                [
                    (
                        str(uuid.uuid4()),
                        f"session-{uuid.uuid4()}",
                        facts.TYPE,
                        STATES[number % facts.AGGREGATES],
                    )
                    for number in range(first, min(first + 1_000, job.count))
                ]
            )
    await connection.execute("analyze messages")
    await connection.close()
    go()
    return Sample(count=job.count, seconds=1.0)


async def append(job: Job, go: Go) -> Sample:
    """Each connection writes a category of its own, which is the most that Message DB's lock allows."""
    connections = [await connect(job) for _ in range(min(job.callers, MOST_CONNECTIONS))]
    shared: asyncio.Queue[tuple[str, asyncpg.prepared_stmt.PreparedStatement]] = asyncio.Queue()
    for number, each in enumerate(connections):
        shared.put_nowait((f"session{number}", await each.prepare(WRITE)))

    async def one(caller: int, turn: int) -> None:
        category, write = await shared.get()
        try:
            stream = f"{category}-{uuid.uuid4()}"
            await write.fetchval(str(uuid.uuid4()), stream, facts.TYPE, STATES[turn % facts.AGGREGATES])
        finally:
            shared.put_nowait((category, write))

    go()
    sample = await closed_loop(job, one)
    for connection in connections:
        await connection.close()
    return sample


async def read(job: Job, go: Go) -> Sample:
    connection = await connect(job)
    page = await connection.prepare("select * from get_category_messages('session', $1, 1000)")
    go()
    started, done, position = time.perf_counter(), 0, 0
    while rows := await page.fetch(position):
        done += len(rows)
        position = rows[-1]["global_position"] + 1
        if time.perf_counter() - started > job.seconds:
            break
    seconds = time.perf_counter() - started
    await connection.close()
    return Sample(count=done, seconds=seconds)


if __name__ == "__main__":
    main({"setup": setup, "append": append, "read": read})
