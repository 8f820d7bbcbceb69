"""One attempt: a signed POST, and what came back. Nothing is followed, little is read, everything ends in time."""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from time import perf_counter
from urllib.parse import urlsplit
from uuid import UUID

import certifi

from services.notifications.webhooks.addresses import Forbidden, Rule
from services.notifications.webhooks.answer import MOST_KEPT, Answer, told, wished_for
from services.notifications.webhooks.connecting import Dial, Resolve, connect, dial, resolve
from services.notifications.webhooks.domain.signing import signature
from services.notifications.webhooks.exchange import Broken, Exchange, Reply

ANSWER_SECONDS = 15.0
EACH_AT_ONCE = 16
"""Requests under way at a time to one endpoint."""
IDLE_SECONDS = 20.0
MEDIA_TYPE = "application/cloudevents+json"
AGENT = "Alongside-Webhooks/1"


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent: the stored bytes, under an id that is the same for each attempt."""

    url: str
    event_id: UUID
    attempt: int
    body: bytes
    secrets: tuple[str, ...]


class Line:
    """The connections to one endpoint, kept open between requests."""

    def __init__(
        self, rule: Rule, tls: ssl.SSLContext, resolve: Resolve = resolve, dial: Dial = dial
    ) -> None:
        self._rule, self._tls, self._resolve, self._dial = rule, tls, resolve, dial
        self._idle: list[tuple[float, Exchange]] = []

    async def close(self) -> None:
        for _, exchange in self._idle:
            exchange.close()
        self._idle.clear()

    def tidy(self) -> None:
        """Close what nobody has used for a while."""
        kept = [one for one in self._idle if perf_counter() - one[0] < IDLE_SECONDS]
        for since, exchange in self._idle:
            if (since, exchange) not in kept:
                exchange.close()
        self._idle = kept

    async def send(self, request: Request) -> Answer:
        """Never raises but when cancelled: what went wrong is an answer too."""
        headers = headers_of(request)
        began = perf_counter()
        error: str | None = None
        reply = Reply()
        try:
            self._rule.check_url(request.url)
            async with asyncio.timeout(ANSWER_SECONDS):
                reply = await self._ask(request.url, _written(request, headers))
        except Forbidden as forbidden:
            error = f"refused: {forbidden}"
        except TimeoutError:
            error = f"no answer within {ANSWER_SECONDS:.0f} s"
        except Broken as broken:
            error = str(broken)
        except ssl.SSLCertVerificationError as unfit:
            error = f"the certificate is not good: {unfit.verify_message}"
        except ssl.SSLError:
            error = "no TLS could be agreed on"
        took = round((perf_counter() - began) * 1000)
        if error is not None:
            return Answer(headers, took, error=error)
        answered = told(reply.headers)
        wished = wished_for(answered, datetime.now(UTC)) if reply.status in (429, 503) else None
        kept = bytes(reply.body[:MOST_KEPT]).decode(errors="replace").replace("\0", "")
        return Answer(headers, took, reply.status, answered, kept, None, wished)

    async def _ask(self, url: str, written: bytes) -> Reply:
        """On a connection that is open, or on a new one; also when the open one turns out to be closed."""
        while self._idle:
            since, exchange = self._idle.pop()
            if exchange.reusable and perf_counter() - since < IDLE_SECONDS:
                try:
                    return await self._on(exchange, written)
                except Broken:
                    if exchange.began:
                        raise
                    continue  # it was closed while it was idle: nothing of this was taken
            exchange.close()
        parts = urlsplit(url)
        tls = self._tls if parts.scheme == "https" else None
        port = parts.port or (443 if tls else 80)
        fresh = await connect(
            self._rule, parts.hostname or "", port, tls, resolve=self._resolve, dial=self._dial
        )
        return await self._on(fresh, written)

    async def _on(self, exchange: Exchange, written: bytes) -> Reply:
        reply = await exchange.ask(written)
        if exchange.reusable and len(self._idle) < EACH_AT_ONCE:
            self._idle.append((perf_counter(), exchange))
        else:
            exchange.close()
        return reply


def _written(request: Request, headers: Mapping[str, str]) -> bytes:
    parts = urlsplit(request.url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST {path} HTTP/1.1\r\n{lines}\r\n".encode("ascii") + request.body


def headers_of(request: Request) -> dict[str, str]:
    """What goes with the bytes. The time is the machine's: receivers refuse what is minutes off."""
    now = datetime.now(UTC)
    return {
        "host": urlsplit(request.url).netloc,
        "content-type": MEDIA_TYPE,
        "content-length": str(len(request.body)),
        "user-agent": AGENT,
        "accept": "*/*",
        "webhook-id": str(request.event_id),
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature(request.secrets, str(request.event_id), now, request.body),
        "alongside-attempt": str(request.attempt),
    }


def tls() -> ssl.SSLContext:
    """Certificates are checked, against the usual authorities."""
    context = ssl.create_default_context(cafile=certifi.where())
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
