"""Facts posted and nothing recorded: by httpx, and by no HTTP library at all."""

import asyncio
import time

import httpx

from bench import facts
from bench.child import Go, Job, Sample, main
from bench.http_load import drive, post
from bench.receiver import receiver

EACH_AT_ONCE = 16


async def posts(job: Job, go: Go) -> Sample:
    left = iter(range(job.count))
    limits = httpx.Limits(max_connections=EACH_AT_ONCE)

    async def one_after_the_other(client: httpx.AsyncClient, url: str) -> None:
        for number in left:
            (await client.post(url, content=facts.SAMPLES[number % facts.AGGREGATES])).raise_for_status()

    with receiver() as url:
        clients = [httpx.AsyncClient(limits=limits, trust_env=False) for _ in range(job.callers)]
        go()
        started = time.perf_counter()
        await asyncio.gather(
            *(one_after_the_other(client, url) for client in clients for _ in range(EACH_AT_ONCE))
        )
        seconds = time.perf_counter() - started
        for client in clients:
            await client.aclose()
    return Sample(count=job.count, seconds=seconds)


async def raw(job: Job, go: Go) -> Sample:
    """As many connections, each with one request under way."""
    with receiver() as url:
        port = int(url.rstrip("/").rpartition(":")[2])
        go()
        return await drive(port, job.callers * EACH_AT_ONCE, job.seconds, post(port, "/", facts.data(1)))


if __name__ == "__main__":
    main({"posts": posts, "raw": raw})
