"""A whole agency in one process: its services on real databases, their facts carried by hand instead of the bus."""

from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

import httpx

from services.assignments.main import service as assignments
from services.sessions.main import service as sessions
from services.training.domain.certifications import GrantCertification
from services.training.domain.clearances import RecordClearance
from services.training.domain.compliance import compliance, compliance_of
from services.training.main import service as training
from shared.contracts.eligibility import CLEARANCES, TRACKS
from shared.contracts.fact import Contract, find_contract
from shared.kernel import envelope
from shared.kernel.projection import Issue
from shared.kernel.recorded import Recorded
from shared.kernel.sealing.batches import keys_to_open
from tests.support.engines import PostgresServer
from tests.support.reused import service_database
from tests.support.served import Served, served

SERVICES = (assignments, sessions, training)


@dataclass
class Town:
    """Services that hear of each other's facts as soon as they are recorded, and one clock for all."""

    services: Mapping[str, Served]
    _told: Counter[str] = field(default_factory=Counter)
    _seen: list[Recorded[Any]] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        return self.services["sessions"].clock.at

    async def command(self, service: str, path: str, body: object = None, **who: str) -> httpx.Response:
        """Send it, let everything that follows from it happen everywhere; a refusal is an answer, a fault is not."""
        answer = await self.services[service].command(path, body, **who)
        assert answer.status_code < 500, (path, body, answer.text)
        await self.settle()
        return answer

    async def done(self, service: str, path: str, body: object = None, **who: str) -> dict[str, Any]:
        """The same; it has to succeed."""
        answer = await self.command(service, path, body, **who)
        assert answer.is_success, (path, body, answer.text)
        found: dict[str, Any] = answer.json()
        return found

    async def settle(self) -> None:
        """Carry every service's new facts to the others, until there are no new ones."""
        while await self._carry():
            pass

    async def _carry(self) -> bool:
        carried = False
        for name, service in self.services.items():
            events = await service.running.store.read(self._told[name])
            if not events:
                continue
            carried, self._told[name] = True, events[-1].position
            keys = await keys_to_open(service.running.sealer, [event.state for event in events])
            for event in events:
                head = envelope.read(event.state)
                self._seen.append(envelope.recorded(head, _contract(head.type), event.position, keys))
            batch = [(event.position, event.state) for event in events]
            for other in self.services.values():
                if other is not service:
                    await other.follow(name, batch)
        return carried

    async def pass_time(self, until: datetime) -> None:
        """Let time pass: what falls due anywhere is done in the order of its times."""
        while True:
            due = [(at, name) for name, one in self.services.items() if (at := await one.next_due())]
            at, name = min(due, default=(until, ""))
            if at > until or not name:
                break
            self._move(max(at, self.now))
            await self.services[name].pass_time(self.now)
            await self.settle()
        self._move(until)

    def _move(self, to: datetime) -> None:
        for service in self.services.values():
            service.clock.at = max(service.clock.at, to)

    @property
    def history(self) -> list[Recorded[Any]]:
        """Every fact in the order in which it was carried."""
        return self._seen

    async def parked(self) -> int:
        return sum([await service.parked() for service in self.services.values()])

    async def qualify(self, mentor_id: UUID, on: date, months: int) -> None:
        """Training sees all that is required: the tracks count for so many months."""
        issuer, stream = self.services["training"].issuer, compliance_of(mentor_id)
        commands: list[Any] = [
            RecordClearance(mentor_id, kind, on, None, None, "7", on)  # type: ignore[arg-type]
            for kind in CLEARANCES
        ]
        for track in TRACKS:
            number = uuid5(mentor_id, f"{track} {on}")
            valid = None if track == "induction" else min(months, 12)
            commands.append(
                GrantCertification(number, mentor_id, track, uuid5(number, "enrolment"), on, valid, on)  # type: ignore[arg-type]
            )
        for nth, command in enumerate(commands):
            key = f"{mentor_id} {on} {nth}"
            issue = Issue(compliance, stream, command)
            await issuer.issue(issue, actor="trainer:tom", key=key, correlation_id=key, causation_id=key)
        await self.services["training"].settle()
        await self.settle()


def _contract(topic: str) -> Contract:
    contract = find_contract(topic)
    assert contract is not None, topic
    return contract


@asynccontextmanager
async def town(postgres: PostgresServer, at: datetime) -> AsyncIterator[Town]:
    """An agency on which nothing is recorded yet."""
    async with AsyncExitStack() as stack:
        found = {}
        for service in SERVICES:
            url = stack.enter_context(service_database(postgres, service))
            found[service.name] = await stack.enter_async_context(served(service, url, at))
        yield Town(found)
