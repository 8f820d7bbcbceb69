"""FastStream pulling batches of 500 from a stream and doing nothing with them: the client's own rate."""

import asyncio
import time
from typing import Any

import nats
from faststream import AckPolicy
from faststream.nats import JStream, NatsBroker, PullSub
from nats.js.api import ConsumerConfig

from bench.child import Go, Job, Sample, main
from bench.limits.atomic_batches import fill


async def batches(job: Job, go: Go) -> Sample:
    broker = NatsBroker(job.nats_url, logger=None)
    finished = asyncio.Event()
    got = 0
    durable = f"d{time.monotonic_ns()}"

    @broker.subscriber(
        f"{job.name}.fact",
        stream=JStream(job.name, declare=False),
        durable=durable,
        pull_sub=PullSub(batch_size=500, batch=True),
        ack_policy=AckPolicy.ACK,
        config=ConsumerConfig(max_ack_pending=5_000),
    )
    async def take(messages: list[Any]) -> None:
        nonlocal got
        got += len(messages)
        if got >= job.count:
            finished.set()

    await broker.connect()
    go()
    started = time.perf_counter()
    await broker.start()
    await asyncio.wait_for(finished.wait(), 60)
    seconds = time.perf_counter() - started
    await broker.stop()
    client = await nats.connect(job.nats_url)
    await client.jetstream().delete_consumer(job.name, durable)
    await client.close()
    return Sample(count=got, seconds=seconds)


if __name__ == "__main__":
    main({"fill": fill, "batches": batches})
