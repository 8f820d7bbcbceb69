"""A running system with a ledger, and what an attacker, an auditor and an operator do with it."""

import asyncio
import io
import json
import signal
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import httpx
import psycopg
from nats.js import JetStreamContext
from typer.testing import CliRunner

from deploy.embedded import System
from services.audit.audit_verbs import audit
from services.audit.bundle.opening import Trusted, read_producers
from services.audit.bundle.report import Report
from services.audit.bundle.tampering.rows import Change, Databases
from services.audit.bundle.tampering.taking_apart import keys_in
from services.audit.bundle.verify import verify
from services.audit.ledger.formats.policy import Policy
from shared.kernel.bus.verbs import stream
from shared.kernel.envelope import stream_name
from shared.kernel.notekeys import COSIGNATURE
from tests.support.bus import bus_of
from tests.support.waiting import eventually

SERVICES = ("assignments", "audit")
SCHOOL = "2620a222-357a-55ee-8f38-ec39d7485ad8"
REGISTER = Path(__file__).resolve().parents[2] / "deploy" / "demo" / "schools.csv"

T = TypeVar("T")


class House:
    """Two services, their stores and streams, the ledger, its witness: all of it real."""

    def __init__(self, system: System) -> None:
        self.system, self.region = system, system.region
        self.databases = Databases(system.foundation.postgres_url)
        self.keys = keys_in(system.data)
        self.client = httpx.Client(timeout=30, trust_env=False)
        self.children: list[str] = []
        self._looking: dict[str, psycopg.Connection[tuple[Any, ...]]] = {}

    def begin(self, children: int) -> None:
        """Schools, and children whom they ask help for."""
        self.post("assignments", "/schools/import", role="operator", content=REGISTER.read_bytes())
        for _ in range(children):
            self.ask_for_help()
        self.settle()

    def ask_for_help(self, needs: str = "Help with speech.") -> str:
        """A school asks for a child: two facts. The child's id."""
        body = {"requester_kind": "school", "school_id": SCHOOL, "child_name": "Ada Hartley", "needs": needs}
        child: str = self.post("assignments", "/support-requests", role="school", json=body).json()[
            "child_id"
        ]
        self.children.append(child)
        return child

    def post(self, service: str, path: str, *, role: str, **sent: Any) -> httpx.Response:
        kind = "text/csv" if "content" in sent else "application/json"
        headers = {**self.as_(role), "Idempotency-Key": str(uuid4()), "Content-Type": kind}
        if head := self.head(service):
            headers["Alongside-After"] = str(head)
        answer = self.client.post(f"{self.system.urls[service]}{path}", headers=headers, **sent)
        assert answer.status_code < 300, answer.text
        return answer

    def get(self, path: str, *, role: str = "auditor", **query: Any) -> httpx.Response:
        """Of the audit service."""
        url = f"{self.system.urls['audit']}{path}"
        return self.client.get(url, headers=self.as_(role), params=query)

    def as_(self, role: str) -> dict[str, str]:
        name = "castlebeck" if role == "school" else "ann"
        return {"Authorization": f"Bearer dev:{role}:{self.region}:{name}"}

    def settle(self) -> int:
        """Everything recorded is in a witnessed tree; its size."""

        def reached() -> int:
            asked = "SELECT (SELECT max(size) FROM ledger_checkpoints), position FROM store_head"
            ((size, head),) = self.sql("audit", asked)
            return size if size == head + self.head("assignments") else 0

        return eventually(reached, 60)

    def head(self, service: str) -> int:
        return int(self.sql(service, "SELECT coalesce(max(position), 0) FROM store_head")[0][0])

    def published(self) -> int:
        return int(self.sql("audit", "SELECT coalesce(max(size), 0) FROM ledger_checkpoints")[0][0])

    def sql(self, service: str, query: str, *values: object) -> list[tuple[Any, ...]]:
        """As superuser."""
        for _ in range(2):
            if service not in self._looking or self._looking[service].closed:
                self._looking[service] = self.databases.connect(service)
            try:
                cursor = self._looking[service].execute(query.encode(), values)
                return cursor.fetchall() if cursor.description else []
            except psycopg.OperationalError:  # the database was exchanged for another
                self._looking[service].close()
        raise AssertionError(f"{service}'s database does not answer")

    def bundle(self, path: str = "region", role: str = "auditor", **query: Any) -> bytes:
        answer = self.get(f"/bundles/{path}", role=role, **query)
        assert answer.status_code == 200, answer.text
        return answer.content

    @property
    def trusted(self) -> Trusted:
        """What an auditor was told by other people than the operator."""
        policy = Policy.parse((self.system.data / "ledger" / "policy.txt").read_text())
        producers = [
            key.vkey() for name, key in self.keys.items() if key.kind != COSIGNATURE and name.count("/") == 1
        ]
        return Trusted(policy, read_producers("\n".join(producers)))

    def judged(self, bundle: bytes, pin: bytes | None = None) -> Report:
        trusted = self.trusted
        return verify(io.BytesIO(bundle), Trusted(trusted.policy, trusted.producers, pin))

    def found(self, bundle: bytes, pin: bytes | None = None) -> set[str]:
        return {finding.value for finding in self.judged(bundle, pin).counts}

    def noted(self, finding: str) -> list[Mapping[str, Any]]:
        """What the running ledger itself has found, of one kind."""
        found: list[Mapping[str, Any]] = self.get("/ledger/findings", finding=finding).json()["items"]
        return found

    @contextmanager
    def tampered(self, *changes: Change) -> Iterator[None]:
        """Rows are otherwise for as long as the block lasts."""
        self.databases.carry_out(changes)
        try:
            yield
        finally:
            self.databases.carry_out(change.undone for change in reversed(changes))

    def on_the_bus(self, act: Callable[[JetStreamContext], Awaitable[T]], who: str = "operator") -> T:
        """As somebody who has the key of this user; the operator's is worth most."""

        async def connected() -> T:
            connection = await bus_of(self.system, who)
            try:
                return await act(connection.jetstream())
            finally:
                await connection.close()

        return asyncio.run(connected())

    def stream(self) -> str:
        return stream_name(self.region, "assignments")

    @contextmanager
    def halted(self, unit: str) -> Iterator[None]:
        """This process does nothing for as long as the block lasts."""
        self.system.kill(unit, signal.SIGSTOP)
        try:
            yield
        finally:
            self.system.kill(unit, signal.SIGCONT)

    def backed_up(self, service: str) -> str:
        """A copy of a service's database as it is now; its name. The service is killed for it, and comes back."""
        name = f"alongside_{service}"
        self.system.kill(service)
        with self._admin() as admin:
            self._alone(admin, name)
            admin.execute(f"CREATE DATABASE {name}_backup TEMPLATE {name} OWNER {name}".encode())
        self._answers()
        return f"{name}_backup"

    def restore(self, service: str, backup: str) -> None:
        """The backup takes the place of the database, while the service is looking elsewhere."""
        name = f"alongside_{service}"
        with self.halted(service), self._admin() as admin:
            self._alone(admin, name)
            for one, to in ((name, f"{name}_lost"), (backup, name)):
                admin.execute(f"ALTER DATABASE {one} RENAME TO {to}".encode())
        self._answers()

    def _answers(self) -> None:
        """Until the service has connections again."""

        def answered() -> bool:
            try:
                return self.get("/ledger/checkpoint").status_code == 200
            except httpx.TransportError:
                return False  # it may end, and be started again

        eventually(answered, 60)

    def _admin(self) -> "psycopg.Connection[tuple[Any, ...]]":
        return psycopg.connect(self.system.foundation.postgres_url, autocommit=True)

    @staticmethod
    def _alone(admin: "psycopg.Connection[tuple[Any, ...]]", name: str) -> None:
        """Nobody is in the database any more; the service is in no state to come back."""
        admin.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", [name]
        )

    def reconciled(self) -> list[Mapping[str, Any]]:
        """What `audit reconcile` finds."""
        ran = CliRunner().invoke(audit, ["reconcile", "--data", str(self.system.data), "--json"])
        told: Mapping[str, Any] = json.loads(ran.stdout)
        assert "findings" in told, told
        found: list[Mapping[str, Any]] = told["findings"]
        return found

    def repaired(self, *, replace: bool = False) -> None:
        """What `stream repair` does for assignments."""
        words = ["repair", "--service", "assignments", "--data", str(self.system.data), "--json"]
        ran = CliRunner().invoke(stream, [*words, *(["--replace"] if replace else [])])
        assert ran.exit_code == 0, ran.output + self.system.process("assignments.relay").last_words()
