"""Waiting until the bus and every read model have the seeded facts."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from deploy.seed.place import Place

LOOK_SECONDS = 0.25
STUCK_SECONDS = 120.0


@dataclass(frozen=True)
class Progress:
    """How far the slowest is: `facts` still to be applied by all together, `parked`, and who lags most."""

    facts: int
    parked: int
    slowest: str
    relay: int


@dataclass(frozen=True)
class CaughtUp:
    """Seconds from the commit until the streams, and then the read models, had everything."""

    streams: float
    read_models: float
    parked: int


class Stuck(Exception):
    """A read model or the relay has not moved for a long time; the message says which."""


def catch_up(place: Place, heads: Mapping[str, int], moved: Callable[[Progress], None]) -> CaughtUp:
    """Returns when everything is applied. Raises Stuck."""
    began = changed = time.monotonic()
    streams = 0.0
    last: tuple[int, int] = (-1, -1)
    with httpx.Client(timeout=10, trust_env=False) as client:
        while True:
            found = look(client, place, heads)
            now = time.monotonic()
            moved(found)
            if not found.relay and not streams:
                streams = now - began
            if not found.relay and not found.facts:
                return CaughtUp(round(streams, 1), round(now - began, 1), found.parked)
            if (found.facts, found.relay) != last:
                last, changed = (found.facts, found.relay), now
            elif now - changed > STUCK_SECONDS:
                raise Stuck(f"nothing has moved for {STUCK_SECONDS:.0f} s: {found.slowest}")
            time.sleep(LOOK_SECONDS)


def look(client: httpx.Client, place: Place, heads: Mapping[str, int]) -> Progress:
    """How far everything is now. A service too busy to answer has not moved."""
    facts = parked = relay = worst = 0
    slowest = ""
    for service, url in place.urls.items():
        if service not in place.databases:
            continue
        status = _status(client, url)
        if status is None:
            return Progress(-1, 0, f"{service} does not answer", -1)
        position = status["relay"]["position"] if status["relay"] else 0
        relay += max(0, heads.get(service, 0) - position)
        for one in status["projections"]:
            left = max(0, heads.get(one["source"], 0) - one["position"])
            facts += left
            parked += one["parked"]
            if left > worst:
                worst, slowest = left, f"{service}/{one['name']}<{one['source']}"
    return Progress(facts, parked, slowest, relay)


def _status(client: httpx.Client, url: str) -> Any:
    try:
        answer = client.get(f"{url}/status")
        return answer.json() if answer.status_code == 200 else None
    except (httpx.HTTPError, ValueError):
        return None
