"""The relay's limit: frames built beforehand, atomic batches of 1,000, three in flight, fenced."""

import json
import time

from bench import facts, wire
from bench.child import Go, Job, Sample, main

BATCH = 1_000
IN_FLIGHT = 3


def batch(stream: str, first: int, size: int) -> bytes:
    """One atomic batch whose first message must follow sequence `first`."""
    subject = f"{stream}.fact".encode()
    frames = []
    for number in range(1, size + 1):
        headers = {b"Nats-Batch-Id": b"batch-%d" % first, b"Nats-Batch-Sequence": b"%d" % number}
        if number == 1:
            headers[b"Nats-Expected-Last-Sequence"] = b"%d" % first
        if number == size:
            headers[b"Nats-Batch-Commit"] = b"1"
        reply = b"_ACK" if number == size else b""
        frames.append(wire.frame(subject, reply, headers, facts.SAMPLES[(first + number) % facts.AGGREGATES]))
    return b"".join(frames)


async def fill(job: Job, go: Go) -> Sample:
    """The stream, filled with atomic batches."""
    connection = await wire.connect(job.nats_url)
    await connection.api(f"$JS.API.STREAM.CREATE.{job.name}", wire.stream(job.name))
    connection.write(b"SUB _ACK 1\r\n")
    for first in range(0, job.count, BATCH):
        connection.write(batch(job.name, first, min(BATCH, job.count - first)))
        await connection.message()
    connection.close()
    go()
    return Sample(count=job.count, seconds=1.0)


async def publish(job: Job, go: Go) -> Sample:
    connection = await wire.connect(job.nats_url)
    await connection.api(f"$JS.API.STREAM.CREATE.{job.name}", wire.stream(job.name))
    batches = [batch(job.name, first, min(BATCH, job.count - first)) for first in range(0, job.count, BATCH)]
    connection.write(b"SUB _ACK 1\r\n")
    go()
    started = time.perf_counter()
    sent = acknowledged = 0
    while acknowledged < len(batches):
        while sent < len(batches) and sent - acknowledged < IN_FLIGHT:
            connection.write(batches[sent])
            sent += 1
        answer = json.loads((await connection.message())[3])
        if "error" in answer:
            raise RuntimeError(answer["error"])
        acknowledged += 1
    seconds = time.perf_counter() - started
    state = (await connection.api(f"$JS.API.STREAM.INFO.{job.name}"))["state"]
    if state["last_seq"] != job.count:
        raise RuntimeError(f"the stream holds {state['last_seq']} of {job.count}")
    await connection.api(f"$JS.API.STREAM.DELETE.{job.name}")
    return Sample(count=job.count, seconds=seconds)


if __name__ == "__main__":
    main({"publish": publish})
