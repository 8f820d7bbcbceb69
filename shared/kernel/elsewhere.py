"""What the other processes of a service do, as its database tells: so that no process says ready for a dead part."""

import asyncio
from time import monotonic

import structlog
from psycopg import AsyncConnection, OperationalError

from shared.kernel.bus.heads import Heads, NotAnswered
from shared.kernel.bus.leadership import led
from shared.kernel.bus.relay import RelayState
from shared.kernel.clock import Clock
from shared.kernel.due import rows
from shared.kernel.due.loop import LATE_SECONDS, DueState

LOOK_SECONDS = 1.0
PROJECTOR, DUE = "projector", "due"
# A part that ended is taken over, or started again, within this time; or else it is missed.
GRACE_SECONDS = 5.0

log = structlog.get_logger(__name__)


class Elsewhere:
    """Looks at who leads each part, how far the service's facts are in its stream, and how late due times are."""

    def __init__(self, database_url: str, service: str, heads: Heads, clock: Clock) -> None:
        self._url, self._service, self._heads, self._clock = database_url, service, heads, clock
        self._relay = f"relay:{service}"
        self._position: int | None = None
        self._head = 0
        self._still_since: float | None = None
        self._led_at: dict[str, float] = {}
        self._looked_at: float | None = None
        self._waiting = 0
        self._overdue_since: float | None = None

    def missing(self, part: str) -> str | None:
        """Why a part can't be at work: no process leads it. None when one does, or nothing is known lately."""
        now = monotonic()
        if self._looked_at is None:
            return "not known yet"
        if now - self._looked_at > GRACE_SECONDS:
            return None  # the database does not answer, and the check of the store says so
        led_at = self._led_at.get(part)
        if led_at is None:
            return "no process of this service does it"
        gone = self._looked_at - led_at
        return f"no process of this service has done it for {gone:.0f} s" if gone > GRACE_SECONDS else None

    @property
    def due(self) -> DueState:
        """How due times are, which another process fires."""
        late = 0.0 if self._overdue_since is None else monotonic() - self._overdue_since
        missing = self.missing(DUE)
        detail = missing or (
            f"{self._waiting} waiting, fired by another process"
            if late <= LATE_SECONDS
            else f"the first of {self._waiting} waiting is {late:.0f} s late"
        )
        return DueState(self._waiting, round(late, 3), missing is None and late <= LATE_SECONDS, detail)

    @property
    def relay(self) -> RelayState | None:
        """How far another process has relayed, and for how long it stands still; None when not known yet."""
        if self._position is None:
            return None
        still = 0.0 if self._still_since is None else monotonic() - self._still_since
        lag = max(0, self._head - self._position)
        return RelayState(self._position, lag, still, False, self.missing(self._relay))

    async def run(self) -> None:
        """Look for ever; through a lost connection too."""
        while True:
            try:
                async with await AsyncConnection.connect(
                    self._url, autocommit=True, application_name="alongside elsewhere"
                ) as connection:
                    while True:
                        await self._look(connection)
                        await asyncio.sleep(LOOK_SECONDS)
            except OperationalError as error:
                log.warning("other processes not seen", error=str(error).strip())
            await asyncio.sleep(LOOK_SECONDS)

    async def _look(self, connection: AsyncConnection) -> None:
        found = await led(connection, (self._relay, PROJECTOR, DUE))
        self._waiting, earliest = await rows.outlook(connection)
        self._looked_at = monotonic()
        self._led_at |= dict.fromkeys(found, self._looked_at)
        await self._look_at_relay(connection)
        if earliest is None or earliest > self._clock.now():
            self._overdue_since = None
        elif self._overdue_since is None:
            self._overdue_since = self._looked_at

    async def _look_at_relay(self, connection: AsyncConnection) -> None:
        cursor = await connection.execute("SELECT position FROM store_head", prepare=True)
        row = await cursor.fetchone()
        try:
            position = self._heads.last(self._service)
        except NotAnswered:
            return  # the check of the bus says so
        self._head = row[0] if row else 0
        if self._head <= position:
            self._still_since = None
        elif self._still_since is None or position != self._position:
            self._still_since = monotonic()
        self._position = position
