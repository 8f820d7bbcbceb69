"""The rebuild's limit: COPY out, fold in memory, COPY in, one merge; several workers split by position."""

import multiprocessing
import time
from uuid import UUID

import psycopg

from bench.child import Go, Job, Sample, main
from bench.limits.log import MODEL, Fold, fill, fold_in

SHARD = "(aggregate uuid, facts int, minutes bigint, area text)"


def rebuild(job: Job, go: Go) -> Sample:
    """COPY out, fold in memory, COPY in, one merge; `workers` in extra split the log by position."""
    workers = int(job.extra["workers"])
    with psycopg.connect(job.database_url, autocommit=True) as connection:
        connection.execute(f"drop table if exists model; create table model{MODEL}".encode())
        for worker in range(workers):
            connection.execute(
                f"drop table if exists s{worker}; create unlogged table s{worker}{SHARD}".encode()
            )
        go()
        started = time.perf_counter()
        bounds = [job.count * part // workers for part in range(workers + 1)]
        parts = [(job.database_url, n, bounds[n], bounds[n + 1]) for n in range(workers)]
        if workers == 1:
            _shard(*parts[0])
        else:
            children = [multiprocessing.Process(target=_shard, args=part) for part in parts]
            for child in children:
                child.start()
            for child in children:
                child.join()
        shards = " union all ".join(
            f"select {worker} as shard, * from s{worker}" for worker in range(workers)
        )
        connection.execute(
            f"""insert into model
                select aggregate, sum(facts), sum(minutes), (array_agg(area order by shard desc))[1]
                from ({shards}) all_shards group by aggregate""".encode()
        )
        seconds = time.perf_counter() - started
        row = connection.execute("select sum(facts) from model").fetchone()
        if row is None or row[0] != job.count:
            raise RuntimeError(f"{row} of {job.count} facts in the model")
    return Sample(count=job.count, seconds=seconds)


def _shard(url: str, worker: int, after: int, until: int) -> None:
    fold: Fold[bytes] = {}
    part = f"from fact where position > {after} and position <= {until} order by position"
    query = f"copy (select aggregate, state {part})"
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        with cursor.copy(f"{query} to stdout (format binary)".encode()) as out:
            # Binary COPY: 19 bytes of head, then rows of field count, 4-byte size, uuid, 4-byte size, state.
            skip = 19
            for block in out:
                row, skip = bytes(block[skip:]), 0
                if len(row) > 26:
                    fold_in(fold, row[6:22], row[26:])
        with cursor.copy(f"copy s{worker} from stdin (format binary)".encode()) as into:
            into.set_types(["uuid", "int4", "int8", "text"])
            for key, row_values in fold.items():
                into.write_row((UUID(bytes=key), *row_values))


if __name__ == "__main__":
    main({"fill": fill, "rebuild": rebuild})
