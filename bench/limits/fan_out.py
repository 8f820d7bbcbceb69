"""nats-py reading the same facts many times, with no borders: core subscriptions, and durables in one account."""

import asyncio
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import nats
from nats.aio.client import Client
from nats.errors import TimeoutError as NothingCame
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig

from bench import facts
from bench.child import Go, Job, Sample, main

AT_ONCE = 100


async def subscriptions(job: Job, go: Go) -> Sample:
    """Each message to every subscriber, kept nowhere and acknowledged by nobody."""
    subject, clients = f"core.{uuid4().hex}", [await nats.connect(job.nats_url) for _ in range(job.callers)]
    left = job.count * job.callers
    over = asyncio.Event()

    async def came(_: Any) -> None:
        nonlocal left
        left -= 1
        if not left:
            over.set()

    for client in clients:
        await client.subscribe(subject, cb=came)
        await client.flush()
    publisher = await nats.connect(job.nats_url)
    go()
    started = time.perf_counter()
    for number in range(job.count):
        await publisher.publish(subject, facts.SAMPLES[number % facts.AGGREGATES])
    async with asyncio.timeout(60):
        await over.wait()
    seconds = time.perf_counter() - started
    for client in (*clients, publisher):
        await client.close()
    return Sample(count=job.count * job.callers, seconds=seconds)


async def durables(job: Job, go: Go) -> Sample:
    """The same reading as an integrator's, without accounts, users and permissions."""
    stream = f"D{uuid4().hex[:8]}"
    publisher = await nats.connect(job.nats_url)
    await publisher.jetstream().add_stream(name=stream, subjects=[f"{stream}.>"])
    await published(publisher, stream, f"{stream}.p00", job.count)
    clients = [await nats.connect(job.nats_url) for _ in range(job.callers)]
    go()
    started = time.perf_counter()
    reading = (
        read(client.jetstream(), stream, f"d{n}", f"{stream}.>", job.count)
        for n, client in enumerate(clients)
    )
    await asyncio.gather(*reading)
    seconds = time.perf_counter() - started
    await publisher.jetstream().delete_stream(stream)
    for client in (*clients, publisher):
        await client.close()
    return Sample(count=job.count * job.callers, seconds=seconds)


async def published(client: Client, stream: str, subject: str, count: int) -> None:
    """So many facts in the stream."""
    for number in range(count):
        await client.publish(subject, facts.SAMPLES[number % facts.AGGREGATES])
    await client.flush()
    async with asyncio.timeout(60):
        while (await client.jetstream().stream_info(stream)).state.last_seq < count:
            await asyncio.sleep(0.01)


async def read(js: JetStreamContext, stream: str, durable: str, subject: str, count: int) -> None:
    """As a careful integrator does: a durable, batches, each fact acknowledged."""
    config = ConsumerConfig(
        name=durable, durable_name=durable, filter_subject=subject, ack_policy=AckPolicy.EXPLICIT
    )
    await js.add_consumer(stream, config)
    reader = await js.pull_subscribe_bind(durable, stream)
    while count > 0:
        try:
            messages = await reader.fetch(min(AT_ONCE, count), timeout=10)
        except NothingCame:
            continue
        for message in messages:
            await message.ack()
        count -= len(messages)


def folder(job: Job) -> Path:
    """A new one for a server of this run's own."""
    made = Path(job.directory) / f"bus-{uuid4().hex[:6]}"
    made.mkdir(mode=0o700)
    return made


if __name__ == "__main__":
    main({"subscriptions": subscriptions, "durables": durables})
