"""One process of a service: prepares what it stands on, runs its parts, stops them cleanly."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Any

import structlog
import uvicorn
import uvloop
from fastapi import FastAPI
from nats.js import JetStreamContext
from psycopg import AsyncConnection
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

import shared.contracts.all  # noqa: F401  (a reader must know every contract)
from shared.kernel import app as http
from shared.kernel import durability, telemetry
from shared.kernel.bus.connection import UnfitServer, assert_settings, connect
from shared.kernel.bus.ending import end
from shared.kernel.bus.provision import provision_durable, provision_stream
from shared.kernel.bus.relay import Relay
from shared.kernel.clock import Clock
from shared.kernel.due.loop import DueLoop
from shared.kernel.erasure.fence import KeyringIsOlder, assert_not_older, refuse
from shared.kernel.erasure.forgetting import Forgetter
from shared.kernel.facts.routes import facts_routers
from shared.kernel.inside import Inside
from shared.kernel.migrations.migrate import migrate
from shared.kernel.projections.followers import Followers
from shared.kernel.projections.operations import operations_router
from shared.kernel.running import Running
from shared.kernel.sealing.reaching import keyring_of
from shared.kernel.sealing.sealer import Sealer
from shared.kernel.service import Service
from shared.kernel.serving import Server
from shared.kernel.settings import Settings
from shared.kernel.status import Parts
from shared.kernel.store import Store
from shared.kernel.store.store import create_tables

log = structlog.get_logger(__name__)

STOP_SECONDS = 3
KEEP_ALIVE_SECONDS = 75
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0


def prepare_database(service: Service, settings: Settings) -> None:
    """Bring the database to the newest schema; safe to repeat, and quick when there is nothing to do."""
    url = settings.database_url.get_secret_value()
    durability.assert_postgres(url)
    create_tables(url)
    migrate(url, service.migrations)


def prepare_bus(service: Service, settings: Settings) -> None:
    """Make the stream of this service, those it reads, and its durables; safe to repeat."""
    asyncio.run(_prepare_bus(service, settings))


async def _prepare_bus(service: Service, settings: Settings) -> None:
    provisioner, projector = settings.seed("provisioner"), settings.seed("projector")
    part = "provisioner" if provisioner else f"{service.name}-provision"
    connection = await connect(settings.nats_url, part, provisioner or projector)
    try:
        await assert_settings(connection, settings.nats_monitor_url)
        js = connection.jetstream()
        if projector and not provisioner:
            await _may_read(js, service, settings.region)
            return
        await provision_stream(js, settings.region, service.name)
        for listener in service.listeners:
            for source in listener.sources - {service.name}:
                await provision_stream(js, settings.region, source)
                await provision_durable(js, settings.region, source, f"{service.name}-{listener.name}")
    finally:
        await connection.close()


async def _may_read(js: JetStreamContext, service: Service, region: str) -> None:
    """Streams and durables were made by whoever deploys. Raises UnfitServer for one that this process may not use."""
    wanted = [
        (source, f"{service.name}-{listener.name}")
        for listener in service.listeners
        for source in listener.sources - {service.name}
    ]
    tried = await asyncio.gather(
        *(provision_durable(js, region, *each) for each in wanted), return_exceptions=True
    )
    for (_, durable), outcome in zip(wanted, tried, strict=True):
        if isinstance(outcome, TimeoutError):
            raise UnfitServer(
                f"the bus does not let this service use {durable}: after a new listener run"
                " `python -m deploy.nats.listening --write`, and deploy what it declares"
            )
        if isinstance(outcome, BaseException):
            raise outcome


def serve(service: Service, settings: Settings, parts: frozenset[str], prepare: bool) -> None:
    """Run until SIGTERM or SIGINT."""
    telemetry.configure(service.name, settings.log)
    try:
        uvloop.run(_serve(service, settings, parts, prepare))
    except KeyringIsOlder as why:
        refuse(why)


async def _serve(service: Service, settings: Settings, parts: frozenset[str], prepare: bool) -> None:
    if prepare:
        await asyncio.gather(
            asyncio.to_thread(prepare_database, service, settings), _prepare_bus(service, settings)
        )

    await _fenced(service, settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            app.state.running, app.state.parts = await _start(stack, service, settings, parts)
            yield

    async def status() -> dict[str, Any]:
        found: dict[str, Any] = await app.state.parts.status()
        return found

    app = http.build(
        service.name,
        (
            *((*service.routers, *facts_routers(service.name)) if "api" in parts else ()),
            operations_router(),
        ),
        lifespan=lifespan,
        status=status,
        refusals=service.refusals,
        large_bodies={f"/{service.name}{path}": most for path, most in service.large_bodies.items()},
    )
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        http="httptools",
        loop="none",
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=STOP_SECONDS,
        # Longer than clients keep an idle connection: else one is closed on a command that is on its way.
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
    )
    await Server(config, app).serve()


async def _fenced(service: Service, settings: Settings) -> None:
    """Nothing is served from a database, or with a keyring, that is older than an erasure."""
    keyring = keyring_of(settings)
    if keyring is None or service.forgotten is None:
        return
    url = settings.database_url.get_secret_value()
    sealer = Sealer(await keyring())
    try:
        await assert_not_older(Forgetter.within(Inside(service, url, Clock(url), sealer)), sealer.keyring)
    finally:
        await sealer.close()


async def _start(
    stack: AsyncExitStack, service: Service, settings: Settings, parts: frozenset[str]
) -> tuple[Running, Parts]:
    """Open what the process shares and start its parts; the stack closes them in reverse."""
    url = settings.database_url.get_secret_value()
    store = await stack.enter_async_context(await Store.open(url))
    clock = Clock(url)
    await clock.refresh()
    engine = create_async_engine(make_url(url).set(drivername="postgresql+psycopg"), pool_size=16)
    stack.push_async_callback(engine.dispose)
    keyring = keyring_of(settings)
    sealer = Sealer(await keyring()) if keyring else None
    if sealer:
        stack.push_async_callback(sealer.close)
        async with await AsyncConnection.connect(url, autocommit=True) as database:
            await sealer.erased.load(database)
        _keep(stack, "erased", partial(sealer.erased.watch, url))
    followers = Followers(service, settings, store, clock, sealer, keyring)
    running = Running(
        service.name,
        settings,
        store,
        clock,
        engine,
        followers,
        _listeners(service),
        service.viewed,
        sealer,
    )
    found = Parts(running, followers)
    _keep(stack, "followers", lambda: followers.run("projector" in parts))
    if "relay" in parts:
        connection = await connect(settings.nats_url, f"{service.name}-relay", settings.seed("relay"))
        stack.push_async_callback(connection.close)
        signing = settings.signing(service.name)
        found.relay = Relay(store, connection, settings.region, service.name, signing)
        _keep(stack, "relay", found.relay.run)
    if "due" in parts:
        found.due = DueLoop(service, settings, store, clock, sealer)
        _keep(stack, "due", found.due.run)
    for name, work in service.works.items() if "projector" in parts else ():
        found.works[name] = work(running)
        _keep(stack, name, found.works[name].run)
    log.info("started", parts=sorted(parts), region=settings.region, port=settings.port)
    return running, found


def _listeners(service: Service) -> dict[str, frozenset[str]]:
    """Source -> the names of everything in the service that listens to it."""
    found: dict[str, set[str]] = {}
    for listener in service.listeners:
        for source in listener.sources:
            found.setdefault(source, set()).add(listener.name)
    return {source: frozenset(names) for source, names in found.items()}


def _keep(stack: AsyncExitStack, name: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a part for as long as the process lives: one that fails says so and is begun again."""

    async def keep() -> None:
        pause = FIRST_PAUSE
        while True:
            began = asyncio.get_running_loop().time()
            try:
                await work()
            except Exception:
                log.exception("part failed", part=name)
            lasted = asyncio.get_running_loop().time() - began
            pause = FIRST_PAUSE if lasted > LONGEST_PAUSE else min(pause * 2, LONGEST_PAUSE)
            await asyncio.sleep(pause)

    task = asyncio.create_task(keep(), name=name)

    stack.push_async_callback(end, task)
