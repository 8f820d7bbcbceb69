"""How a service process is: what `/status` shows and `/ready` judges."""

import asyncio
from dataclasses import asdict
from typing import Any

from prometheus_client import Gauge
from psycopg import Error
from psycopg_pool import PoolTimeout

from shared.kernel.bus.relay import Relay
from shared.kernel.due.loop import DueLoop, DueState
from shared.kernel.projections.followers import Followers
from shared.kernel.running import Running
from shared.kernel.service import Work

HEAD_SECONDS = 2.0
# A relay that has been behind for longer than this is not merely busy.
STALE_SECONDS = 15.0

_position = Gauge("alongside_store_position", "Position of the last fact in the store", ["service"])
_relay_lag = Gauge("alongside_relay_lag_facts", "Facts in the store that are not in the stream", ["service"])
_lag = Gauge(
    "alongside_follower_lag_facts", "Facts a listener has not applied", ["service", "name", "source"]
)
_lag_seconds = Gauge(
    "alongside_follower_lag_seconds", "Age of the oldest fact not applied", ["service", "name", "source"]
)
_parked = Gauge(
    "alongside_parked_facts",
    "Facts set aside because they could not be applied",
    ["service", "name", "source"],
)


class Parts:
    """The parts that this process runs, and how each is."""

    def __init__(self, running: Running, followers: Followers) -> None:
        self._running, self._followers = running, followers
        self.relay: Relay | None = None
        self.due: DueLoop | None = None
        self.works: dict[str, Work] = {}

    async def status(self) -> dict[str, Any]:
        """Ready only when every check is ok."""
        service = self._running.service
        checks: dict[str, dict[str, Any]] = {}
        head = await self._head(checks)
        followers = self._followers.states()
        for state in followers:
            labels = (service, state.name, state.source)
            _lag.labels(*labels).set(state.lag_facts)
            _lag_seconds.labels(*labels).set(state.lag_seconds)
            _parked.labels(*labels).set(state.parked)
            checks[f"{state.name}<{state.source}"] = {"ok": state.ok, "detail": state.detail}
        relay = self._relay_check(checks, head)
        bus = self._followers.heads.alarm
        checks["bus"] = {"ok": bus is None, "detail": bus or "every stream answers"}
        if self._running.sealer:
            ok, detail = await self._running.sealer.state()
            checks["keyring"] = {"ok": ok, "detail": detail}
        due = self._due()
        if due:
            checks["due"] = {"ok": due.ok, "detail": due.detail}
        for name, work in self.works.items():
            ok, detail = work.state
            checks[name] = {"ok": ok, "detail": detail}
        return {
            "service": service,
            "region": self._running.settings.region,
            "ready": all(check["ok"] for check in checks.values()),
            "checks": checks,
            "head": head,
            "relay": relay,
            "projections": [
                {key: value for key, value in asdict(state).items() if key not in ("ok", "detail")}
                for state in followers
            ],
            "due": {"waiting": due.waiting, "late_seconds": due.late_seconds} if due else None,
        }

    def _due(self) -> DueState | None:
        """None in a service where nothing falls due."""
        if self.due and self.due.leading:
            return self.due.state
        return self._followers.elsewhere.due if self._followers.fires_due else None

    async def _head(self, checks: dict[str, dict[str, Any]]) -> int:
        try:
            async with asyncio.timeout(HEAD_SECONDS):
                head = await self._running.store.head()
        except (TimeoutError, Error, PoolTimeout) as error:
            checks["store"] = {"ok": False, "detail": f"the event store does not answer: {error}".strip(": ")}
            return 0
        checks["store"] = {"ok": True, "detail": f"head at {head}"}
        _position.labels(self._running.service).set(head)
        return head

    def _relay_check(self, checks: dict[str, dict[str, Any]], head: int) -> dict[str, Any] | None:
        state = self.relay.state if self.relay else self._followers.elsewhere.relay
        if state is None:
            checks["relay"] = {"ok": False, "detail": "the stream has not answered"}
            return None
        lag = max(0, head - state.position)
        _relay_lag.labels(self._running.service).set(lag)
        stale = state.lag_seconds > STALE_SECONDS
        detail = state.error or (f"behind for {state.lag_seconds:.0f} s" if stale else f"at {state.position}")
        checks["relay"] = {"ok": state.error is None and not stale, "detail": detail}
        return {"position": state.position, "lag_facts": lag, "lag_seconds": round(state.lag_seconds, 3)}
