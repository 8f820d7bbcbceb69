"""Many readers of server-sent events on raw connections: they count events, and take nothing apart."""

import asyncio
import time
from collections.abc import Callable
from typing import cast

import psutil

from bench.child import Sample

LONGEST_SECONDS = 30


class Reader(asyncio.Protocol):
    """One connection: `events` counts the `data:` lines that came."""

    def __init__(self, request: bytes, moved: Callable[[], None]) -> None:
        self.events, self.head = 0, b""
        self._request, self._moved, self._rest = request, moved, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are none of asyncio's by class.
        self.transport = cast(asyncio.Transport, transport)
        self.transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self.head = self.head or data[:200]
        found = (self._rest + data).count(b"\ndata: ")
        # A mark that is split over two reads is counted with the second one.
        self.events += found
        self._rest = data[-6:] if not data.endswith(b"\n") else b"\n"
        self._moved()


class Readers:
    """So many on one address. RuntimeError when one is refused."""

    def __init__(self, port: int, path: str, headers: str = "") -> None:
        self._port = port
        self._request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{headers}\r\n".encode()
        self._all: list[Reader] = []
        self._came = asyncio.Event()

    async def open(self, count: int) -> None:
        loop = asyncio.get_running_loop()
        for _ in range(count):
            _, reader = await loop.create_connection(self._one, "127.0.0.1", self._port)
            self._all.append(reader)
        await self._until(lambda: all(reader.head for reader in self._all))
        for reader in self._all:
            if b" 200 " not in reader.head[:20]:
                raise RuntimeError(reader.head.decode(errors="replace"))

    async def told(self, each: int) -> None:
        """Return when every one has that many events."""
        await self._until(lambda: all(reader.events >= each for reader in self._all))

    def close(self) -> None:
        for reader in self._all:
            reader.transport.abort()

    def _one(self) -> Reader:
        return Reader(self._request, self._came.set)

    async def _until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(LONGEST_SECONDS):
            while not holds():
                self._came.clear()
                await self._came.wait()


def resident(port: int) -> float:
    """GiB that the process listening there holds: a child of ours."""
    for child in psutil.Process().children(recursive=True):
        if any(one.laddr.port == port for one in child.net_connections() if one.status == "LISTEN"):
            return child.memory_info().rss / 2**30
    raise RuntimeError(f"no child of ours listens on {port}")


async def clients_per_gib(port: int, path: str, count: int, headers: str = "") -> Sample:
    """How many clients fit into one GiB: what so many of them added, counted after some were there before."""
    few, many = Readers(port, path, headers), Readers(port, path, headers)
    await few.open(max(1, count // 10))
    before = resident(port)
    await many.open(count)
    used = resident(port) - before
    for readers in (few, many):
        readers.close()
    return Sample(count=count, seconds=max(used, 1 / 2**20))


async def told_to_all(readers: Readers, count: int, clients: int, tell: Callable[[], object]) -> Sample:
    """`tell` begins the telling; over when each client has each event."""
    started = time.perf_counter()
    telling = tell()
    if asyncio.iscoroutine(telling):
        await telling
    await readers.told(count)
    return Sample(count=count * clients, seconds=time.perf_counter() - started)
