"""The store's limit: one writer, one table, no rules; all that waits goes in one statement and one commit."""

import asyncio
import uuid

import asyncpg

from bench import facts
from bench.child import Go, Job, Sample, closed_loop, main

TABLE = """create table fact(
    position bigint generated always as identity primary key,
    aggregate uuid not null, version int not null, type text not null, state bytea not null)"""
INSERT = """insert into fact(aggregate, version, type, state)
    select * from unnest($1::uuid[], $2::int[], $3::text[], $4::bytea[]) returning position"""
MOST_PER_BATCH = 500


async def setup(job: Job, go: Go) -> Sample:
    connection = await asyncpg.connect(job.database_url)
    await connection.execute(TABLE)
    await connection.close()
    go()
    return Sample(count=0, seconds=1.0)


class Writer:
    """Takes everything that waits, commits it, and answers each caller with its position."""

    def __init__(self, statement: asyncpg.prepared_stmt.PreparedStatement) -> None:
        self._statement = statement
        self._waiting: list[tuple[uuid.UUID, bytes, asyncio.Future[int]]] = []
        self._wake = asyncio.Event()

    def append(self, aggregate: uuid.UUID, state: bytes) -> "asyncio.Future[int]":
        answer = asyncio.get_running_loop().create_future()
        self._waiting.append((aggregate, state, answer))
        self._wake.set()
        return answer

    async def run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                batch, self._waiting = self._waiting[:MOST_PER_BATCH], self._waiting[MOST_PER_BATCH:]
                rows = await self._statement.fetch(
                    [aggregate for aggregate, _, _ in batch],
                    [1] * len(batch),
                    [facts.TYPE] * len(batch),
                    [state for _, state, _ in batch],
                )
                for (_, _, answer), row in zip(batch, rows, strict=True):
                    answer.set_result(row[0])


async def append(job: Job, go: Go) -> Sample:
    connection = await asyncpg.connect(job.database_url)
    writer = Writer(await connection.prepare(INSERT))
    running = asyncio.create_task(writer.run())

    async def one(caller: int, turn: int) -> None:
        await writer.append(uuid.UUID(int=caller << 64 | turn), facts.SAMPLES[turn % facts.AGGREGATES])

    go()
    sample = await closed_loop(job, one)
    running.cancel()
    await connection.close()
    return sample


async def commit_alone(job: Job, go: Go) -> Sample:
    """One connection, one row, one commit, again and again: what a single caller could have at best."""
    connection = await asyncpg.connect(job.database_url)
    statement = await connection.prepare(
        "insert into fact(aggregate, version, type, state) values ($1, 1, $2, $3)"
    )

    async def one(caller: int, turn: int) -> None:
        await statement.fetch(uuid.UUID(int=turn), facts.TYPE, facts.SAMPLES[turn % facts.AGGREGATES])

    go()
    sample = await closed_loop(job, one)
    await connection.close()
    return sample


if __name__ == "__main__":
    main({"setup": setup, "append": append, "commit_alone": commit_alone})
