"""The leader loop that fires what falls due: a command whose time comes from the row."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

import structlog
from psycopg import AsyncConnection

from shared.kernel import faults
from shared.kernel.bus.leadership import lead
from shared.kernel.clock import Clock
from shared.kernel.due import rows
from shared.kernel.projection import DueAction, DueRow
from shared.kernel.projections.failing import is_poison, told
from shared.kernel.projections.issuing import Issuer
from shared.kernel.sealing.sealer import Sealer
from shared.kernel.service import Service
from shared.kernel.settings import Settings
from shared.kernel.store import Store, StoreUnavailable, VersionConflict

# New rows and moves of the clock are found at the latest after this long, so nothing is a second late.
LOOK_SECONDS = 0.5
AT_ONCE = 100
RETRY_SECONDS = 30.0
LATE_SECONDS = 30.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class DueState:
    """`waiting` rows are open; `late_seconds` is for how long there has been one that should have been fired."""

    waiting: int
    late_seconds: float
    ok: bool
    detail: str


class DueLoop:
    """Fires each row once for each time it is set to, in order of time; in one process at a time."""

    def __init__(
        self,
        service: Service,
        settings: Settings,
        store: Store,
        clock: Clock,
        sealer: Sealer | None = None,
    ) -> None:
        self._actions: Mapping[str, DueAction] = service.due
        self._url = settings.database_url.get_secret_value()
        self._issuer = Issuer(store, clock, settings.region, service.name, sealer)
        self._clock = clock
        self._clock_may_jump = settings.profile == "dev"
        self._woken = asyncio.Event()
        self._again_at: dict[tuple[str, str, datetime], float] = {}
        self._overdue_since: float | None = None
        self.state = DueState(0, 0.0, True, "another process fires what falls due")
        self.leading = False

    def wake(self) -> None:
        """Look at once: the clock was moved."""
        self._woken.set()

    async def run(self) -> None:
        """Lead when nobody else does, for ever. Raises what PostgreSQL or the store raise."""
        await lead(self._url, "due", self._fire_all, self._leads)

    def _leads(self, leading: bool) -> None:
        self.leading = leading
        if not leading:
            self.state = DueState(0, 0.0, True, "another process fires what falls due")

    async def _fire_all(self) -> None:
        async with await AsyncConnection.connect(
            self._url, autocommit=True, application_name="alongside due"
        ) as connection:
            while True:
                if self._clock_may_jump:
                    await self._clock.refresh()
                more = await self._fire_due(connection)
                pause = 0.0 if more else await self._look(connection)
                try:
                    async with asyncio.timeout(pause):
                        await self._woken.wait()
                except TimeoutError:
                    pass
                self._woken.clear()

    async def _fire_due(self, connection: AsyncConnection) -> bool:
        """Fire what has fallen due; whether there may be more."""
        found = await rows.fallen_due(connection, self._clock.now(), AT_ONCE + len(self._again_at))
        now = monotonic()
        ready = [row for row in found if self._again_at.get((row.kind, row.key, row.due_at), 0.0) <= now]
        for row in ready:
            await self._fire(connection, row)
        return len(ready) >= AT_ONCE

    async def _fire(self, connection: AsyncConnection, row: DueRow) -> None:
        identity = (row.kind, row.key, row.due_at)
        if not await rows.still_open(connection, row):
            return
        name = f"due:{row.kind}:{row.key}:{row.due_at.isoformat()}"
        try:
            if row.kind not in self._actions:
                raise LookupError(f"this program knows no due action {row.kind!r}")
            outcome = await self._issuer.issue(
                self._actions[row.kind](row),
                actor=f"due:{row.kind}",
                key=name,
                correlation_id=str(row.payload.get("correlation_id", name)),
                causation_id=name,
            )
        except (StoreUnavailable, VersionConflict):
            raise
        except Exception as error:
            if not is_poison(error):
                raise
            log.exception("due action failed", kind=row.kind, key=row.key)
            await rows.failed(connection, row, told(error))
            self._again_at[identity] = monotonic() + RETRY_SECONDS
            return
        await faults.reach("due.before_commit")
        await rows.fired(connection, row, outcome, self._clock.now())
        self._again_at.pop(identity, None)
        log.info("due", kind=row.kind, key=row.key, due_at=row.due_at.isoformat(), outcome=outcome)

    async def _look(self, connection: AsyncConnection) -> float:
        """Note how things are; how long to wait for the next row, in seconds."""
        waiting, earliest = await rows.outlook(connection)
        away = (earliest - self._clock.now()).total_seconds() if earliest else LOOK_SECONDS
        # A row may be written for a time long past (evidence recorded late): it is late from when it was there.
        if away > 0:
            self._overdue_since = None
        elif self._overdue_since is None:
            self._overdue_since = monotonic()
        late = 0.0 if self._overdue_since is None else monotonic() - self._overdue_since
        ok = late <= LATE_SECONDS
        detail = f"{waiting} waiting" if ok else f"the first of {waiting} waiting is {late:.0f} s late"
        self.state = DueState(waiting, round(late, 3), ok, detail)
        return min(LOOK_SECONDS, away) if away > 0 else LOOK_SECONDS
