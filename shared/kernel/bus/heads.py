"""How far streams go, asked again and again: so that every process of a service knows, whatever its parts."""

import asyncio
import time
from collections.abc import Iterable
from datetime import datetime

import structlog
from nats.errors import Error
from nats.js import JetStreamContext

from shared.kernel import envelope
from shared.kernel.bus.connection import connect
from shared.kernel.envelope import stream_name

LOOK_SECONDS = 1.0
ANSWER_SECONDS = 2.0
# A server that was started again answers within this time.
SILENT_SECONDS = 5.0

log = structlog.get_logger(__name__)


class NotAnswered(Exception):
    """The bus has not told how far this stream goes, or not lately; the message says why."""


class Heads:
    """The last positions of some services' streams in one region."""

    def __init__(
        self, nats_url: str, region: str, part: str, sources: Iterable[str], seed: str | None = None
    ) -> None:
        self._url, self._region, self._part, self._seed = nats_url, region, part, seed
        self._last: dict[str, int] = {}
        self._answered_at: dict[str, float] = {}
        self._error: dict[str, str] = dict.fromkeys(sources, "not asked yet")
        self._js: JetStreamContext | None = None

    @property
    def alarm(self) -> str | None:
        """What is wrong with the bus or with a stream; None when all of them answer."""
        for source in self._error:
            try:
                self.last(source)
            except NotAnswered as silent:
                return str(silent)
        return None

    def last(self, source: str) -> int:
        """The stream's last position, at most some seconds old. Raises NotAnswered."""
        answered = self._answered_at.get(source)
        if answered is None or time.monotonic() - answered > SILENT_SECONDS:
            since = "" if answered is None else f" for {time.monotonic() - answered:.0f} s"
            why = self._error[source] or "no answer"
            raise NotAnswered(f"stream {stream_name(self._region, source)} has not answered{since}: {why}")
        return self._last[source]

    async def recorded_at(self, source: str, position: int) -> datetime | None:
        """When the fact at this position was recorded; None when the stream can't be asked or lacks it."""
        if self._js is None:
            return None
        try:
            found = await self._js.get_msg(stream_name(self._region, source), seq=position)
            return envelope.read(found.data or b"").time
        except (Error, ValueError):
            return None

    async def run(self) -> None:
        """Ask for ever; what goes wrong shows in `alarm` and is tried again."""
        connection = await connect(self._url, self._part, self._seed)
        try:
            self._js = connection.jetstream(timeout=ANSWER_SECONDS)
            while True:
                await asyncio.gather(*(self._ask(self._js, source) for source in self._error))
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            self._js = None
            await connection.close()

    async def _ask(self, js: JetStreamContext, source: str) -> None:
        try:
            info = await js.stream_info(stream_name(self._region, source))
        except Exception as error:
            self._error[source] = str(error) or type(error).__name__
            return
        self._error[source], self._answered_at[source] = "", time.monotonic()
        self._last[source] = info.state.last_seq
