"""The facts of a service as server-sent events: each as it comes, none left out after a break."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Annotated

from fastapi import Depends, Header, Query, Request
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from shared.kernel.auth import Actor
from shared.kernel.facts.listeners import Listeners, listeners
from shared.kernel.facts.pages import PAGE, Kept
from shared.kernel.facts.seeing import Types, Wanted, wanted
from shared.kernel.problems import Problem
from shared.kernel.running import Running
from shared.kernel.store import StoreUnavailable

HEARTBEAT_SECONDS = 15.0
AGAIN_MILLISECONDS = 3000
AT_ONCE_BYTES = 65_536
"""Written at a time, and all that is held for a client that does not read: the rest waits in the store."""


async def _start(
    last_event_id: Annotated[str | None, Header(description="the id of the last event you have")] = None,
    after: Annotated[
        int | None, Query(ge=0, le=2**62, description="the position you have; left out: only what is new")
    ] = None,
) -> tuple[str, int | None]:
    """From where on, and which field says so: a browser says by header what it has, after a break."""
    if not last_event_id:
        return "after", after
    if not last_event_id.isdecimal():
        told = {"field": "Last-Event-ID", "detail": "the id of an event that you have, which is a number"}
        raise Problem(422, "invalid_request", f"Last-Event-ID: {told['detail']}", errors=[told])
    return "Last-Event-ID", min(int(last_event_id), 2**62)


async def stream(
    request: Request, start: Annotated[tuple[str, int | None], Depends(_start)], types: Types = None
) -> StreamingResponse:
    """Facts as they come: `id` is the position, `event` the topic, `data` the stored CloudEvent.

    Say by `Last-Event-ID`, or `?after=`, what you have, and nothing is left out. A comment every 15 seconds keeps the
    line open; it carries the position reached, when what came since is not for you.
    """
    log, (field, after) = listeners(request), start
    wanted(request, types)
    at = await log.at_least(after or 0, field)
    leave = log.enter(request)  # refused here, while that can still be said
    return Events(_told(request, log, types, at if after is None else after), leave)


class Events(StreamingResponse):
    """Gives its place back however it ends: said to the end, broken off, or never begun.

    Not FastAPI's own way, which builds a model for each event and hands it through two queues: a piece here is many
    events, made of the stored bytes, and the next is read when this one was taken.
    """

    media_type = "text/event-stream"

    def __init__(self, content: AsyncIterator[bytes], leave: Callable[[], None]) -> None:
        super().__init__(content, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        self._leave = leave

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._leave()


async def _told(request: Request, log: Listeners, types: Types, position: int) -> AsyncIterator[bytes]:
    running: Running = request.app.state.running
    actor: Actor = request.state.actor
    token = _token(running, actor)
    yield b"retry: %d\nid: %d\n: %b after %d\n\n" % (
        AGAIN_MILLISECONDS, position, running.service.encode(), position,
    )  # fmt: skip
    told, head = position, 0
    while not log.pages.ended:
        if head <= position:
            head = await log.pages.beyond(position, HEARTBEAT_SECONDS)
            if head <= position:
                yield b": here\n\n" if told == position else b"id: %d\n: here\n\n" % position
                told = position
        try:
            asked = wanted(request, types)
            chunk, last, position = await _next(log, asked, position, head)
        except (Problem, StoreUnavailable):
            return  # what was granted is not any more, or the store is away: whoever comes again is told so
        if _token(running, actor) != token:
            return
        if chunk:
            told = last
            yield chunk
        else:
            await asyncio.sleep(0)  # a long stretch of what is not asked for must not hold up the others


def _token(running: Running, actor: Actor) -> str | None:
    found = running.integrators.find(actor.name) if actor.role == "integrator" else None
    return found.token_sha256 if found else None


async def _next(log: Listeners, asked: Wanted, position: int, head: int) -> tuple[bytes, int, int]:
    """What to write next, the position of the last fact in it, and the position that was looked up to."""
    facts = await log.pages.read(position, min(head, (position // PAGE + 1) * PAGE))
    chunk, last = bytearray(), position
    for fact in facts:
        if fact.topic in asked.topics:
            event = _event(fact)
            if chunk and len(chunk) + len(event) > AT_ONCE_BYTES:
                return bytes(chunk), last, position
            chunk += event
            last = fact.position
        position = fact.position
    return bytes(chunk), last, position


def _event(fact: Kept) -> bytes:
    state = fact.state.replace(b"\n", b"\ndata: ") if b"\n" in fact.state else fact.state
    return b"id: %d\nevent: %b\ndata: %b\n\n" % (fact.position, fact.topic.encode(), state)
