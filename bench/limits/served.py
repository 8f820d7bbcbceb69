"""FastAPI with nothing behind it: one page of bytes for everybody, the same events for everybody, or silence."""

import asyncio
import sys
from collections.abc import AsyncIterator

import httpx
from fastapi import FastAPI, Response
from fastapi.responses import StreamingResponse

from bench import facts
from bench.child import Go, Job, Sample, main
from bench.http_load import drive
from bench.ports import free_port
from bench.serving import serving
from bench.sse_load import Readers, clients_per_gib, told_to_all

app = FastAPI()
began = asyncio.Event()
BATCH = 10


@app.get("/ready")
async def ready() -> dict[str, bool]:
    return {"ready": True}


@app.get("/page/{size}")
async def one_page(size: int) -> Response:
    return Response(_page(size), media_type="application/json")


@app.get("/events/{count}")
async def same_events(count: int) -> StreamingResponse:
    return StreamingResponse(_events(count), media_type="text/event-stream")


@app.post("/begin")
async def begin() -> None:
    began.set()


def _page(size: int, made: dict[int, bytes] = {}) -> bytes:  # noqa: B006  (kept between calls)
    if size not in made:
        made[size] = b'{"facts":[%b]}' % b",".join(facts.SAMPLES[:size])
    return made[size]


async def _events(count: int) -> AsyncIterator[bytes]:
    yield b": here\n\n"
    await began.wait()
    for first in range(0, count, BATCH):
        yield b"".join(
            b"id: %d\ndata: %b\n\n" % (n, facts.SAMPLES[n % facts.AGGREGATES]) for n in _batch(first, count)
        )


def _batch(first: int, count: int) -> range:
    return range(first, min(first + BATCH, count))


def command(port: int) -> list[str]:
    quiet = ["--log-level", "warning", "--no-access-log", "--loop", "uvloop"]
    return [sys.executable, "-m", "uvicorn", "bench.limits.served:app", "--port", str(port), *quiet]


async def page(job: Job, go: Go) -> Sample:
    port = free_port()
    asked = f"GET /page/{job.extra['page']} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    with serving(command(port), {}, f"http://127.0.0.1:{port}/ready"):
        await drive(port, job.callers, 0.2, lambda: asked)
        go()
        return await drive(port, job.callers, job.seconds, lambda: asked)


async def events(job: Job, go: Go) -> Sample:
    port = free_port()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        with serving(command(port), {}, f"http://127.0.0.1:{port}/ready"):
            readers = Readers(port, f"/events/{job.count}")
            await readers.open(job.callers)
            go()
            sample = await told_to_all(readers, job.count, job.callers, lambda: client.post("/begin"))
            readers.close()
    return sample


async def silence(job: Job, go: Go) -> Sample:
    port = free_port()
    with serving(command(port), {}, f"http://127.0.0.1:{port}/ready"):
        go()
        return await clients_per_gib(port, "/events/1", job.callers)


if __name__ == "__main__":
    main({"page": page, "events": events, "silence": silence})
