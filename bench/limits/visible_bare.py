"""From a command to another process's read model, the bare way: commit, publish, upsert."""

import asyncio
import json
import subprocess
import sys
import time
import uuid
from dataclasses import asdict, replace

import asyncpg

from bench import facts, wire
from bench.child import Go, Job, Sample, main

WARM_UP = 10
TABLES = """drop table if exists fact, model;
    create table fact(
        position bigint generated always as identity primary key,
        aggregate uuid not null, state bytea not null);
    create table model(aggregate uuid primary key, minutes int not null)"""


async def visible(job: Job, go: Go) -> Sample:
    writer, reader = await asyncpg.connect(job.database_url), await asyncpg.connect(job.database_url)
    await writer.execute(TABLES)
    insert = await writer.prepare("insert into fact(aggregate, state) values ($1, $2)")
    look = await reader.prepare("select minutes from model where aggregate = $1")
    connection = await wire.connect(job.nats_url)
    await connection.api(f"$JS.API.STREAM.CREATE.{job.name}", wire.stream(job.name))
    consumer = {"name": "model", "durable_name": "model", "ack_policy": "all", "deliver_policy": "all"}
    await connection.api(
        f"$JS.API.CONSUMER.CREATE.{job.name}.model", {"stream_name": job.name, "config": consumer}
    )
    child = json.dumps(asdict(replace(job, step="project")))
    # Nothing else runs in this loop yet, so starting a process may block it.
    projector = subprocess.Popen(  # noqa: ASYNC220
        [sys.executable, "-m", "bench.limits.visible_bare", child],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert projector.stdin is not None
    assert projector.stdout is not None
    try:
        projector.stdout.readline()
        projector.stdin.write(b"go\n")
        projector.stdin.flush()
        go()
        taken = []
        for number in range(job.count + WARM_UP):
            aggregate = uuid.uuid4()
            state = facts.encoded(number, aggregate)
            started = time.perf_counter()
            await insert.fetch(aggregate, state)
            connection.write(
                wire.frame(f"{job.name}.fact".encode(), b"", {b"Nats-Msg-Id": b"%d" % number}, state)
            )
            while await look.fetchval(aggregate) is None:
                if time.perf_counter() - started > 5:
                    raise RuntimeError("a fact never became visible")
            if number >= WARM_UP:
                taken.append((time.perf_counter() - started) * 1000)
            await asyncio.sleep(0.01)
    finally:
        projector.kill()
        projector.wait()
    await connection.api(f"$JS.API.STREAM.DELETE.{job.name}")
    return Sample(milliseconds=taken)


async def project(job: Job, go: Go) -> Sample:
    """A standing pull; each fact one upsert, acknowledged after its commit. Runs until it is killed."""
    database = await asyncpg.connect(job.database_url)
    upsert = await database.prepare(
        "insert into model values ($1, $2) on conflict (aggregate) do update set minutes = excluded.minutes"
    )
    connection = await wire.connect(job.nats_url)
    request = b'{"batch":100000,"expires":300000000000}'
    connection.write(
        b"SUB _PULL 1\r\nPUB $JS.API.CONSUMER.MSG.NEXT.%s.model _PULL %d\r\n%s\r\n"
        % (job.name.encode(), len(request), request)
    )
    go()
    while True:
        _, reply, _, payload = await connection.message()
        fact = json.loads(payload)
        await upsert.fetch(uuid.UUID(fact["subject"].split("/")[1]), fact["data"]["minutes"])
        connection.write(b"PUB %s 4\r\n+ACK\r\n" % reply)


if __name__ == "__main__":
    main({"visible": visible, "project": project})
