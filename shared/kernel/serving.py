"""The HTTP server of a process, which lets go of those who listen before it waits for the rest."""

from socket import socket

import uvicorn
from fastapi import FastAPI

from shared.kernel.facts.listeners import let_go


class Server(uvicorn.Server):
    """Streams are told to end at once: else each would be waited for, and then be cut off in the middle."""

    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        super().__init__(config)
        self._app = app

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        let_go(self._app)
        await super().shutdown(sockets)
