"""Ending a task for certain: the NATS library swallows a cancellation that meets it while it flushes."""

import asyncio
from typing import Any

AGAIN_SECONDS = 0.5


async def end(*tasks: "asyncio.Future[Any]") -> None:
    """Cancel until all have ended; what they answered or raised is left to whoever holds them.

    Goes on even if the caller itself is cancelled while it waits.
    """
    await asyncio.shield(asyncio.ensure_future(_end(tasks)))


async def _end(tasks: tuple["asyncio.Future[Any]", ...]) -> None:
    while waiting := [task for task in tasks if not task.done()]:
        for task in waiting:
            task.cancel()
        await asyncio.wait(waiting, timeout=AGAIN_SECONDS)
