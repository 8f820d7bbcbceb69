"""A whole system for the fault tests: started once, hurt many times, examined after each."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx

from deploy.embedded import System
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
        self.fresh = Fresh(system.foundation.postgres_url, system.names)
        self.fresh.anew()

    def place(self) -> Place:
        """Where its parts are, and which listeners its services say they have."""
        return Place(
            region=self.system.region,
            databases={name: self.system.database_url(name) for name in self.system.names},
            nats_url=self.system.foundation.nats_url,
            mail=self.system.data / "mail",
            listeners={name: self._listeners(name) for name in self.system.names},
        )

    def _listeners(self, service: str) -> Sequence[tuple[str, str]]:
        """From the status of every process of the service: each tells of the listeners that it runs."""
        found: set[tuple[str, str]] = set()
        for unit in self.system.units.values():
            if unit.service == service:
                status: dict[str, Any] = httpx.get(f"{self.system.unit_urls[unit.name]}/status").json()
                found |= {(each["name"], each["source"]) for each in status["projections"]}
        return sorted(found)

    async def examine(self) -> tuple[Evidence, list[Finding]]:
        """Wait until everything runs and is at rest; then what the checker and the rebuild find."""
        await asyncio.to_thread(self.system.wait_ready, seconds=60)
        place = self.place()
        await until_at_rest(place)
        evidence = await gather(place, self.journal)
        return evidence, [*check(evidence), *await self.fresh.compare(evidence)]


def whole_system(data: Path) -> System:
    """Every service that has a store, one of them split over three processes."""
    return System(data, only=SERVICES, parts=PARTS, ready_seconds=90)
