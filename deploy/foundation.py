"""What the services stand on: database, bus and mail, each started here or given by URL."""

import socket
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from deploy import databases
from deploy.credentials import password
from deploy.engines.nats import Nats, greeting
from deploy.engines.postgres import EngineFailed, Postgres
from deploy.nats.house import ACCOUNTS, HouseBus
from deploy.ports import HOST
from deploy.processes import TAG, Child
from deploy.supervision import Watch


@dataclass(frozen=True)
class Given:
    """Servers that are there already; None means we start our own."""

    postgres_url: str | None = None
    nats_url: str | None = None
    smtp_url: str | None = None


class Foundation:
    """The servers, ours being watched like every other child."""

    def __init__(
        self, data: Path, ports: Mapping[str, int], given: Given, region: str, services: Sequence[str]
    ) -> None:
        self.bus, self.services = HouseBus(data, region), services
        self.mail_folder = data / "mail" if given.smtp_url is None else None
        self.postgres = (
            None if given.postgres_url else Postgres(data, ports["postgres"], password(data, "postgres"))
        )
        self.nats = None if given.nats_url else Nats(data, ports["nats"], ports["nats-monitor"], ACCOUNTS)
        self.mail = None if given.smtp_url else mail_child(data, ports["mail"])
        self.postgres_url = given.postgres_url or (self.postgres.url if self.postgres else "")
        self.nats_url = given.nats_url or (self.nats.url if self.nats else "")
        self.smtp_url = given.smtp_url or f"smtp://{HOST}:{ports['mail']}"
        self.mail_port = ports["mail"]

    @property
    def children(self) -> list[Child]:
        ours = [
            self.postgres.child if self.postgres else None,
            self.nats.child if self.nats else None,
            self.mail,
        ]
        return [child for child in ours if child is not None]

    def start(self, watch: Watch) -> None:
        """Starts ours all at once and returns when all answer; raises EngineFailed or UnfitServer."""
        steps: list[Callable[[], None]] = [self.check_postgres, self.check_nats]
        if self.postgres:
            watch.add(self.postgres.child, self.postgres.spawn)
            self.postgres.make_cluster()
        if self.nats:
            watch.add(self.nats.child, self.nats.spawn)
            self.nats.configure()
            self.bus.write_accounts()
        if self.mail:
            watch.add(self.mail)
            steps.append(self.check_mail)
        for child in self.children:
            watch.start(child.name)
        with ThreadPoolExecutor(len(steps)) as pool:
            for done in [pool.submit(step) for step in steps]:
                done.result()

    def check_postgres(self) -> None:
        if self.postgres:
            self.postgres.wait_ready()
        try:
            with psycopg.connect(self.postgres_url, autocommit=True, connect_timeout=5) as admin:
                databases.assert_fit(admin)
                if self.postgres:
                    for shared in ("postgres", "template1"):
                        databases.close_to_everyone(admin, shared)
        except psycopg.OperationalError as silent:
            raise EngineFailed(f"no PostgreSQL answers at the URL given: {silent}") from silent

    def check_nats(self) -> None:
        if self.nats:
            self.nats.wait_ready()
        at = urlsplit(self.nats_url)
        said = greeting(at.hostname or HOST, at.port or 4222)
        if not said:
            raise EngineFailed(f"no NATS answers at {at.hostname}:{at.port}")
        release = tuple(int(part) for part in str(said.get("version", "0.0")).split("-")[0].split(".")[:2])
        if release < (2, 14) or not said.get("jetstream"):
            raise databases.UnfitServer(
                f"NATS {said.get('version')} at {at.hostname}:{at.port} lacks JetStream or is older than 2.14"
            )
        self.bus.has_users = bool(said.get("auth_required"))
        self.bus.provision(self.nats_url, self.services)

    def check_mail(self) -> None:
        until = time.monotonic() + 20
        while time.monotonic() < until:
            try:
                socket.create_connection((HOST, self.mail_port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.03)
        raise EngineFailed(f"the mail sink is silent:\n{self.mail.last_words() if self.mail else ''}")


def mail_child(data: Path, port: int) -> Child:
    """The mail sink as a child; it keeps messages in `data/mail`."""
    command = [sys.executable, "-P", "-m", "deploy.mailbox", str(data / "mail"), str(port)]
    return Child("mail", command, log=data / "logs" / "mail.log", env={TAG: str(data)})
