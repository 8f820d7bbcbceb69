"""Ways to hurt a running system: kill -9 of any process at once, or at a named point of its work."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random

from deploy.embedded import System

GLANCE = 0.02
RESTART_SECONDS = 30.0

_APPEND = ("append.before_commit", "append.after_commit")
_RELAY = ("relay.before_publish", "relay.after_publish", "relay.before_ack")
_PROJECTION = ("projection.before_commit", "projection.after_commit", "projection.before_ack")
_WHOLE = (*_APPEND, *_RELAY, *_PROJECTION, "feed.before_ack")

POINTS: Mapping[str, tuple[str, ...]] = {
    "assignments": _APPEND,
    "assignments.relay": _RELAY,
    "assignments.projector,due": (*_PROJECTION, "feed.before_ack"),
    "sessions": _WHOLE,
    "training": (*_WHOLE, "due.before_commit"),
    "notifications": _WHOLE,
    "audit": (*_PROJECTION, "feed.before_ack"),
}
"""The points that the load leads each process to."""

ENGINES = ("postgres", "nats")


def course(seed: int) -> list[tuple[str, str]]:
    """Every process with every point, in an order of the seed: each point comes once before any comes twice."""
    every = [(name, point) for name, points in POINTS.items() for point in points]
    Random(seed).shuffle(every)
    seen: Counter[str] = Counter()
    turns = []
    for name, point in every:
        seen[point] += 1
        turns.append((seen[point], name, point))
    return [(name, point) for _, name, point in sorted(turns, key=lambda turn: turn[0])]


@dataclass
class Injuries:
    """Kills processes and counts how often; `armed` are those that are yet to die at their point."""

    system: System
    kills: int = 0
    at_points: dict[str, int] = field(default_factory=dict)
    armed: dict[str, tuple[str, int]] = field(default_factory=dict)

    async def kill(self, name: str, point: str = "", visits: int = 1) -> None:
        """Kill it now; returns when it was started again, to die at its `visits`-th visit to `point`, if any."""
        self.notice()
        watched, child = self.system.watch.watched[name], self.system.process(name)
        plain, starts = dict(child.env), watched.starts
        if point:
            child.env = {**plain, "ALONGSIDE_FAULT": f"{point}:{visits}"}
        watched.failures = 0  # or every kill would make the next pause longer
        self.armed.pop(name, None)
        self.system.kill(name)
        self.kills += 1
        try:
            await until(lambda: watched.starts > starts and child.pid is not None, RESTART_SECONDS)
        finally:
            child.env = plain
        if point:
            self.armed[name] = (point, watched.starts)

    def notice(self) -> None:
        """Count those that have died at their point since the last look."""
        for name, (point, starts) in list(self.armed.items()):
            if self.system.watch.watched[name].starts > starts:
                self.at_points[point] = self.at_points.get(point, 0) + 1
                self.system.watch.watched[name].failures = 0
                del self.armed[name]

    async def until_struck(self, name: str, seconds: float) -> bool:
        """Whether it died at its point and was started again, within so many seconds."""
        await until(lambda: self._has_struck(name), seconds, must=False)
        return self._has_struck(name)

    def _has_struck(self, name: str) -> bool:
        self.notice()
        return name not in self.armed


async def until(true: Callable[[], object], seconds: float, must: bool = True) -> None:
    """Returns when it is so. After `seconds` it fails if it `must`, else returns all the same."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            assert not must, f"not so after {seconds} s"
            return
        await asyncio.sleep(GLANCE)
