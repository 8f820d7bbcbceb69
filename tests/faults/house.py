"""A whole system for the fault tests: started once, hurt many times, examined after each."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from deploy.embedded import System
from shared.kernel.sealing.reaching import KeyringAt
from tests.faults.checker import Evidence, Finding, Place, check, gather
from tests.faults.checker.journal import Command
from tests.faults.rebuilt import Fresh
from tests.faults.rest import until_at_rest

SERVICES = ("assignments", "sessions", "training", "notifications", "audit")
# One service with a process for each of its parts; the others have theirs together.
PARTS = {"assignments": ["api", "relay", "projector,due"]}


class House:
    """A running system, what its clients saw (`journal`), and what an examination finds."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.journal: list[Command] = []
        keyrings = {name: KeyringAt(system.keyring_url(name), system.epoch_keys) for name in system.names}
        self.fresh = Fresh(system.foundation.postgres_url, system.names, keyrings)
        self.fresh.anew()
        self.place = place_of(system)

    async def examine(self) -> tuple[Evidence, list[Finding]]:
        """Wait until everything runs and is at rest; then what the checker and the rebuild find."""
        await asyncio.to_thread(self.system.wait_ready, seconds=60)
        await until_at_rest(self.place)
        evidence = await gather(self.place, self.journal)
        return evidence, [*check(evidence), *await self.fresh.compare(evidence)]


def whole_system(data: Path) -> System:
    """Every service that has a store, one of them split over three processes."""
    return System(data, only=SERVICES, parts=PARTS, ready_seconds=90)


def place_of(system: System) -> Place:
    """Where a system's parts are, and which listeners its services say they have."""
    return Place(
        region=system.region,
        databases={name: system.database_url(name) for name in system.names},
        nats_url=system.foundation.nats_url,
        nats_seed=system.nats_seed(),
        mail=system.data / "mail",
        listeners={name: _listeners(system, name) for name in system.names},
    )


def status_of(system: System, unit: str) -> dict[str, Any]:
    """What a process says of itself."""
    with urlopen(f"{system.unit_urls[unit]}/status", timeout=10) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def _listeners(system: System, service: str) -> Sequence[tuple[str, str]]:
    """From the status of every process of the service: each tells of the listeners that it runs."""
    found: set[tuple[str, str]] = set()
    for unit in system.units.values():
        if unit.service == service:
            status = status_of(system, unit.name)
            found |= {(each["name"], each["source"]) for each in status["projections"]}
    return sorted(found)
