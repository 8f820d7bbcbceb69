"""A whole system on one machine: engines, mail and services, supervised; for `up`, the demo and tests."""

import asyncio
import signal
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from deploy import databases, ports, readiness, running, services
from deploy.bringing_up import bring_up
from deploy.credentials import password
from deploy.description import described
from deploy.foundation import Foundation, Given
from deploy.nats.declaration import OPERATOR
from deploy.nats.house import INTEGRATORS
from deploy.processes import Child, stop
from deploy.readiness import NotReady
from deploy.readiness import Stopped as Stopped
from deploy.services import Unit
from deploy.supervision import Event, Watch

REGION = "uk-london"
# Ctrl-C must be over in 5 s: services have the first part of it, engines the rest, then they are killed.
SERVICES_STOP_SECONDS, ALL_STOP_SECONDS = 3.5, 4.7


class System:
    """Starts on entering and stops on leaving, with `with` or `async with`.

    `only` limits the services (default: all that are built); `chosen_ports` names ports, others are free;
    `parts` splits a service over processes: {"sessions": ["api,due", "relay"]} runs `sessions` and
    `sessions.relay`, each to be killed alone. `extra_env` adds settings to a service; `command` replaces
    how a process is started.
    Raises AlreadyRunning, PortTaken, EngineFailed, UnfitServer, NotReady or Stopped on starting.
    """

    foundation: Foundation
    watch: Watch

    def __init__(
        self,
        data: Path,
        *,
        only: Sequence[str] | None = None,
        chosen_ports: Mapping[str, int] | None = None,
        region: str = REGION,
        given: Given | None = None,
        parts: Mapping[str, Sequence[str]] | None = None,
        extra_env: Mapping[str, Mapping[str, str]] | None = None,
        command: Callable[[Unit], Sequence[str]] = services.command,
        say: Callable[[Event], None] = lambda event: None,
        ready_seconds: float = 60,
    ) -> None:
        self.data = data.resolve()
        self.names = tuple(only) if only is not None else tuple(filter(services.is_built, services.SERVICES))
        self.region, self.say, self.ready_seconds = region, say, ready_seconds
        self.given, self.extra_env, self.command = given or Given(), extra_env or {}, command
        self.units = {unit.name: unit for unit in services.units(self.names, parts or {})}
        self.ports = {**ports.free([*self.units, *ports.ENGINES]), **(chosen_ports or {})}
        self.unit_urls = {
            unit.name: services.url(unit.service, self.ports[unit.name]) for unit in self.units.values()
        }
        self.urls = {name: self.unit_urls[name] for name in self.names}
        self.state: running.State = "starting"
        self.asked_to_stop = threading.Event()
        self.lock: IO[str] | None = None

    def start(self) -> None:
        """Returns when everything is ready."""
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in ("logs", "mail", "nats"):  # personal data is in each of them
            (self.data / folder).mkdir(mode=0o700, exist_ok=True)
        self.lock = running.lock(self.data)
        self.watch = Watch(self.say, self.describe)
        try:
            bring_up(self)
            self.wait_ready(seconds=self.ready_seconds)
            self.state = "ready"
            self.describe()
        except BaseException:
            self.stop()
            raise

    def wait_ready(self, *names: str, seconds: float = 30) -> None:
        """Returns when the named processes (default: all) are ready; else raises NotReady or Stopped."""
        asked = {name: self.unit_urls[name] for name in names or self.units}
        left = readiness.wait(
            asked,
            seconds,
            self.asked_to_stop.is_set,
            lambda name: self.say(Event("ready", name, f"{name} is ready at {self.unit_urls[name]}")),
        )
        if self.asked_to_stop.is_set():
            raise Stopped
        if left:
            told = [f"{name}: {why}\n{self.process(name).last_words()}" for name, why in left.items()]
            raise NotReady(f"not ready after {seconds:.0f} s: " + "\n".join(told))

    def describe(self) -> None:
        """Writes run.json, for other programs to find this system."""
        running.write(described(self))

    def process(self, name: str) -> Child:
        """The child of that name: a service, `postgres`, `nats` or `mail`."""
        return self.watch.watched[name].child

    def knows(self, name: str) -> bool:
        """Whether that process has been started yet."""
        return name in self.watch.watched

    def database_url(self, name: str) -> str:
        """A service's own URL, with its role and password."""
        return databases.service_url(self.foundation.postgres_url, name, password(self.data, name))

    def keyring_url(self, name: str = databases.KEYRING) -> str:
        """The keyring as a service's role may enter it; without a name as its owner."""
        return databases.keyring_url(self.foundation.postgres_url, name, password(self.data, name))

    @property
    def epoch_keys(self) -> Path:
        """The directory with the keys that the keyring's keys are wrapped with: not in the database."""
        return self.data / "epochs"

    @property
    def integrators(self) -> Path:
        """The file with those outside who were granted facts; there may be none yet."""
        return self.data / INTEGRATORS

    def nats_seed(self, user: str = OPERATOR) -> str | None:
        """Who to be on the bus: `operator`, `auditor`, `sessions-relay`; None where the server has no users."""
        return self.foundation.bus.seed(user)

    def kill(self, name: str, what: signal.Signals = signal.SIGKILL) -> None:
        """Sends a signal; the watch starts the process again if that ends it."""
        self.process(name).send(what)

    def stop_one(self, name: str, seconds: float = 5) -> None:
        """Ends one process in good order, and it stays down."""
        stop([self.watch.leave(name)], time.monotonic() + seconds)

    def start_one(self, name: str) -> None:
        """Starts what `stop_one` ended; `wait_ready` tells when a service serves again."""
        self.watch.start(name)
        self.describe()

    def restart(self, name: str) -> None:
        self.stop_one(name)
        self.start_one(name)

    def stop(self) -> None:
        """Ends services, then engines, within 5 s; kills what does not end by itself. May be called twice."""
        if self.lock is None:
            return
        began = time.monotonic()
        self.watch.end()
        children = [one.child for one in self.watch.watched.values()]
        serving = [child for child in children if child.name in self.units]
        killed = stop(serving, began + SERVICES_STOP_SECONDS)
        killed += stop([child for child in children if child not in serving], began + ALL_STOP_SECONDS)
        if killed:
            self.say(Event("killed", "system", f"did not end in time and were killed: {', '.join(killed)}"))
        (self.data / running.FILE).unlink(missing_ok=True)
        self.lock.close()
        self.lock = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.stop()

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(self.start)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self.stop)
