"""A read model rebuilt beside the live one and switched to, as an operator does it."""

import asyncio
import time
from typing import Any

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from bench.child import Go, Job, Sample
from bench.ours.catch_up import empty
from bench.ours.read_model import metadata, projection
from bench.ours.relay import SERVICE
from shared.kernel.projections import checkpoints
from shared.kernel.projections.origin import StoreOrigin
from shared.kernel.projections.rebuilds import Rebuilds


async def rebuild(job: Job, go: Go) -> Sample:
    """From nothing to serving: fold, write, analyse, switch; counted in the live table afterwards."""
    await asyncio.to_thread(empty, job.database_url)
    pool: AsyncConnectionPool[AsyncConnection[Any]] = AsyncConnectionPool(
        job.database_url, min_size=2, max_size=8, open=False, kwargs={"autocommit": True}
    )
    async with pool:
        await pool.wait()
        async with pool.connection() as connection:
            await checkpoints.make(connection, projection.name, SERVICE)
        origin = StoreOrigin(job.database_url)
        rebuilds = Rebuilds(pool, job.database_url, metadata, [projection], lambda _: origin)
        go()
        started = time.perf_counter()
        await rebuilds.rebuild(projection.name, processes=int(job.extra["workers"]), fresh=True)
        await rebuilds.switch(projection.name)
        seconds = time.perf_counter() - started
        async with pool.connection() as connection:
            row = await (await connection.execute("select sum(facts) from model")).fetchone()
    if row is None or row[0] != job.count:
        raise RuntimeError(f"{row} of {job.count} facts in the model")
    return Sample(count=job.count, seconds=seconds)
