"""The feed and the stream of server-sent events of a service process that does nothing else."""

import random
from uuid import uuid4

import shared.kernel.facts.routes  # noqa: F401  (absent: the step is not built yet)
from bench import facts
from bench.child import Go, Job, Sample
from bench.http_load import drive
from bench.ours.processes import REGION, service_process
from bench.ports import free_port
from bench.sse_load import Readers, clients_per_gib, told_to_all
from shared.kernel.store import Append, Store

WHO = f"Authorization: Bearer dev:operator:{REGION}:olu\r\n"
STREAM = "/bench/facts/stream"
BATCH = 10


async def feed(job: Job, go: Go) -> Sample:
    """Pages from anywhere in the log, as those ask who mirror it from different places; or of the last ones."""
    port, size, newest = free_port(), int(job.extra["page"]), int(job.extra["newest"])
    heads = [
        f"GET /bench/facts?after={page * size}&limit={size} HTTP/1.1\r\nHost: 127.0.0.1\r\n{WHO}\r\n".encode()
        for page in list(range(max(1, job.count // size)))[-newest:]
    ]
    with service_process("writer", "bench", job.database_url, job.nats_url, port, "api"):
        await drive(port, job.callers, 0.2, lambda: random.choice(heads))
        go()
        return await drive(port, job.callers, job.seconds, lambda: random.choice(heads))


async def sse(job: Job, go: Go) -> Sample:
    """Facts are committed ten at a time; every client gets each of them."""
    port = free_port()
    with service_process("writer", "bench", job.database_url, job.nats_url, port, "api"):
        async with await Store.open(job.database_url) as store:
            readers = Readers(port, STREAM, WHO)
            await readers.open(job.callers)

            async def tell() -> None:
                for begin in range(0, job.count, BATCH):
                    states = [
                        facts.SAMPLES[n % facts.AGGREGATES]
                        for n in range(begin, min(begin + BATCH, job.count))
                    ]
                    await store.append(Append(uuid4(), 0, [(facts.TYPE, state) for state in states]))

            go()
            sample = await told_to_all(readers, job.count, job.callers, tell)
            readers.close()
    return sample


async def sse_memory(job: Job, go: Go) -> Sample:
    port = free_port()
    with service_process("writer", "bench", job.database_url, job.nats_url, port, "api"):
        go()
        return await clients_per_gib(port, STREAM, job.callers, WHO)
