"""A receiver of webhooks that takes everything at once, as a process of its own: python -m bench.receiver PORT."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import uvloop

from bench.ports import free_port
from bench.serving import serving

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
LENGTH = b"content-length: "


class Taking(asyncio.Protocol):
    """Counts requests by their lengths, and answers each."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are none of asyncio's by class.
        self._transport, self._left = cast(asyncio.Transport, transport), b""

    def data_received(self, data: bytes) -> None:
        left = self._left + data
        while (head := left.find(b"\r\n\r\n")) >= 0:
            said = left[:head].lower()
            at = said.find(LENGTH)
            length = int(said[at + len(LENGTH) :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            if len(left) < head + 4 + length:
                break
            left = left[head + 4 + length :]
            self._transport.write(ANSWER)
        self._left = left


@contextmanager
def receiver() -> Iterator[str]:
    """Its address."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    with serving([sys.executable, "-m", "bench.receiver", str(port)], {}, url):
        yield url


async def serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Taking, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
