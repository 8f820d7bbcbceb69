"""Reading one's own writes: a request can wait until the read model has reached a position."""

from collections.abc import Mapping
from typing import Any

from fastapi import Depends, Query, Request

from shared.kernel.problems import KNOWN, Problem
from shared.kernel.running import Running

PATIENCE_SECONDS = 10.0


class Seen:
    """Route dependency: `?after=<position>` or `?after=<service>:<position>` waits for these projections."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = frozenset(names)

    async def __call__(
        self,
        request: Request,
        after: str | None = Query(
            None, description="a position, or <service>:<position>, the answer must include"
        ),
    ) -> None:
        if after is not None:
            running: Running = request.app.state.running
            listening = {source: names & self.names for source, names in running.listeners.items()}
            await caught_up(running, listening, after)


def seen(*projections: str) -> Any:
    """Route dependency: let the caller wait until these projections have reached a position."""
    return Depends(Seen(projections))


async def caught_up(running: Running, listening: Mapping[str, frozenset[str]], after: str) -> None:
    """Wait until every name that listens to the source has reached the position(s) `after` tells.

    Several may be told, separated by commas. Raises Problem 422 for rubbish, 503 when it takes too long.
    """
    for part in after.split(","):
        source, _, position = part.strip().rpartition(":")
        if not position.isdecimal():
            wrong = {"field": "after", "detail": "a position such as 17, or <service>:<position>"}
            raise Problem(422, "invalid_request", f"after: {wrong['detail']}", errors=[wrong])
        source = source or running.service
        names = listening.get(source, frozenset())
        if not await running.waiter.seen(names, source, int(position), PATIENCE_SECONDS):
            raise Problem(503, "not_caught_up", KNOWN["not_caught_up"], headers={"Retry-After": "1"})
