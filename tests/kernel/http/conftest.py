"""A service of kettles over HTTP on a real store, and a client that a coordinator holds."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from shared.kernel.app import build
from shared.kernel.clock import Clock
from shared.kernel.running import Running
from shared.kernel.settings import Settings
from shared.kernel.store import Store
from shared.kernel.store.store import create_tables
from tests.kernel.http.kettle import KettleSeen, router

TOKEN = {"Authorization": "Bearer dev:coordinator:uk-london:amira"}


class Reached:
    """A waiter for a read model that has reached position 5 of every source."""

    async def seen(self, names: Iterable[str], source: str, position: int, timeout: float) -> bool:
        return position <= 5


async def _ready() -> dict[str, Any]:
    return {"ready": False, "checks": {"relay": {"ok": False, "detail": "dead"}}, "head": 0}


@asynccontextmanager
async def kettles(database_url: str) -> AsyncIterator[FastAPI]:
    """The application as a process would run it, without the parts that follow facts."""
    create_tables(database_url)
    settings = Settings(database_url=SecretStr(database_url), region="uk-london", profile="dev")
    engine = create_async_engine(make_url(database_url).set(drivername="postgresql+psycopg"))
    app = build(
        "kettles",
        [router],
        lifespan=None,
        status=_ready,
        refusals={"no_water": "A kettle boils water."},
        large_bodies={"/kettles/large": 5_000_000},
    )
    async with await Store.open(database_url) as store:
        listeners = {"kettles": frozenset({"kettles"})}
        clock = Clock(database_url)
        app.state.running = Running(
            "kettles", settings, store, clock, engine, Reached(), listeners, KettleSeen
        )
        try:
            yield app
        finally:
            await engine.dispose()


class Client(httpx.AsyncClient):
    """Sends a fresh Idempotency-Key with each command, unless one is given."""

    async def command(
        self, path: str, body: object = None, key: str | None = None, **headers: str
    ) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.post(path, json=body, headers={"Idempotency-Key": key or str(uuid4()), **named})


@pytest.fixture
async def app(database_url: str) -> AsyncIterator[FastAPI]:
    async with kettles(database_url) as found:
        yield found


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[Client]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with Client(transport=transport, base_url="http://kettles/kettles", headers=TOKEN) as found:
        yield found
