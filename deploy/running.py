"""run.json: where a running system tells other programs its addresses; and the lock that keeps it alone."""

import fcntl
import os
from pathlib import Path
from typing import IO, Literal

import psutil
from pydantic import BaseModel, ConfigDict, ValidationError

from deploy.credentials import write_private

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_DATA = ROOT / ".alongside"
FILE = "run.json"
State = Literal["starting", "ready"]


class AlreadyRunning(Exception):
    """Another supervisor holds this data directory."""


class Process(BaseModel):
    """One process of the system; `url` is what its clients use, `database_url` its own (with password),
    and `signing_key` what it signs its facts with."""

    model_config = ConfigDict(frozen=True)
    url: str
    port: int
    pid: int | None = None
    database_url: str | None = None
    signing_key: str | None = None
    log: str


class Running(BaseModel):
    """A running system as its supervisor last described it; `nats_seeds` are who its tools are on the bus."""

    model_config = ConfigDict(frozen=True)
    state: State
    data: Path
    region: str
    supervisor: int
    supervisor_started: float
    postgres_url: str
    nats_url: str
    nats_monitor_url: str | None
    nats_seeds: dict[str, str] = {}
    smtp_url: str
    keyring_url: str
    epoch_keys: Path
    mail: Path | None
    services: dict[str, Process]
    engines: dict[str, Process]

    @property
    def urls(self) -> dict[str, str]:
        return {name: process.url for name, process in self.services.items()}

    def is_alive(self) -> bool:
        """False for what a killed supervisor left behind, even if its process id was given away since."""
        try:
            return abs(psutil.Process(self.supervisor).create_time() - self.supervisor_started) < 2
        except psutil.NoSuchProcess:
            return False


def write(running: Running) -> None:
    write_private(running.data / FILE, running.model_dump_json(indent=1))


def find(data: Path = DEFAULT_DATA) -> Running | None:
    """The system running on this data directory, or None."""
    try:
        found = Running.model_validate_json((data / FILE).read_bytes())
    except (OSError, ValidationError):
        return None
    return found if found.is_alive() else None


def lock(data: Path) -> IO[str]:
    """Takes the data directory until the file is closed or this process ends, however it ends."""
    file = (data / "lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as held:
        file.seek(0)
        holder = file.read().strip() or "unknown"
        file.close()
        raise AlreadyRunning(
            f"already running on {data} (process {holder}). Stop it there with Ctrl-C or name another --data."
        ) from held
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file
