"""The store: filling, appending and reading it."""

import time
import uuid

import psycopg

from bench import facts
from bench.child import Go, Job, Sample, closed_loop
from shared.kernel.decider import Claim
from shared.kernel.store import Append, Request, Store

PAGE = 5_000
COLUMNS = "originator_id, originator_version, topic, state, notification_id"


async def create(job: Job, go: Go) -> Sample:
    """An empty store."""
    async with await Store.open(job.database_url) as store:
        await store.create()
    go()
    return Sample(count=0, seconds=1.0)


async def fill(job: Job, go: Go) -> Sample:
    """A store with `count` facts; COPY, since filling is not what is measured."""
    await filled(job.database_url, job.count, int(job.extra.get("aggregates", facts.AGGREGATES)))
    go()
    return Sample(count=job.count, seconds=1.0)


async def filled(database_url: str, count: int, aggregates: int) -> None:
    async with await Store.open(database_url) as store:
        await store.create()
    with psycopg.connect(database_url) as connection:
        with connection.cursor().copy(
            f"copy stored_events({COLUMNS}) from stdin (format binary)".encode()
        ) as into:
            into.set_types(["uuid", "int8", "text", "bytea", "int8"])
            for number in range(count):
                stream = facts.aggregate(number % aggregates)
                version = number // aggregates + 1
                into.write_row(
                    (stream, version, facts.TYPE, facts.encoded(number, stream, version), number + 1)
                )
        connection.execute("update store_head set position = %s", (count,))
        connection.commit()
        connection.autocommit = True
        connection.execute("vacuum analyze stored_events")


async def append(job: Job, go: Go) -> Sample:
    """One fact a command with a claim and an idempotency key, as a service's commands have."""
    async with await Store.open(job.database_url) as store:
        run = uuid.uuid4().int & ~((1 << 64) - 1)

        async def one(caller: int, turn: int) -> None:
            stream = uuid.UUID(int=run | caller << 40 | turn)
            state = facts.SAMPLES[turn % facts.AGGREGATES]
            claim = Claim(f"session:{stream}", "taken", "choose another")
            request = Request(key=str(stream), fingerprint=stream.bytes, status=201, response=b"{}")
            await store.append(Append(stream, 0, ((facts.TYPE, state),), frozenset({claim}), request=request))

        await one(job.callers, 0)
        go()
        sample = await closed_loop(job, one)
        if await store.head() <= sample["count"]:
            raise RuntimeError("the store holds fewer facts than were appended")
        return sample


async def read(job: Job, go: Go) -> Sample:
    async with await Store.open(job.database_url) as store:
        go()
        started, position = time.perf_counter(), 0
        while events := await store.read(position, PAGE):
            if events[0].position != position + 1:
                raise RuntimeError(f"position {position + 1} is missing")
            position = events[-1].position
        return Sample(count=position, seconds=time.perf_counter() - started)
