"""A bounded HTTP load: keep-alive connections, one request under way on each, no HTTP library in the way."""

import asyncio
import json
import re
import sys
import time
from collections.abc import Callable
from typing import cast
from uuid import uuid4

from bench import facts
from bench.child import Go, Job, Sample, main
from bench.ports import free_port
from bench.serving import serving

LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")
Requests = Callable[[], bytes]


class Caller(asyncio.Protocol):
    """Sends the next request as soon as the answer to the last one is whole."""

    def __init__(self, requests: Requests, until: float) -> None:
        self.requests = requests
        self.until = until
        self.answered = 0
        self.refused: bytes | None = None
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are none of asyncio's by class.
        self.transport = cast(asyncio.Transport, transport)
        self.transport.write(self.requests())

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer + data if self._buffer else data
        head = buffer.find(b"\r\n\r\n")
        found = LENGTH.search(buffer, 0, head) if head >= 0 else None
        if found is None or len(buffer) < head + 4 + int(found.group(1)):
            self._buffer = buffer
            return
        self._buffer = b""
        if buffer[9:10] != b"2":
            self.refused = buffer[:400]
            self.transport.close()
        elif time.perf_counter() >= self.until:
            self.answered += 1
            self.transport.close()
        else:
            self.answered += 1
            self.transport.write(self.requests())

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.over.done():
            self.over.set_result(None)


def post(port: int, path: str, body: dict[str, object], headers: str = "") -> Requests:
    """Requests that differ in their Idempotency-Key only."""
    encoded = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(encoded)}\r\n{headers}Idempotency-Key: "
    ).encode()
    return lambda: b"%s%s\r\n\r\n%s" % (head, uuid4().hex.encode(), encoded)


async def drive(port: int, callers: int, seconds: float, requests: Requests) -> Sample:
    """RuntimeError with the first answer that is not 2xx."""
    loop = asyncio.get_running_loop()
    started = time.perf_counter()
    until = started + seconds
    open_ones = [
        await loop.create_connection(lambda: Caller(requests, until), "127.0.0.1", port)
        for _ in range(callers)
    ]
    protocols = [protocol for _, protocol in open_ones]
    await asyncio.wait_for(asyncio.gather(*(protocol.over for protocol in protocols)), seconds + 30)
    taken = time.perf_counter() - started
    for protocol in protocols:
        if protocol.refused:
            raise RuntimeError(protocol.refused.decode(errors="replace").replace("\r\n", " | "))
    return Sample(count=sum(protocol.answered for protocol in protocols), seconds=taken)


async def idle(job: Job, go: Go) -> Sample:
    """FastAPI doing nothing."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "bench.limits.idle_app:app", "--port", str(port)]
    quiet = ["--log-level", "warning", "--no-access-log", "--loop", "uvloop"]
    with serving([*command, *quiet], {}, f"http://127.0.0.1:{port}/ready"):
        requests = post(port, "/commands", facts.data(1))
        await drive(port, job.callers, 0.2, requests)
        go()
        return await drive(port, job.callers, job.seconds, requests)


class Canned(asyncio.Protocol):
    """A server that answers anything with the same bytes."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are none of asyncio's by class.
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self.transport.write(b'HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{"id":"..."}')


async def canned(job: Job, go: Go) -> Sample:
    """The generator against a canned answer in its own process: what it could drive at least."""
    server = await asyncio.get_running_loop().create_server(Canned, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    go()
    sample = await drive(port, job.callers, job.seconds, post(port, "/commands", facts.data(1)))
    server.close()
    return sample


if __name__ == "__main__":
    main({"idle": idle, "canned": canned})
