"""Sends ready-made messages and matches JetStream's answers to them."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

LOOK_SECONDS = 0.25


class NotPublished(Exception):
    """JetStream refused, or could not be asked. `code` is the server's error code, 0 without one."""

    def __init__(self, why: str, code: int = 0) -> None:
        super().__init__(why)
        self.code = code


@dataclass(frozen=True, slots=True)
class Stored:
    """JetStream's promise: everything up to `sequence` of the stream is on disk."""

    stream: str
    sequence: int


class Ticket(NamedTuple):
    """Where the answer to a message will arrive, and the answer."""

    reply: str
    answer: "asyncio.Future[Stored]"


class Publisher:
    """Any number of messages under way on one connection, each with an answer that always comes to an end.

    The library's own `publish_async` never resolves when the server answers with an error.
    """

    def __init__(self, connection: Client) -> None:
        self._connection = connection
        self._inbox = connection.new_inbox()
        self._waiting: dict[str, asyncio.Future[Stored]] = {}
        self._count = 0
        self._reconnects = connection.stats["reconnects"]
        self._subscription: Subscription | None = None

    async def open(self) -> "Publisher":
        """Ready to publish until the connection is lost; then another publisher is needed."""
        self._subscription = await self._connection.subscribe(f"{self._inbox}.*", cb=self._answered)
        return self

    async def close(self) -> None:
        self.forget()
        if self._subscription and not self._connection.is_closed:
            await self._subscription.unsubscribe()

    def ticket(self) -> Ticket:
        self._count += 1
        reply = f"{self._inbox}.{self._count}"
        answer = self._waiting[reply] = asyncio.get_running_loop().create_future()
        answer.add_done_callback(_heard)  # also where nobody waits for it any more
        return Ticket(reply, answer)

    def forget(self) -> None:
        """Give up every answer still awaited; what was sent may arrive or not."""
        for answer in self._waiting.values():
            answer.cancel()
        self._waiting.clear()

    async def answer(self, ticket: Ticket, seconds: float) -> Stored:
        """What JetStream answers. Raises NotPublished when it refuses; and when the connection is lost or the
        time is over, though it may be stored then.
        """
        until = time.monotonic() + seconds
        while not ticket.answer.done():
            await asyncio.wait((ticket.answer,), timeout=LOOK_SECONDS)
            if self._is_cut():
                raise NotPublished("the connection to NATS is lost")
            if time.monotonic() > until:
                raise NotPublished(f"no answer from JetStream in {seconds:.0f} s")
        return ticket.answer.result()

    async def send(self, messages: bytes) -> None:
        """Hand protocol bytes to the connection. Raises NotPublished while it is down.

        Past the library's own `publish`, which encodes and checks message by message; its buffer, its
        flushing and its back-pressure (it waits when more than 2 MB are unsent) are used as they are. Bytes
        that it keeps across a reconnect do no harm: the sequence they expect is still the last, or refused.
        """
        if self._is_cut():
            raise NotPublished("the connection to NATS is lost")
        await self._connection._send_command(messages)
        await self._connection._flush_pending()

    def _is_cut(self) -> bool:
        """Whether what was sent may be lost: the connection is away, or it was and has come back since."""
        return not self._connection.is_connected or self._connection.stats["reconnects"] != self._reconnects

    async def _answered(self, message: Msg) -> None:
        answer = self._waiting.pop(message.subject, None)
        if answer is None or answer.done():
            return
        if message.headers and message.headers.get("Status") == "503":
            answer.set_exception(NotPublished("no stream takes this subject", 503))
            return
        content: Mapping[str, Any] = orjson.loads(message.data)
        if error := content.get("error"):
            answer.set_exception(NotPublished(error.get("description", ""), error.get("err_code", 0)))
        else:
            answer.set_result(Stored(content["stream"], content["seq"]))


def _heard(answer: "asyncio.Future[Stored]") -> None:
    if not answer.cancelled():
        answer.exception()
