"""A service that hands out its facts: a store that tests write to, and its addresses on a port."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import create_async_engine

from services.assignments.main import service
from shared.contracts.fact import Fact, contract_of
from shared.kernel.app import build
from shared.kernel.envelope import Origin, encode
from shared.kernel.facts.listeners import Listeners
from shared.kernel.facts.pages import Pages
from shared.kernel.facts.routes import facts_routers
from shared.kernel.integrators import TOKEN_PREFIX, token_digest
from shared.kernel.projections.waiting import Reached
from shared.kernel.running import Running
from shared.kernel.sealing.batches import keys_to_seal
from shared.kernel.serving import Server
from shared.kernel.settings import Settings
from shared.kernel.store import Append, Store
from tests.support.engines import PostgresServer
from tests.support.reused import service_database
from tests.support.served import REGION, SEALS, SetClock

NOW = datetime(2026, 9, 7, 8, 0, tzinfo=UTC)
STAFF = {"Authorization": f"Bearer dev:operator:{REGION}:olu"}


class House:
    """The store, the application over it, and the register of integrators."""

    def __init__(self, store: Store, app: FastAPI, register: Path) -> None:
        self.store, self.app, self._register = store, app, register
        self._granted: dict[str, dict[str, Any]] = {}

    @property
    def listeners(self) -> Listeners:
        found: Listeners = self.app.state.fact_listeners
        return found

    async def record(self, *facts: Fact) -> int:
        """Write these, each to a stream of its own; the head afterwards."""
        keys = await keys_to_seal(SEALS, facts)
        origin = Origin(REGION, "assignments", "test", NOW, "test", "test")

        async def one(fact: Fact) -> int:
            stream = uuid4()
            state = encode(fact, origin, stream, 1, keys=keys)
            event = (contract_of(fact).topic, state)
            return (await self.store.append(Append(stream, 0, [event]))).position

        return max(await asyncio.gather(*[one(fact) for fact in facts]))

    def grant(self, name: str, *topics: str, token: str = "one") -> dict[str, str]:
        """Register an integrator, or take what it had; the header that says who it is."""
        secret = f"{TOKEN_PREFIX}{name}-{token}"
        self._granted[name] = {
            "name": name,
            "facts": list(topics),
            "regions": [REGION],
            "token_sha256": token_digest(secret),
            "added_at": NOW.isoformat(),
        }
        self._write()
        return {"Authorization": f"Bearer {secret}"}

    def revoke(self, name: str) -> None:
        del self._granted[name]
        self._write()

    def _write(self) -> None:
        new = self._register.with_suffix(".new")
        new.write_text(json.dumps({"integrators": list(self._granted.values())}))
        new.replace(self._register)

    def begin_again(self) -> None:
        """As after a restart: nothing is kept in memory."""
        self.app.state.fact_listeners = Listeners(Pages(self.store))


@pytest.fixture
def database_url(postgres: PostgresServer) -> Iterator[str]:
    """That of assignments, whose facts are of every kind: open, sealed, restricted."""
    with service_database(postgres, service) as url:
        yield url


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    register = tmp_path / "integrators.json"
    settings = Settings(
        database_url=SecretStr(database_url), region=REGION, profile="dev", integrators=register
    )
    engine = create_async_engine(database_url.replace("postgresql", "postgresql+psycopg", 1))
    routers = facts_routers("assignments")
    app = build("assignments", routers, lifespan=None, status=_status, refusals={}, large_bodies={})
    async with await Store.open(database_url) as store:
        # views are recorded here: to read the feed is none
        app.state.running = Running(
            "assignments", settings, store, SetClock(NOW), engine, Reached(), viewed=service.viewed
        )
        try:
            yield House(store, app, register)
        finally:
            await engine.dispose()


@pytest.fixture
async def client(house: House) -> AsyncIterator[httpx.AsyncClient]:
    """An operator who asks the application itself."""
    transport = httpx.ASGITransport(house.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://service", headers=STAFF) as found:
        yield found


@asynccontextmanager
async def serving(app: FastAPI, port: int = 0) -> AsyncIterator[tuple[str, Server]]:
    """The application on a port (any free one), since only there an answer arrives bit by bit."""
    config = uvicorn.Config(
        app, log_level="error", lifespan="off", ws="none", http="httptools", timeout_graceful_shutdown=2
    )
    server = Server(config, app)
    listener = socket.create_server(("127.0.0.1", port))
    # What the network holds of an answer is not what the process holds: kept small, so that little has to be sent.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16_384)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/assignments/facts", server
    finally:
        server.should_exit = True
        await task


async def _status() -> dict[str, Any]:
    return {"ready": True, "checks": {}}
