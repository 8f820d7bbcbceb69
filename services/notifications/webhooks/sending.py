"""One attempt: a signed POST, and what came back. Nothing is followed, little is read, everything ends in time."""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from time import perf_counter
from typing import Literal, TypeAlias
from urllib.parse import urlsplit
from uuid import UUID

import httpcore

from services.notifications.webhooks.addresses import Forbidden, Rule
from services.notifications.webhooks.connecting import OutOfBounds, Pinned, Resolve, resolve
from services.notifications.webhooks.domain.signing import signature

CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 15.0
EACH_AT_ONCE = 16
"""Requests under way at a time to one endpoint."""
IDLE_SECONDS = 20.0
MOST_READ = 64 * 1024
"""Bytes of an answer after which the connection is given up; fewer are read to its end, to use it again."""
MOST_KEPT = 2000
"""Bytes of an answer that the log keeps, and characters of its headers."""
MEDIA_TYPE = "application/cloudevents+json"
AGENT = "Alongside-Webhooks/1"
_NOT_KEPT = {"set-cookie", "authorization", "proxy-authorization", "www-authenticate"}

Verdict: TypeAlias = Literal["taken", "gone", "later", "not_taken"]


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent: the stored bytes, under an id that is the same for each attempt."""

    url: str
    event_id: UUID
    attempt: int
    body: bytes
    secrets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an attempt. Without a `status` there was no answer, and `error` says why."""

    sent: Mapping[str, str]
    took_ms: int
    status: int | None = None
    headers: Mapping[str, str] | None = None
    body: str | None = None
    error: str | None = None
    wished: timedelta | None = None

    @property
    def verdict(self) -> Verdict:
        """2xx: taken. 410: gone for good. 429 and 503: ask later. All else, also a redirect: not taken."""
        match self.status:
            case int(status) if 200 <= status < 300:
                return "taken"
            case 410:
                return "gone"
            case 429 | 503:
                return "later"
            case _:
                return "not_taken"


class Line:
    """The connections to one endpoint, kept open between requests."""

    def __init__(self, rule: Rule, tls: ssl.SSLContext, resolve: Resolve = resolve) -> None:
        self._rule = rule
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls,
            max_connections=EACH_AT_ONCE,
            max_keepalive_connections=EACH_AT_ONCE,
            keepalive_expiry=IDLE_SECONDS,
            network_backend=Pinned(rule, resolve),
        )

    async def close(self) -> None:
        await self._pool.aclose()

    async def send(self, request: Request) -> Answer:
        """Never raises but when cancelled: what went wrong is an answer too."""
        headers = headers_of(request)
        began = perf_counter()
        status: int | None = None
        error: str | None = None
        answered: dict[str, str] | None = None
        body = b""
        try:
            self._rule.check_url(request.url)
            async with asyncio.timeout(ANSWER_SECONDS):
                async with self._pool.stream(
                    "POST", request.url, headers=list(headers.items()), content=request.body,
                    extensions={"timeout": {"connect": CONNECT_SECONDS, "pool": ANSWER_SECONDS}},
                ) as response:  # fmt: skip
                    status, answered = response.status, _told(response.headers)
                    async for chunk in response.aiter_stream():
                        body += chunk
                        if len(body) > MOST_READ:
                            break
        except Forbidden as forbidden:
            error = f"refused: {forbidden}"
        except OutOfBounds as refused:
            error = f"refused: {refused}"
        except (TimeoutError, httpcore.TimeoutException):
            error = f"no answer within {ANSWER_SECONDS:.0f} s"
        except (httpcore.NetworkError, httpcore.ProtocolError, ssl.SSLError, OSError) as failed:
            error = _said(failed)
        took = round((perf_counter() - began) * 1000)
        # An answer that began counts, whatever became of its end: the receiver has decided.
        wished = _wished(answered or {}, datetime.now(UTC)) if status in (429, 503) else None
        kept = body[:MOST_KEPT].decode(errors="replace").replace("\0", "") if status else None
        return Answer(headers, took, status, answered, kept, error if status is None else None, wished)


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
    context = httpcore.default_ssl_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _told(headers: list[tuple[bytes, bytes]]) -> dict[str, str]:
    found: dict[str, str] = {}
    left = MOST_KEPT
    for name, value in headers:
        key, said = name.decode("latin-1").lower(), value.decode("latin-1").replace("\0", "")
        if key in _NOT_KEPT:
            continue
        left -= len(key) + len(said)
        if left < 0:
            break
        found[key] = said
    return found


def _wished(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Retry-After in either of its forms; None when there is none that can be read."""
    said = headers.get("retry-after", "").strip()
    if said.isdecimal():
        return timedelta(seconds=min(int(said[:9]), 10**8))
    try:
        return max(parsedate_to_datetime(said).astimezone(UTC) - now, timedelta()) if said else None
    except (ValueError, TypeError):
        return None


def _said(failed: Exception) -> str:
    """What went wrong in a line, without our own addresses."""
    cause = failed.__cause__ or failed.__context__ or failed
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"the certificate is not good: {cause.verify_message}"
    if isinstance(cause, ssl.SSLError) or isinstance(failed, ssl.SSLError):
        return "no TLS could be agreed on"
    if isinstance(failed, httpcore.ConnectError):
        return "nobody answers there" if not str(failed).startswith("the name") else str(failed)
    return f"the connection broke: {type(failed).__name__}"
