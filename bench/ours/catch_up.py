"""A projection catching up, from the own store and from the stream."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import psycopg
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from bench.child import Go, Job, Sample
from bench.ours.read_model import metadata, model, projection
from bench.ours.relay import SERVICE
from shared.kernel.bus.feed import StreamFeed
from shared.kernel.migrations.migrate import migrate
from shared.kernel.projections.runner import ProjectionRunner
from shared.kernel.projections.store_feed import StoreFeed
from shared.kernel.projections.tables import read_tables
from shared.kernel.store import Store

LONGEST_SECONDS = 120
Batch = list[tuple[int, bytes]]


async def catch_up_store(job: Job, go: Go) -> Sample:
    async with await Store.open(job.database_url) as store:
        feed = StoreFeed(store)

        async def follow(runner: ProjectionRunner, applied: Callable[[int], None]) -> None:
            async def apply(batch: Batch) -> None:
                await runner.apply(batch)
                applied(batch[-1][0])

            await feed.run(position=0, apply=apply)

        return await caught_up(job, go, follow)


async def catch_up_stream(job: Job, go: Go) -> Sample:
    async def follow(runner: ProjectionRunner, applied: Callable[[int], None]) -> None:
        async def apply(batch: Batch) -> int:
            await runner.apply(batch)
            applied(batch[-1][0])
            return batch[-1][0]

        async def position() -> int:
            return (await runner.start()).position

        await StreamFeed(job.nats_url, job.name, SERVICE, "bench-totals", position).run(apply)

    return await caught_up(job, go, follow)


Follow = Callable[[ProjectionRunner, Callable[[int], None]], Awaitable[None]]


async def caught_up(job: Job, go: Go, follow: Follow) -> Sample:
    """From an empty read model until the last fact is in it, counted in the database."""
    await asyncio.to_thread(empty, job.database_url)
    pool: AsyncConnectionPool[AsyncConnection[Any]] = AsyncConnectionPool(
        job.database_url, min_size=2, max_size=4, open=False, kwargs={"autocommit": True}
    )
    await pool.open(wait=True)
    runner = ProjectionRunner(pool, projection, SERVICE, read_tables(metadata, projection.tables))
    await runner.start()
    reached = asyncio.Event()

    def applied(position: int) -> None:
        if position >= job.count:
            reached.set()

    go()
    started = time.perf_counter()
    following = asyncio.ensure_future(follow(runner, applied))
    waiting = asyncio.ensure_future(reached.wait())
    await asyncio.wait({following, waiting}, timeout=LONGEST_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    seconds = time.perf_counter() - started
    for task in (following, waiting):
        task.cancel()
    await asyncio.gather(following, waiting, return_exceptions=True)
    async with pool.connection() as connection:
        row = await (await connection.execute("select sum(facts) from model")).fetchone()
    await pool.close()
    if row is None or row[0] != job.count:
        raise RuntimeError(f"{row} of {job.count} facts in the model")
    return Sample(count=job.count, seconds=seconds)


def empty(database_url: str) -> None:
    """The kernel's tables and the read model's, with nothing in them."""
    migrate(database_url)
    engine = create_engine(make_url(database_url).set(drivername="postgresql+psycopg"))
    model.create(engine, checkfirst=True)
    engine.dispose()
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("truncate model, checkpoints, parked")
