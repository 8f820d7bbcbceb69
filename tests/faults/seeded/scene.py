"""A few services, one of them with a deliberate bug, on engines that are there already."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from deploy.databases import KEYRING, name_of
from deploy.embedded import System
from deploy.foundation import Given
from deploy.services import Unit
from tests.faults.checker import Evidence, Finding, check, gather
from tests.faults.checker.journal import Command
from tests.faults.house import place_of, status_of
from tests.faults.injuries import until
from tests.faults.load.client import Client

BELIEVED_SECONDS = 30.0


class Scene:
    """The services, a client, and what the checker finds when they believe that all is done."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.journal: list[Command] = []
        self.client = Client(system.urls, system.region, self.journal)

    async def findings(self) -> list[Finding]:
        """Wait until every process says that it is done, then examine."""
        await until(self._believes, BELIEVED_SECONDS)
        return await self.findings_now()

    async def findings_now(self) -> list[Finding]:
        return check(await self.evidence())

    async def evidence(self) -> Evidence:
        return await gather(place_of(self.system), self.journal)

    def _believes(self) -> bool:
        """Whether relays and listeners say that they stand at the head of what they follow."""
        found = [status_of(self.system, name) for name in self.system.names]
        heads = {status["service"]: status["head"] for status in found}
        relays = all(status["relay"]["position"] == status["head"] for status in found)
        return relays and all(
            each["position"] == heads.get(each["source"], 0) or each["parked"]
            for status in found
            for each in status["projections"]
        )

    async def do(self, service: str, path: str, body: Any, **how: str) -> dict[str, Any]:
        """A command that has to succeed."""
        answer = await self.client.command(service, path, body, **how)
        assert answer is not None, self.journal[-1].attempts
        return answer


@contextmanager
def scene(
    bug: str, data: Path, region: str, given: Given, services: Sequence[str] = ("assignments",)
) -> Iterator[Scene]:
    """Services that all have the bug (where it concerns them), with empty databases."""

    def command(unit: Unit) -> Sequence[str]:
        return [sys.executable, "-P", "-m", "tests.faults.seeded", bug, unit.service, "serve", "--prepare"]

    assert given.postgres_url is not None
    forget(given.postgres_url, services)
    with System(data, only=services, region=region, given=given, command=command) as system:
        yield Scene(system)
    forget(given.postgres_url, services)


def forget(postgres_url: str, services: Sequence[str]) -> None:
    """Drop what an earlier scene left, its keyring too: that belongs to another directory of epoch keys."""
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        for service in (*services, KEYRING):
            name = sql.Identifier(name_of(service))
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
