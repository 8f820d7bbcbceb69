"""A bare table of facts, and reading, folding and copying it with nothing else in the way."""

import time
from typing import Any, TypeVar
from uuid import UUID

import asyncpg
import msgspec
import psycopg

from bench import facts
from bench.child import Go, Job, Sample, main

TABLE = "create table fact(position bigint primary key, aggregate uuid not null, state bytea not null)"
# One row per aggregate: how many facts, the sum of their minutes, the last area.
MODEL = "(aggregate uuid primary key, facts int not null, minutes bigint not null, area text not null)"
PAGE = 2_000


APPLY = """with moved as (update checkpoint set position = $6 where position = $5 returning 1)
    insert into model
    select u.* from unnest($1::uuid[], $2::int[], $3::bigint[], $4::text[]) u where exists(select from moved)
    on conflict (aggregate) do update
    set facts = model.facts + excluded.facts, minutes = model.minutes + excluded.minutes,
        area = excluded.area"""


class Data(msgspec.Struct):
    minutes: int
    area: str


class Envelope(msgspec.Struct):
    data: Data


Key = TypeVar("Key", UUID, bytes)
Fold = dict[Key, list[Any]]
decode = msgspec.json.Decoder(Envelope).decode


def fold_in(fold: Fold[Key], aggregate: Key, state: bytes) -> None:
    data = decode(state).data
    row = fold.get(aggregate)
    if row is None:
        fold[aggregate] = [1, data.minutes, data.area]
    else:
        row[0] += 1
        row[1] += data.minutes
        row[2] = data.area


def fill(job: Job, go: Go) -> Sample:
    """`count` facts, made by the server; `aggregates` in extra says how many they belong to."""
    aggregates = int(job.extra.get("aggregates", facts.AGGREGATES))
    with psycopg.connect(job.database_url, autocommit=True) as connection:
        connection.execute(TABLE)
        connection.execute(
            """insert into fact select n, lpad(to_hex(n * 7919 %% %s), 32, '0')::uuid, %s
               from generate_series(1::bigint, %s) n""",
            (aggregates, facts.SAMPLES[1], job.count),
        )
        connection.execute("vacuum analyze fact")
    go()
    return Sample(count=job.count, seconds=1.0)


def copy_out(job: Job, go: Go) -> Sample:
    """The whole log leaves the server in order, as blocks that nobody looks into."""
    with psycopg.connect(job.database_url) as connection, connection.cursor() as cursor:
        go()
        started = time.perf_counter()
        with cursor.copy(
            "copy (select position, state from fact order by position) to stdout (format binary)"
        ) as out:
            rows = sum(1 for _ in out) - 1
    # psycopg hands out one block per row; the trailer is the block taken off above.
    return Sample(count=rows, seconds=time.perf_counter() - started)


async def model(job: Job) -> asyncpg.Connection:
    """An empty read model with its checkpoint at 0, and a connection to write it."""
    connection = await asyncpg.connect(job.database_url)
    await connection.execute(f"drop table if exists model, checkpoint; create table model{MODEL}")
    await connection.execute(
        "create table checkpoint(position bigint not null); insert into checkpoint values (0)"
    )
    return connection


async def upsert(job: Job, go: Go) -> Sample:
    """Pages of 2,000 folded in memory, each one unnest upsert with its checkpoint in one transaction."""
    reader, writer = await asyncpg.connect(job.database_url), await model(job)
    page = await reader.prepare(
        "select position, aggregate, state from fact where position > $1 order by position limit $2"
    )
    apply = await writer.prepare(APPLY)
    go()
    started = time.perf_counter()
    done = 0
    while rows := await page.fetch(done, PAGE):
        fold: Fold[UUID] = {}
        for _, aggregate, state in rows:
            fold_in(fold, aggregate, state)
        await apply.fetch(list(fold), *zip(*fold.values(), strict=True), done, rows[-1][0])
        done = rows[-1][0]
    seconds = time.perf_counter() - started
    applied = await writer.fetchval("select sum(facts) from model")
    if applied != job.count:
        raise RuntimeError(f"{applied} of {job.count} facts in the model")
    return Sample(count=job.count, seconds=seconds)


if __name__ == "__main__":
    main({"fill": fill, "copy_out": copy_out, "upsert": upsert})
