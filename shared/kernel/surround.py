"""Around every request: a correlation id, a limit on the body, a count. Plain ASGI, since it is hot."""

import re
from collections.abc import Mapping
from contextlib import suppress
from time import perf_counter
from typing import Any
from uuid import uuid4

import structlog
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.kernel import telemetry, viewing
from shared.kernel.problems import KNOWN, Problem, respond
from shared.kernel.store import StoreUnavailable

log = structlog.get_logger("http")

MOST_BODY = 1_000_000
SLOW_SECONDS = 1.0
_SECRET = re.compile(r"[A-Za-z0-9_-]{40,}")
"""What is longer than any id: an address that is a secret is not written down."""
_CORRELATION = re.compile(rb"[A-Za-z0-9._:-]{1,128}")


class Surround:
    """`large` names the paths that take a larger body, and how large (bytes)."""

    def __init__(self, app: ASGIApp, service: str, large: Mapping[str, int]) -> None:
        self.app, self.service, self.large = app, service, large

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status, withheld = perf_counter(), 500, False
        headers = dict(scope["headers"])
        given = headers.get(b"x-correlation-id", b"")
        correlation = given.decode() if _CORRELATION.fullmatch(given) else str(uuid4())
        scope.setdefault("state", {})["correlation_id"] = correlation

        async def reply(message: Message) -> None:
            nonlocal status, withheld
            if withheld:
                return
            if message["type"] == "http.response.start":
                status = message["status"]
                if status == 200 and (about := viewing.subjects(scope)) is not None:
                    try:
                        await viewing.record(scope, about)
                    except StoreUnavailable as unavailable:
                        # Nobody is shown what can't be put on record.
                        problem = Problem(503, "store_unavailable", str(unavailable))
                        await respond(problem, self.service)(scope, receive, reply)
                        withheld = True
                        return
                message["headers"] = [
                    *message.get("headers", ()),
                    (b"x-correlation-id", correlation.encode()),
                ]
            await send(message)

        most = self.large.get(scope["path"], MOST_BODY)
        # Each request is a task with a context of its own, so nothing has to be unbound.
        structlog.contextvars.bind_contextvars(correlation_id=correlation)
        try:
            length = headers.get(b"content-length", b"0")
            if not length.isdigit() or int(length) > most:
                await self._too_large(most)(scope, receive, reply)
            elif b"transfer-encoding" in headers:
                await self._counted(scope, receive, reply, most)
            else:
                await self.app(scope, receive, reply)
        finally:
            self._note(scope, status, perf_counter() - started)

    async def _counted(self, scope: Scope, receive: Receive, send: Send, most: int) -> None:
        got = 0

        async def counting() -> Message:
            nonlocal got
            message = await receive()
            got += len(message.get("body", b""))
            return {"type": "http.disconnect"} if got > most else message

        async def replying(message: Message) -> None:
            if got <= most:
                await send(message)

        with suppress(ClientDisconnect):
            await self.app(scope, counting, replying)
        if got > most:
            await self._too_large(most)(scope, receive, send)

    def _too_large(self, most: int) -> Any:
        problem = Problem(413, "too_large", f"{KNOWN['too_large']} The limit here is {most:,} bytes.")
        return respond(problem, self.service)

    def _note(self, scope: Scope, status: int, took: float) -> None:
        route = getattr(scope.get("route"), "path", "unknown")
        count, duration = telemetry.meters(self.service, scope["method"], route, status)
        count.inc()
        duration.observe(took)
        # What was done is in the store and how often in the counters; a line is for what somebody should look at.
        slow = took > SLOW_SECONDS and not scope["state"].get("waits")
        if status >= 400 or slow:
            path = _SECRET.sub("...", scope["path"])
            log.info("answered", method=scope["method"], path=path, status=status, ms=round(took * 1e3, 2))
