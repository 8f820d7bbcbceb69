"""The stream feed's limit: standing pulls over a raw socket, a fold, one upsert with its checkpoint."""

import time
from uuid import UUID, uuid4

from bench import wire
from bench.child import Go, Job, Sample, main
from bench.limits.atomic_batches import fill
from bench.limits.log import APPLY, Fold, fold_in, model

PULL = 1_000
PULLS = 3


async def upsert(job: Job, go: Go) -> Sample:
    writer, connection = await model(job), await wire.connect(job.nats_url)
    apply = await writer.prepare(APPLY)
    durable = f"d{uuid4().hex[:8]}"
    config = {"durable_name": durable, "ack_policy": "all", "deliver_policy": "all", "max_ack_pending": -1}
    create = {"stream_name": job.name, "config": config}
    await connection.api(f"$JS.API.CONSUMER.DURABLE.CREATE.{job.name}.{durable}", create)
    request = b'{"batch":%d,"expires":30000000000}' % PULL
    pull = b"PUB $JS.API.CONSUMER.MSG.NEXT.%s.%s _PULL %d\r\n%s\r\n" % (
        job.name.encode(),
        durable.encode(),
        len(request),
        request,
    )
    go()
    started, done = time.perf_counter(), 0
    connection.write(b"SUB _PULL 1\r\n" + pull * PULLS)
    while done < job.count:
        messages = [await connection.message() for _ in range(min(PULL, job.count - done))]
        connection.write(pull)
        fold: Fold[UUID] = {}
        for _, _, _, state in messages:
            # The subject is cut out of the bytes: no envelope is built for it.
            at = state.index(b'"subject":"session/') + 19
            fold_in(fold, UUID(state[at : at + 36].decode()), state)
        await apply.fetch(list(fold), *zip(*fold.values(), strict=True), done, done + len(messages))
        connection.write(b"PUB %s 4\r\n+ACK\r\n" % messages[-1][1])
        done += len(messages)
    seconds = time.perf_counter() - started
    applied = await writer.fetchval("select sum(facts) from model")
    if applied != job.count:
        raise RuntimeError(f"{applied} of {job.count} facts in the model")
    connection.close()
    return Sample(count=done, seconds=seconds)


if __name__ == "__main__":
    main({"fill": fill, "upsert": upsert})
