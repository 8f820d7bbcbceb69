"""One child process of ours: started in its own group, stopped in time, found again when orphaned."""

import os
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

# Every child carries the data directory in its environment, so that what a killed supervisor leaves is found
# without trusting a file that may not have been written.
TAG = "ALONGSIDE_SYSTEM"
LARGEST_LOG = 20_000_000


@dataclass
class Child:
    """A process and the way it is run; `stop_signal` asks it to end in good order."""

    name: str
    command: Sequence[str]
    log: Path
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: Path | None = None
    user: str | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    popen: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            # Its own group: Ctrl-C in the terminal reaches the supervisor alone, which stops things in order.
            self.popen = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.env},
                cwd=self.cwd,
                user=self.user,
                group=group_of(self.user),
                extra_groups=None if self.user is None else [],
                process_group=0,
            )

    @property
    def pid(self) -> int | None:
        return self.popen.pid if self.popen is not None and self.popen.poll() is None else None

    @property
    def exit_code(self) -> int | None:
        return self.popen.poll() if self.popen is not None else None

    def send(self, what: signal.Signals) -> None:
        if self.popen is not None and self.popen.poll() is None:
            self.popen.send_signal(what)

    def wait(self, seconds: float) -> bool:
        """True when it has ended within `seconds`."""
        if self.popen is None:
            return True
        try:
            self.popen.wait(max(seconds, 0.001))
        except subprocess.TimeoutExpired:
            return False
        return True

    def last_words(self, lines: int = 12) -> str:
        """End of its log, for a message about a failed start."""
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").rstrip().splitlines()[-lines:])


def group_of(user: str | None) -> int | None:
    import pwd

    return None if user is None else pwd.getpwnam(user).pw_gid


def stop(children: Iterable[Child], by: float) -> list[str]:
    """Asks all at once to end and kills what still runs at `by` (monotonic seconds); names of the killed."""
    asked = [child for child in children if child.pid is not None]
    for child in asked:
        child.send(child.stop_signal)
    killed = []
    for child in asked:
        if not child.wait(by - time.monotonic()):
            killed.append(child.name)
            child.send(signal.SIGKILL)
            child.wait(2)
    return killed


def leftovers(data: Path) -> list[psutil.Process]:
    """Running processes of an earlier supervisor of this data directory."""
    ours = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    pgdata = str(data / "postgres")
    found = []
    for process in psutil.process_iter(["pid", "name"]):
        if process.pid in ours:
            continue
        try:
            if process.info["name"] == "postgres":
                # PostgreSQL writes its title over its environment, but always works in its data directory.
                belongs = process.cwd() == pgdata
            else:
                belongs = process.environ().get(TAG) == str(data)
        except (psutil.Error, OSError):
            continue
        if belongs:
            found.append(process)
    return found


def stop_leftovers(data: Path) -> int:
    """Ends what a killed supervisor left running, services first, engines last; how many there were."""
    found = leftovers(data)
    engines = [process for process in found if process.info["name"] in ("postgres", "nats-server")]
    for wave in ([process for process in found if process not in engines], engines):
        for process in wave:
            # SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for its clients.
            ask = signal.SIGINT if process.info["name"] == "postgres" else signal.SIGTERM
            signal_if_there(process, ask)
        for process in wait_until_gone(wave, 3):
            signal_if_there(process, signal.SIGKILL)
        wait_until_gone(wave, 3)
    return len(found)


def wait_until_gone(processes: Iterable[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Those still running after `seconds`."""
    until, left = time.monotonic() + seconds, list(processes)
    while (left := [process for process in left if runs(process)]) and time.monotonic() < until:
        time.sleep(0.02)
    return left


def runs(process: psutil.Process) -> bool:
    """False also for a zombie: in a container nobody may ever collect an orphan that has ended."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def signal_if_there(process: psutil.Process, what: signal.Signals) -> None:
    try:
        process.send_signal(what)
    except psutil.NoSuchProcess:
        return
