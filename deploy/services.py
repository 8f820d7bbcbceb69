"""The services of the house: the one list, and how each is started."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from deploy.ports import HOST

SERVICES = ("assignments", "sessions", "training", "notifications", "audit", "console")
WITHOUT_STORE = frozenset({"console"})


def is_built(name: str) -> bool:
    """Whether the service's front door is in this checkout."""
    try:
        return find_spec(f"services.{name}.main") is not None
    except ModuleNotFoundError:
        return False


def url(name: str, port: int) -> str:
    """Where a service answers: its own path prefix on its own port."""
    return f"http://{HOST}:{port}/{name}"


@dataclass(frozen=True)
class Unit:
    """One process of a service. The first of a service has its name; others follow when it has prepared."""

    name: str
    service: str
    parts: str | None = None

    @property
    def is_first(self) -> bool:
        return self.name == self.service


def units(names: Sequence[str], parts: Mapping[str, Sequence[str]]) -> list[Unit]:
    """A process for each service, or for each of the parts it is split into: `sessions`, `sessions.relay`."""
    found = []
    for name in names:
        split = parts.get(name, ())
        found.append(Unit(name, name, split[0] if split else None))
        found += [Unit(f"{name}.{other}", name, other) for other in split[1:]]
    return found


def command(unit: Unit) -> Sequence[str]:
    """Starts a process of a service; the first one migrates and provisions before it serves."""
    prepare = ["--prepare"] if unit.is_first else []
    chosen = [] if unit.parts is None else ["--parts", unit.parts]
    return [sys.executable, "-P", "-m", f"services.{unit.service}.main", "serve", *prepare, *chosen]


def environment(
    name: str,
    port: int,
    database_url: str | None,
    nats_url: str,
    nats_monitor_url: str | None,
    smtp_url: str,
    region: str,
    urls: Mapping[str, str],
    keyring_url: str | None = None,
    epoch_keys: Path | None = None,
    mailbox: Path | None = None,
    integrators: Path | None = None,
    nats_seed: str | None = None,
) -> dict[str, str]:
    """A service's settings. Secrets travel here, never on the command line, where others could read them."""
    found = {
        "ALONGSIDE_NATS_URL": nats_url,
        "ALONGSIDE_REGION": region,
        "ALONGSIDE_PROFILE": "dev",
        "ALONGSIDE_HOST": HOST,
        "ALONGSIDE_PORT": str(port),
        "ALONGSIDE_SMTP_URL": smtp_url,
        "ALONGSIDE_LOG": "json",
        "ALONGSIDE_SERVICE_URLS": json.dumps(dict(urls)),
    }
    if database_url is not None:
        found["ALONGSIDE_DATABASE_URL"] = database_url
    if keyring_url is not None:
        found["ALONGSIDE_KEYRING_URL"], found["ALONGSIDE_EPOCH_KEYS"] = keyring_url, str(epoch_keys)
    if mailbox is not None:
        found["ALONGSIDE_MAILBOX"] = str(mailbox)
    if nats_seed is not None:
        found["ALONGSIDE_NATS_SEED"] = nats_seed
    if integrators is not None:
        found["ALONGSIDE_INTEGRATORS"] = str(integrators)
    if nats_monitor_url is not None:
        found["ALONGSIDE_NATS_MONITOR_URL"] = nats_monitor_url
    return found
