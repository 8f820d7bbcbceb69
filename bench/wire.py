"""The least of a NATS client: frames in, frames out, no reconnect. It shows what the server can do."""

import asyncio
import json
import re
from collections import deque
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import urlsplit

CONNECT = b'CONNECT {"verbose":false,"pedantic":false,"headers":true,"no_responders":true}\r\nPING\r\n'
HEAD = re.compile(
    rb"(MSG|HMSG) (\S+) (\S+) (?:(\S+) )?(?:(\d+) )?(\d+)\r\n"
    rb"|(PING|PONG|INFO[^\r]*|\+OK)\r\n|(-ERR[^\r]*)\r\n"
)

Message = tuple[bytes, bytes, bytes, bytes]
"""Subject, reply, headers, payload."""


class Wire(asyncio.Protocol):
    """One connection. Messages queue in `inbox`; `arrived` is set whenever there are some."""

    def __init__(self) -> None:
        self.inbox: deque[Message] = deque()
        self.arrived = asyncio.Event()
        self.ready = asyncio.Event()
        self.error: str | None = None
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are none of asyncio's by class.
        self._transport = cast(asyncio.Transport, transport)
        self.write(CONNECT)

    def connection_lost(self, exc: Exception | None) -> None:
        self.error = self.error or "the connection is closed"
        self.arrived.set()

    def write(self, frames: bytes) -> None:
        assert self._transport is not None
        self._transport.write(frames)

    def close(self) -> None:
        assert self._transport is not None
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer + data if self._buffer else data
        at = 0
        while found := HEAD.match(buffer, at):
            kind, subject, _, reply, header_size, size, control, failure = found.groups()
            if kind is None:
                at = found.end()
                if failure:
                    self.error = failure.decode()
                elif control == b"PING":
                    self.write(b"PONG\r\n")
                elif control == b"PONG":
                    self.ready.set()
                continue
            end = found.end() + int(size)
            if len(buffer) < end + 2:
                break
            body = found.end() + int(header_size or 0)
            self.inbox.append((subject, reply or b"", buffer[found.end() : body], buffer[body:end]))
            at = end + 2
        self._buffer = buffer[at:]
        if self.inbox or self.error:
            self.arrived.set()

    async def message(self) -> Message:
        """The next message; ConnectionError when the server complained or left."""
        while not self.inbox:
            if self.error:
                raise ConnectionError(self.error)
            self.arrived.clear()
            await self.arrived.wait()
        return self.inbox.popleft()

    async def api(self, subject: str, request: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """One JetStream API call on a quiet connection. RuntimeError when the server refuses."""
        body = json.dumps(request).encode() if request is not None else b""
        self.write(
            b"SUB _API 99\r\nUNSUB 99 1\r\nPUB %s _API %d\r\n%s\r\n" % (subject.encode(), len(body), body)
        )
        answer: dict[str, Any] = json.loads((await self.message())[3])
        if "error" in answer:
            raise RuntimeError(f"{subject}: {answer['error']}")
        return answer


async def connect(url: str) -> Wire:
    """A connection that has answered the first ping."""
    place = urlsplit(url)
    _, wire = await asyncio.get_running_loop().create_connection(
        Wire, place.hostname or "127.0.0.1", place.port or 4222
    )
    await asyncio.wait_for(wire.ready.wait(), 10)
    return wire


def frame(subject: bytes, reply: bytes, headers: Mapping[bytes, bytes], payload: bytes) -> bytes:
    """A publication with headers."""
    head = b"NATS/1.0\r\n" + b"".join(b"%s: %s\r\n" % pair for pair in headers.items()) + b"\r\n"
    sizes = b"%d %d" % (len(head), len(head) + len(payload))
    return b"HPUB %s %s%s\r\n%s%s\r\n" % (subject, reply + b" " if reply else b"", sizes, head, payload)


def stream(name: str) -> dict[str, Any]:
    """The configuration every contender's stream has here."""
    return {
        "name": name,
        "subjects": [f"{name}.>"],
        "storage": "file",
        "num_replicas": 1,
        "retention": "limits",
        "allow_atomic": True,
        "allow_direct": True,
    }
