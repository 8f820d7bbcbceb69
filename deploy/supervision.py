"""Watching children: one that ends unasked is started again, each time later, and that is said."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from deploy.processes import Child

FIRST_PAUSE, LONGEST_PAUSE = 0.25, 30.0
STEADY_AFTER = 30.0
GLANCE = 0.05


@dataclass(frozen=True)
class Event:
    """Something worth telling: `kind` for programs, `text` for people."""

    kind: str
    name: str
    text: str
    details: dict[str, Any] = field(default_factory=dict)


@dataclass
class Watched:
    """A child with what the watch knows of it; times are monotonic seconds."""

    child: Child
    start: Callable[[], None]
    wanted: bool = True
    failures: int = 0
    starts: int = 0
    started_at: float = 0.0
    again_at: float | None = None
    is_ready: Callable[[], bool] | None = None
    recovering: bool = False


class Watch:
    """Runs in a thread of its own from `begin` to `end`."""

    def __init__(self, say: Callable[[Event], None], changed: Callable[[], None]) -> None:
        self.say, self.changed = say, changed
        self.watched: dict[str, Watched] = {}
        self.guard = threading.RLock()
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.run, name="watch", daemon=True)

    def begin(self) -> None:
        self.thread.start()

    def end(self) -> None:
        self.ended.set()
        if self.thread.is_alive():
            self.thread.join()

    def add(
        self,
        child: Child,
        start: Callable[[], None] | None = None,
        is_ready: Callable[[], bool] | None = None,
    ) -> None:
        """Watches a child; `start` replaces its plain start, `is_ready` tells when it serves again."""
        with self.guard:
            self.watched[child.name] = Watched(child, start or child.start, is_ready=is_ready)

    def start(self, name: str) -> None:
        with self.guard:
            one = self.watched[name]
            one.wanted, one.again_at, one.started_at = True, None, time.monotonic()
            one.starts += 1
            one.start()

    def leave(self, name: str) -> Child:
        """The child may end from now on; the caller ends it."""
        with self.guard:
            one = self.watched[name]
            one.wanted, one.again_at = False, None
            return one.child

    def run(self) -> None:
        while not self.ended.wait(GLANCE):
            for name in list(self.watched):
                with self.guard:
                    self.look_after(name, self.watched[name])
                self.tell_recovery(name, self.watched[name])

    def look_after(self, name: str, one: Watched) -> None:
        now = time.monotonic()
        if not one.wanted or one.child.pid is not None or one.starts == 0:
            return
        if one.again_at is None:
            one.failures = 1 if now - one.started_at > STEADY_AFTER else one.failures + 1
            pause = min(FIRST_PAUSE * 2 ** (one.failures - 1), LONGEST_PAUSE)
            one.again_at = now + pause
            code = one.child.exit_code
            last = one.child.last_words(1).strip()[:200]
            text = (
                f"{name} ended ({meaning(code)}); starting it again in {pause:g} s. "
                f"Its log, {one.child.log}, ends: {last}"
            )
            self.say(Event("ended", name, text, {"exit_code": code, "again_in_seconds": pause}))
        elif now >= one.again_at:
            try:
                self.start(name)
            except Exception as failed:
                one.again_at = None  # counts as one more failure, with a longer pause
                self.say(Event("failed", name, f"{name} could not be started: {failed}"))
            else:
                one.recovering = one.is_ready is not None
                self.say(Event("restarted", name, f"{name} was started again", {"pid": one.child.pid}))
            self.changed()

    def tell_recovery(self, name: str, one: Watched) -> None:
        """Asks outside the guard: a slow answer must not hold up a stop."""
        if one.recovering and one.child.pid is not None and one.is_ready is not None and one.is_ready():
            one.recovering = False
            self.say(Event("ready", name, f"{name} is ready again"))


def meaning(code: int | None) -> str:
    return f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
