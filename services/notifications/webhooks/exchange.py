"""One connection that requests go over, one after the other: written whole, read no further than needed."""

import asyncio
from dataclasses import dataclass, field
from typing import cast

import httptools

MOST_READ = 64 * 1024
"""Bytes of an answer, its head included, after which the connection is given up; fewer are read to the end."""
ONLY_SAYS_WAIT = 200
"""Statuses below announce that the answer is still to come."""


class Broken(Exception):
    """There was no answer; the message says why in a line without addresses."""


@dataclass
class Reply:
    """What came back; `whole` when it was read to its end."""

    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytearray = field(default_factory=bytearray)
    whole: bool = False


class Exchange(asyncio.Protocol):
    """An HTTP/1.1 connection. No redirect is followed, nothing is unpacked, nothing is kept beyond a limit."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._parser: httptools.HttpResponseParser | None = None
        self._reply = Reply()
        self._read = 0
        self._done: asyncio.Future[Reply] | None = None
        self.reusable = False

    async def ask(self, request: bytes) -> Reply:
        """Raises Broken; when cancelled, the connection is of no use any more."""
        transport = self._transport
        if transport is None or transport.is_closing():
            raise Broken("the connection was closed")
        self._parser, self._reply, self._read = httptools.HttpResponseParser(self), Reply(), 0
        self._done = asyncio.get_running_loop().create_future()
        self.reusable = False
        transport.write(request)
        try:
            return await self._done
        except asyncio.CancelledError:
            self.close()
            raise
        finally:
            self._done = None

    @property
    def status(self) -> int | None:
        """Of an answer that has begun; None before."""
        return self._reply.status or None

    @property
    def began(self) -> bool:
        """Whether anything of an answer has come."""
        return self._read > 0

    def close(self) -> None:
        self.reusable = False
        if self._transport is not None:
            self._transport.abort()

    # What the transport calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        if self._parser is None or self._done is None or self._done.done():
            self.close()  # nobody asked
            return
        self._read += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._fail("what was answered is no HTTP")
            return
        if self._read > MOST_READ and not self._reply.whole:
            self._end() if self._reply.status else self._fail("the head of the answer is too long")
            self.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self.reusable = False
        if self._reply.status >= ONLY_SAYS_WAIT:
            self._end()  # its end says that the answer is whole, or what is missing does not matter
        else:
            self._fail("the connection was closed before an answer")

    # What the parser calls.

    def on_header(self, name: bytes, value: bytes) -> None:
        self._reply.headers.append((name, value))

    def on_headers_complete(self) -> None:
        assert self._parser is not None
        self._reply.status = self._parser.get_status_code()

    def on_body(self, body: bytes) -> None:
        if len(self._reply.body) < MOST_READ:
            self._reply.body += body

    def on_message_complete(self) -> None:
        assert self._parser is not None
        if self._reply.status < ONLY_SAYS_WAIT:
            self._reply = Reply()
            return
        self._reply.whole = True
        self.reusable = self._parser.should_keep_alive()
        self._end()
        if not self.reusable:
            self.close()

    def _end(self) -> None:
        if self._done is not None and not self._done.done():
            self._done.set_result(self._reply)

    def _fail(self, why: str) -> None:
        if self._done is not None and not self._done.done():
            self._done.set_exception(Broken(why))
        if self._transport is not None:
            self._transport.abort()
