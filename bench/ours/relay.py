"""The relay carrying a backlog from the store to the stream."""

import asyncio
import time
import uuid

from bench.child import Go, Job, Sample
from bench.ours.store import filled
from shared.kernel.bus.connection import connect
from shared.kernel.bus.provision import provision_stream
from shared.kernel.bus.relay import Relay
from shared.kernel.envelope import stream_name
from shared.kernel.store import Store

SERVICE = "bench"
LONGEST_SECONDS = 60


async def relay(job: Job, go: Go) -> Sample:
    """From the relay's start until the last fact is acknowledged; a region of its own each time."""
    region = f"{job.name}-{uuid.uuid4().hex[:6]}"
    seconds = await carried(job, region, go)
    connection = await connect(job.nats_url, "bench")
    js = connection.jetstream()
    held = (await js.stream_info(stream_name(region, SERVICE))).state.last_seq
    await js.delete_stream(stream_name(region, SERVICE))
    await connection.close()
    if held != job.count:
        raise RuntimeError(f"the stream holds {held} of {job.count}")
    return Sample(count=job.count, seconds=seconds)


async def fill_stream(job: Job, go: Go) -> Sample:
    """A stream with `count` facts, made by the relay. The region is the job's name."""
    await filled(job.database_url, job.count, int(job.extra.get("aggregates", 1_000)))
    await carried(job, job.name, go)
    return Sample(count=job.count, seconds=1.0)


async def carried(job: Job, region: str, go: Go) -> float:
    """The seconds it took. TimeoutError when the relay does not get to the end."""
    connection = await connect(job.nats_url, "bench-relay")
    await provision_stream(connection.jetstream(), region, SERVICE)
    async with await Store.open(job.database_url) as store:
        running_relay = Relay(store, connection, region, SERVICE)
        go()
        started = time.perf_counter()
        running = asyncio.create_task(running_relay.run())
        async with asyncio.timeout(LONGEST_SECONDS):
            while running_relay.state.position < job.count and not running.done():
                await asyncio.sleep(0.001)
        seconds = time.perf_counter() - started
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    await connection.close()
    return seconds
