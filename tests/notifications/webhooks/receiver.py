"""A receiver as somebody outside would write it: a real server that verifies with the standard's library."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError


@dataclass(frozen=True)
class Got:
    """One request: its headers, its bytes, and what they say."""

    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def event(self) -> Any:
        return json.loads(self.body)


@dataclass
class Receiver:
    """Answers as `answers` says: a status, or bytes of a whole response, or a function of what came."""

    url: str = ""
    secret: str = ""
    answer: Callable[[Got], Any] = lambda got: 200
    got: list[Got] = field(default_factory=list)
    unverified: int = 0
    most_at_once: int = 0
    hang: asyncio.Event | None = None
    hang_up: bool = False
    came: asyncio.Event = field(default_factory=asyncio.Event)
    _now: int = 0

    @property
    def ids(self) -> list[str]:
        return [one.id for one in self.got]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                lines = head.decode().split("\r\n")[1:-2]
                headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
                got = Got(headers, await reader.readexactly(int(headers["content-length"])))
                self._now += 1
                self.most_at_once = max(self.most_at_once, self._now)
                writer.write(await self._answer(got))
                self._now -= 1
                await writer.drain()
                if self.hang_up:
                    return
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass  # who called hung up, or the test is over
        finally:
            writer.close()

    async def _answer(self, got: Got) -> bytes:
        self.got.append(got)
        self.came.set()
        if self.hang is not None:
            await self.hang.wait()
        if self.secret:
            try:
                Webhook(self.secret).verify(got.body, got.headers)
            except WebhookVerificationError:
                self.unverified += 1
                return said(401)
        answer = self.answer(got)
        return answer if isinstance(answer, bytes) else said(int(answer))


def said(status: int, body: bytes = b"ok", **headers: str) -> bytes:
    """A response."""
    told = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status} X\r\ncontent-length: {len(body)}\r\n{told}\r\n".encode() + body


@asynccontextmanager
async def receiver(secret: str = "", trust: ssl.SSLContext | None = None) -> AsyncIterator[Receiver]:
    """One that listens on this machine."""
    found = Receiver(secret=secret)
    server = await asyncio.start_server(found._serve, "127.0.0.1", 0, ssl=trust)
    port = server.sockets[0].getsockname()[1]
    found.url = f"{'https' if trust else 'http'}://127.0.0.1:{port}/hooks"
    try:
        yield found
    finally:
        server.close()
