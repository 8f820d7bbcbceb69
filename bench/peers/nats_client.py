"""nats-py publishing a store's facts: each one awaited, or many in flight."""

import time
from collections import deque
from typing import Any

import nats

from bench import facts
from bench.child import Go, Job, Sample, main


async def connected(job: Job) -> tuple[Any, Any]:
    client = await nats.connect(job.nats_url)
    context = client.jetstream(publish_async_max_pending=1024)
    await context.add_stream(name=job.name, subjects=[f"{job.name}.>"])
    return client, context


async def one_by_one(job: Job, go: Go) -> Sample:
    client, context = await connected(job)
    go()
    started, done = time.perf_counter(), 0
    while done < job.count and time.perf_counter() - started < job.seconds:
        state = facts.SAMPLES[done % facts.AGGREGATES]
        await context.publish(f"{job.name}.fact", state, headers={"Nats-Msg-Id": f"fact-{done}"})
        done += 1
    return await finished(job, client, context, done, time.perf_counter() - started)


async def in_flight(job: Job, go: Go) -> Sample:
    """Up to 1,024 unacknowledged, the most that keeps the order of a sane client."""
    client, context = await connected(job)
    go()
    started, done = time.perf_counter(), 0
    waiting: deque[Any] = deque()
    while done < job.count and time.perf_counter() - started < job.seconds:
        state = facts.SAMPLES[done % facts.AGGREGATES]
        waiting.append(
            await context.publish_async(f"{job.name}.fact", state, headers={"Nats-Msg-Id": f"fact-{done}"})
        )
        done += 1
    for answer in waiting:
        await answer
    return await finished(job, client, context, done, time.perf_counter() - started)


async def finished(job: Job, client: Any, context: Any, done: int, seconds: float) -> Sample:
    held = (await context.stream_info(job.name)).state.messages
    if held != done:
        raise RuntimeError(f"the stream holds {held} of {done}")
    await context.delete_stream(job.name)
    await client.close()
    return Sample(count=done, seconds=seconds)


if __name__ == "__main__":
    main({"one_by_one": one_by_one, "in_flight": in_flight})
