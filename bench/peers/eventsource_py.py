"""eventsource-py: its PostgreSQL event store over SQLAlchemy and asyncpg."""

import time
from typing import Any
from uuid import uuid4

from eventsource import DomainEvent, ExpectedVersion, PostgreSQLEventStore, StreamId, register_event
from sqlalchemy.ext.asyncio import create_async_engine

from bench import facts
from bench.child import Go, Job, Sample, closed_loop, main


@register_event
class SessionLogged(DomainEvent):  # type: ignore[misc]  # the peer is not installed where types are checked
    aggregate_type: str = "Session"
    fact: dict[str, Any]


FACT = {
    name: value for name, value in facts.envelope(1).items() if name not in ("id", "time", "type", "subject")
}


async def store(job: Job) -> tuple[Any, PostgreSQLEventStore]:
    engine = create_async_engine(
        job.database_url.replace("postgresql://", "postgresql+asyncpg://"), pool_size=40, max_overflow=0
    )
    return engine, PostgreSQLEventStore(engine, create_schema=True)


async def save(events: PostgreSQLEventStore, count: int = 1) -> None:
    aggregate = uuid4()
    facts_of_one = [SessionLogged(aggregate_id=aggregate, fact=FACT) for _ in range(count)]
    await events.append(
        StreamId(category="Session", aggregate_id=aggregate), facts_of_one, ExpectedVersion.any_()
    )


async def setup(job: Job, go: Go) -> Sample:
    engine, events = await store(job)
    await save(events)
    for _ in range(0, job.count, 100):
        await save(events, 100)
    await engine.dispose()
    go()
    return Sample(count=job.count, seconds=1.0)


async def append(job: Job, go: Go) -> Sample:
    engine, events = await store(job)

    async def one(caller: int, turn: int) -> None:
        await save(events)

    await save(events)
    go()
    sample = await closed_loop(job, one)
    await engine.dispose()
    return sample


async def read(job: Job, go: Go) -> Sample:
    engine, events = await store(job)
    go()
    started, done = time.perf_counter(), 0
    async for _ in events.read_all():
        done += 1
        if time.perf_counter() - started > job.seconds:
            break
    seconds = time.perf_counter() - started
    await engine.dispose()
    return Sample(count=done, seconds=seconds)


if __name__ == "__main__":
    main({"setup": setup, "append": append, "read": read})
