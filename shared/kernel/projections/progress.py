"""How a listener is: how far behind, since when, and whether it still moves."""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from shared.kernel.clock import Clock
from shared.kernel.projections.store_feed import Feed
from shared.kernel.projections.waiting import Reached

# A listener that has facts to apply and applies none for this long is frozen.
FROZEN_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Progress:
    """One listener and source. `lag_seconds` is the age of the oldest fact not applied."""

    name: str
    source: str
    position: int
    lag_facts: int
    lag_seconds: float
    parked: int
    ok: bool
    detail: str


class Watch:
    """Looks at one listener from time to time, and notices when it has stopped."""

    def __init__(
        self,
        name: str,
        source: str,
        feed: Feed,
        reached: Reached,
        clock: Clock,
        feed_alarm: Callable[[], str | None] = lambda: None,
    ) -> None:
        self.name, self.source = name, source
        self._feed, self._reached, self._clock = feed, reached, clock
        self._feed_alarm = feed_alarm
        self._head = 0
        self._lag_seconds = 0.0
        self._position = -1
        self._moved_at = monotonic()
        self._looked_at = 0.0
        self.alarm: str | None = "starting"

    async def look(self) -> None:
        """Ask the source how long it is and since when a fact waits. Raises what the feed raises."""
        position = self._reached.at(self.name, self.source).position
        head = await self._feed.head()
        waiting = await self._feed.recorded_at(position + 1) if head > position else None
        self._lag_seconds = max(0.0, (self._clock.now() - waiting).total_seconds()) if waiting else 0.0
        self._head = head
        self._looked_at = monotonic()
        self._note(position, self._looked_at)

    def _note(self, position: int, now: float) -> None:
        """Since when it stands still, although there is something to apply."""
        if position != self._position or position >= self._head:
            self._position, self._moved_at = position, now

    @property
    def state(self) -> Progress:
        """As of now; the head and the lag in seconds are as old as the last look."""
        now = monotonic()
        checkpoint = self._reached.at(self.name, self.source)
        lag = max(0, self._head - checkpoint.position)
        self._note(checkpoint.position, now)
        still = now - self._moved_at
        stale = now - self._looked_at
        alarm = self.alarm or self._feed_alarm()
        detail = alarm or f"at {checkpoint.position} of {self._head}"
        ok = alarm is None
        if ok and stale > FROZEN_SECONDS:
            ok, detail = False, f"the source has not answered for {stale:.0f} s"
        elif ok and still > FROZEN_SECONDS:
            ok, detail = False, f"no progress for {still:.0f} s with {lag} facts to apply"
        if checkpoint.parked:
            detail += f", {checkpoint.parked} parked"
        seconds = round(self._lag_seconds, 3) if lag else 0.0
        return Progress(
            self.name, self.source, checkpoint.position, lag, seconds, checkpoint.parked, ok, detail
        )
