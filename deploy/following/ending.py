"""Work that goes on until it is asked to stop."""

import asyncio
import signal
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

import typer

from deploy.following.house import Unanswered


def until_told(work: Coroutine[Any, Any, None]) -> None:
    """Run until it ends or a signal asks for it; exits with the code of a service that says no."""

    async def run() -> None:
        task = asyncio.ensure_future(work)
        loop = asyncio.get_running_loop()
        for ask in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(ask, task.cancel)
        with suppress(asyncio.CancelledError):
            await task

    try:
        asyncio.run(run())
    except Unanswered as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(refused.code) from None
