"""How far a feed is in its stream, and what is wrong with it if anything is."""

import time
from dataclasses import dataclass

import structlog
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

STUCK_SECONDS = 3.0

log = structlog.get_logger(__name__)


class Broken(Exception):
    """The feed can't go on as it is; the message says why. It starts again from the checkpoint."""


@dataclass(frozen=True, slots=True)
class FeedState:
    """What `/status` and `/ready` show. `position` is applied, `last` is the stream's end as last seen."""

    position: int
    last: int
    lag_facts: int
    lag_seconds: float
    alarm: str | None


class Progress:
    """The checkpoint against the end of the stream. `alarm` stays until facts flow or none are left."""

    def __init__(self, stream: str, source: str, durable: str) -> None:
        self.stream, self._source, self._durable = stream, source, durable
        self.checkpoint = self.last = 0
        self.applying = False
        self.alarm: str | None = "not started"
        self._oldest_at: float | None = None
        self._moved_at = 0.0

    @property
    def state(self) -> FeedState:
        """Lag is the stream's end minus the checkpoint, and the age of the oldest fact not applied."""
        lag = max(0, self.last - self.checkpoint)
        return FeedState(
            position=self.checkpoint,
            last=self.last,
            lag_facts=lag,
            lag_seconds=max(0.0, time.time() - self._oldest_at) if lag and self._oldest_at else 0.0,
            alarm=self.alarm,
        )

    def begin(self) -> None:
        """A delivery was asked for: what waits should arrive now."""
        self._moved_at = time.monotonic()
        self.clear()

    def applied(self, position: int) -> None:
        self.checkpoint, self.alarm = position, None

    def moved(self) -> None:
        self.applying, self._moved_at = False, time.monotonic()

    def clear(self) -> None:
        """No alarm when nothing is left to apply."""
        if self.checkpoint >= self.last:
            self._moved_at, self.alarm = time.monotonic(), None

    def is_stuck(self) -> bool:
        """Facts wait, nothing is being applied, and nothing has arrived for a while."""
        waiting = self.checkpoint < self.last and not self.applying
        return waiting and time.monotonic() - self._moved_at > STUCK_SECONDS

    def warn(self, text: str) -> None:
        if text != self.alarm:
            log.warning(
                "feed stopped", stream=self.stream, durable=self._durable, at=self.checkpoint, why=text
            )
        self.alarm = text

    async def look(self, js: JetStreamContext) -> None:
        """Where the stream ends, and since when a fact waits. Raises Broken if it ends too early."""
        try:
            self.last = (await js.stream_info(self.stream)).state.last_seq
        except NotFoundError:
            raise Broken(f"stream {self.stream} does not exist") from None
        if self.last < self.checkpoint:
            raise Broken(
                f"stream {self.stream} ends at {self.last}, but {self.checkpoint} of it are applied; "
                f"run `alongside stream repair --service {self._source}`"
            )
        self._oldest_at = None
        if self.last > self.checkpoint:
            found = await js.get_msg(self.stream, seq=self.checkpoint + 1)
            self._oldest_at = found.time.timestamp() if found.time else None
