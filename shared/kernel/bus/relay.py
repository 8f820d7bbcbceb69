"""The relay: carries a store's facts to the stream, each once, in order, byte for byte."""

import asyncio
import time
from dataclasses import dataclass

import structlog
from nats.aio.client import Client

from shared.kernel.bus.ending import end
from shared.kernel.bus.frames import Frames
from shared.kernel.bus.leadership import lead
from shared.kernel.bus.outflow import Outflow
from shared.kernel.bus.publisher import Publisher
from shared.kernel.bus.tail import read_tail
from shared.kernel.envelope import stream_name
from shared.kernel.signing import Signing
from shared.kernel.store import Store

WAIT_SECONDS = 1.0
SHORTEST_PAUSE, LONGEST_PAUSE = 0.05, 1.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RelayState:
    """What `/status` and `/ready` show. `position` is the last one known to be in the stream."""

    position: int
    lag_facts: int
    lag_seconds: float
    leading: bool
    error: str | None


class Relay:
    """One service's relay. Several may run; one leads. `connection` should be the relay's own.

    With `signing` each fact carries its producer's signature in a header.
    """

    def __init__(
        self, store: Store, connection: Client, region: str, service: str, signing: Signing | None = None
    ) -> None:
        self._store, self._connection, self._signing = store, connection, signing
        self._js = connection.jetstream(timeout=5)
        self._region, self._service = region, service
        self._position = self._head = 0
        self._behind_since: float | None = None
        self._leading = False
        self._error: str | None = None

    @property
    def state(self) -> RelayState:
        """Lag in facts, and for how many seconds there has been any."""
        since = self._behind_since
        return RelayState(
            position=self._position,
            lag_facts=max(0, self._head - self._position),
            lag_seconds=0.0 if since is None else time.monotonic() - since,
            leading=self._leading,
            error=self._error,
        )

    async def run(self) -> None:
        """Relay while leading, stand by while not; ends only by being cancelled."""
        watching = asyncio.create_task(self._stand_by(), name="relay standby")
        try:
            await lead(self._store.database_url, f"relay:{self._service}", self._carry, self._leads)
        finally:
            await end(watching)

    def _leads(self, leading: bool) -> None:
        self._leading = leading

    async def _stand_by(self) -> None:
        """Keeps the figures true where it doesn't lead, and the head where the leader can't publish."""
        while True:
            try:
                self._note(head=await self._store.head())
                if not self._leading:
                    self._note(position=await self._end_of_stream())
                    self._error = None
            except Exception as error:
                if not self._leading:
                    self._error = _words(error)
            await asyncio.sleep(WAIT_SECONDS)

    async def _carry(self) -> None:
        """Publish until cancelled; after any trouble abandon what is under way and begin at the tail."""
        pause = SHORTEST_PAUSE
        while True:
            before = self._position
            publisher = await Publisher(self._connection).open()
            try:
                await self._follow(publisher)
            except Exception as error:
                why = _words(error)
                if why != self._error:
                    log.warning("relay stopped", service=self._service, position=self._position, why=why)
                self._error = why
            finally:
                await publisher.close()
            pause = SHORTEST_PAUSE if self._position > before else min(pause * 2, LONGEST_PAUSE)
            await asyncio.sleep(pause)

    async def _follow(self, publisher: Publisher) -> None:
        tail = await read_tail(self._js, self._store, self._region, self._service)
        self._position = tail.position
        self._note(position=tail.position)
        log.info("relay goes on", service=self._service, position=tail.position)
        frames = Frames(self._region, self._service, tail.previous)
        outflow = Outflow(
            self._store, publisher, frames, tail, lambda at: self._note(position=at), self._signing
        )
        while True:
            head = await self._store.wait_beyond(self._position, WAIT_SECONDS)
            self._note(head=head)
            if head > self._position:
                await outflow.publish_until(head)
            elif await self._end_of_stream() != self._position:
                return  # somebody else was at the stream: look again at what is in it
            self._error = None

    async def _end_of_stream(self) -> int:
        stream = await self._js.stream_info(stream_name(self._region, self._service))
        return int(stream.state.last_seq)

    def _note(self, *, position: int | None = None, head: int | None = None) -> None:
        self._position = self._position if position is None else position
        self._head = max(self._head if head is None else head, self._position)
        if self._head <= self._position:
            self._behind_since = None
        elif self._behind_since is None:
            self._behind_since = time.monotonic()


def _words(error: Exception) -> str:
    return str(error) or type(error).__name__
