"""A TCP line to a server that can be cut at the worst moment: after the server did it, before we hear of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit, urlunsplit


class CutLine:
    """Forwards bytes both ways. `lose_next_answer()` drops the next answer and the connection with it."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._armed = False
        self.cuts = 0

    def lose_next_answer(self) -> None:
        self._armed = True

    async def join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        back_reader, back_writer = await asyncio.open_connection(self._host, self._port)

        async def ask() -> None:
            while data := await reader.read(65536):
                back_writer.write(data)
                await back_writer.drain()

        async def answer() -> None:
            while data := await back_reader.read(65536):
                if self._armed:
                    self._armed = False
                    self.cuts += 1
                    return
                writer.write(data)
                await writer.drain()

        tasks = [asyncio.create_task(ask()), asyncio.create_task(answer())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            writer.close()
            back_writer.close()


@asynccontextmanager
async def cut_line(url: str) -> AsyncIterator[tuple[CutLine, str]]:
    """A line to the server of this URL, and the URL that goes through it."""
    parts = urlsplit(url)
    line = CutLine(parts.hostname or "127.0.0.1", parts.port or 5432)
    server = await asyncio.start_server(line.join, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    user = parts.netloc.rpartition("@")[0]
    try:
        yield line, urlunsplit(parts._replace(netloc=f"{user}@127.0.0.1:{port}"))
    finally:
        server.close()
