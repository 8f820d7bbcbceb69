"""The HTTP server of a process, which lets go of those who listen before it waits for the rest."""

from collections.abc import Callable
from socket import socket

import uvicorn
from fastapi import FastAPI


def at_end(app: FastAPI, let_go: Callable[[], None]) -> None:
    """Call this when the process begins to end: what goes on for ever ends now, as if there was nothing more to say."""
    if not hasattr(app.state, "at_end"):
        app.state.at_end = []
    app.state.at_end.append(let_go)


class Server(uvicorn.Server):
    """Streams are told to end at once: else each would be waited for, and then be cut off in the middle."""

    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        super().__init__(config)
        self._app = app

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        for let_go in getattr(self._app.state, "at_end", ()):
            let_go()
        await super().shutdown(sockets)
