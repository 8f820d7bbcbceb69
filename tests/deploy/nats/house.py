"""A server with the generated accounts and the streams of a region, and nothing else: no service runs."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nats
import psutil
from nats.aio.client import Client
from nats.js import JetStreamContext

from deploy import ports
from deploy.engines.nats import Nats
from deploy.nats import registering, users
from deploy.nats.declaration import HOUSE_USERS, api_prefix, durable_of
from deploy.nats.house import ACCOUNTS, HouseBus
from deploy.running import Process, Running
from deploy.services import SERVICES
from shared.kernel.bus.frames import POSITION
from shared.kernel.envelope import stream_name

REGION = "uk-london"
SESSIONS, ASSIGNMENTS = stream_name(REGION, "sessions"), stream_name(REGION, "assignments")
APPROVED, LOGGED, LOCKED = (f"sessions.Session{word}.v1" for word in ("Approved", "Logged", "Locked"))
MISSED = "sessions.SessionMissed.v1"
OVERDUE = "sessions.LogOverdue.v1"
PRIVACY = {OVERDUE: "open", APPROVED: "open", MISSED: "open", LOCKED: "open", LOGGED: "sealed"}
PREFIX = api_prefix(REGION)


@dataclass(frozen=True)
class Bus:
    """`keys` are the seeds of the integrators that were let in."""

    engine: Nats
    running: Running
    keys: dict[str, str]

    @asynccontextmanager
    async def as_(self, who: str, part: str | None = None) -> AsyncIterator["Line"]:
        """A connection as a user of the house, with a part's inboxes, or as an integrator."""
        seed = self.seed(who)
        inbox = "_INBOX" if who in self.keys else f"_INBOX.{part or who}"
        refused: list[str] = []

        async def hear(error: Exception) -> None:
            refused.append(str(error))

        client = await nats.connect(
            self.running.nats_url,
            nkeys_seed_str=seed,
            inbox_prefix=inbox,
            error_cb=hear,
            reconnect_time_wait=0,
            max_reconnect_attempts=100,
        )
        try:
            yield Line(client, refused)
        finally:
            await client.close()

    async def let_in(self, name: str, *facts: str) -> None:
        _, fresh, _ = await registering.add(self.running, name, list(facts), REGION)
        self.keys[name] = fresh.nkey_seed

    def seed(self, who: str) -> str:
        """Of an integrator that was let in, or of a user of the house."""
        return self.keys.get(who) or users.seed_of(self.running.data, REGION, who)

    async def publish(self, topic: str, count: int, start: int = 0, body: str | None = None) -> None:
        """Facts as their relay would, numbered in their data if no `body` is given."""
        service = topic.split(".")[0]
        async with self.as_(f"{service}-relay") as line:
            end = (await line.js.stream_info(stream_name(REGION, service))).state.last_seq
            for number in range(start, start + count):
                end += 1
                subject = f"alongside.{REGION}.{PRIVACY[topic]}.{topic}.p{number % 64:02d}"
                await line.js.publish(subject, (body or str(number)).encode(), headers={POSITION: str(end)})


@dataclass(frozen=True)
class Line:
    """A connection, and what the server has refused on it."""

    client: Client
    refused: list[str]

    @property
    def js(self) -> JetStreamContext:
        return self.client.jetstream(timeout=2)

    @property
    def theirs(self) -> JetStreamContext:
        """The API as an integrator reaches it."""
        return self.client.jetstream(prefix=PREFIX, timeout=2)

    async def may_publish(self, subject: str) -> bool:
        """Whether the server lets it pass; no stream takes it, since it expects to be far behind the end."""
        before = len(self.refused)
        headers = {"Nats-Expected-Last-Sequence": "1000000"}
        await self.client.publish(subject, b"not meant for anybody", headers=headers)
        return await self._unrefused(before)

    async def may_subscribe(self, subject: str) -> bool:
        before = len(self.refused)
        await self.client.subscribe(subject)
        return await self._unrefused(before)

    async def _unrefused(self, before: int) -> bool:
        """A refusal may come some moments behind the answer to the flush."""
        await self.client.flush()
        for _ in range(15):
            if len(self.refused) > before:
                return False
            await asyncio.sleep(0.01)
        return True

    async def answer(self, subject: str, body: object = b"", seconds: float = 1) -> dict[str, Any] | None:
        """What the server says to a request; None when nobody answers."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        try:
            found: dict[str, Any] = json.loads(
                (await self.client.request(subject, data, timeout=seconds)).data
            )
        except (nats.errors.TimeoutError, nats.errors.NoRespondersError):
            return None
        return found


def durable(integrator: str, topic: str) -> str:
    return durable_of(integrator, topic)


def asked(integrator: str, topic: str, **settings: Any) -> tuple[str, dict[str, Any]]:
    """A request to make an integrator's durable anew: its subject and its body, with other settings."""
    name = durable(integrator, topic)
    chosen = f"alongside.{REGION}.{PRIVACY[topic]}.{topic}.>"
    config = {"name": name, "durable_name": name, "filter_subject": chosen, "ack_policy": "explicit"}
    stream = stream_name(REGION, topic.split(".")[0])
    return (
        f"{PREFIX}.CONSUMER.CREATE.{stream}.{name}.{chosen}",
        {"stream_name": stream, "config": config | settings},
    )


@contextmanager
def bus_in(folder: Path) -> Iterator[Bus]:
    chosen = ports.free(["nats", "monitor"])
    engine = Nats(folder, chosen["nats"], chosen["monitor"], ACCOUNTS)
    house = HouseBus(folder, REGION)
    house.write_accounts()
    engine.start()
    house.has_users = True
    house.provision(engine.url, SERVICES)
    me = psutil.Process()
    running = Running(
        state="ready",
        data=folder,
        region=REGION,
        supervisor=me.pid,
        supervisor_started=me.create_time(),
        postgres_url="",
        nats_url=engine.url,
        nats_monitor_url=engine.monitor_url,
        nats_seeds={user: users.seed_of(folder, REGION, user) for user in HOUSE_USERS},
        smtp_url="",
        keyring_url="",
        epoch_keys=folder,
        mail=None,
        services={},
        engines={"nats": Process(url=engine.url, port=engine.port, pid=engine.child.pid, log="")},
    )
    yield Bus(engine, running, {})
