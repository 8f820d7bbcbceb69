"""A projection catching up, from the own store and from the stream: one runner, two feeds."""

import asyncio
import gc
import time
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
from shared.kernel.projections.checkpoints import Checkpoint
from shared.kernel.projections.declared import read_tables
from shared.kernel.projections.runner import ProjectionRunner
from shared.kernel.projections.store_feed import StoreFeed
from shared.kernel.store import Store

LONGEST_SECONDS = 120


async def catch_up_store(job: Job, go: Go) -> Sample:
    async with await Store.open(job.database_url) as store:
        return await caught_up(job, go, StoreFeed(store))


async def catch_up_stream(job: Job, go: Go) -> Sample:
    return await caught_up(job, go, StreamFeed(job.nats_url, job.name, SERVICE, "bench-totals"))


async def caught_up(job: Job, go: Go, feed: StoreFeed | StreamFeed) -> Sample:
    """From an empty read model until the last fact is in it, counted in the database."""
    await asyncio.to_thread(empty, job.database_url)
    reached = asyncio.Event()

    def moved(listener: str, source: str, checkpoint: Checkpoint) -> None:
        if checkpoint.position >= job.count:
            reached.set()

    pool: AsyncConnectionPool[AsyncConnection[Any]] = AsyncConnectionPool(
        job.database_url, min_size=2, max_size=4, open=False, kwargs={"autocommit": True}
    )
    async with pool:
        await pool.wait()
        tables = read_tables(metadata, projection.tables)
        runner = ProjectionRunner(pool, projection, SERVICE, tables, moved=moved)
        await runner.start()
        # as every process that follows facts does
        gc.freeze()
        gc.set_threshold(50_000, 20, 50)
        go()
        started = time.perf_counter()
        following = asyncio.ensure_future(feed.run(position=0, apply=runner.apply))
        waiting = asyncio.ensure_future(reached.wait())
        await asyncio.wait({following, waiting}, timeout=LONGEST_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        seconds = time.perf_counter() - started
        if following.done():
            following.result()
        following.cancel()
        waiting.cancel()
        await asyncio.gather(following, waiting, return_exceptions=True)
        async with pool.connection() as connection:
            row = await (await connection.execute("select sum(facts) from model")).fetchone()
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
