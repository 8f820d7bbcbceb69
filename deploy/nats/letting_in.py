"""An integrator on the server: durables made, accounts read again, tried until what was granted answers."""

import asyncio
import os
import signal
import time

import httpx
import nats
from nats.aio.client import Client
from nats.errors import NoRespondersError
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.errors import NotFoundError, ServiceUnavailableError

from deploy.nats.declaration import PROVISIONER, api_prefix, granted
from deploy.nats.house import write_accounts
from deploy.nats.permissions import Granted
from deploy.running import Running
from shared.kernel.bus.connection import connect
from shared.kernel.bus.provision import provision_stream
from shared.kernel.integrators import Integrator

MOST_UNDER_WAY = 500
"""Facts delivered to an integrator and not acknowledged."""
ACK_SECONDS = 30
LET_IN_SECONDS = 10.0
SILENT_MOST = 5
"""So often nobody answers before the server is told again."""


class NotLetIn(Exception):
    """The server was told and does not do it; the message says what to look at."""


async def let_in(running: Running, made: Integrator, seed: str) -> None:
    """Until they can connect. A server without users (given with --nats-url) is not ours to tell."""
    if not running.nats_seeds:
        return
    await _make_durables(running, granted(running.region, made))
    if await reload(running):
        await _enters(running, made, seed)


async def reload(running: Running) -> bool:
    """The server has read its accounts again; nobody else loses a connection, and none of the old keys lets in.

    False when the server was given by URL: then whoever runs it has to take over accounts.conf and reload it.
    """
    write_accounts(running.data, running.region)
    server = running.engines.get("nats")
    if server is None or server.pid is None:
        return False
    before, until = await _read_at(running), time.monotonic() + LET_IN_SECONDS
    os.kill(server.pid, signal.SIGHUP)
    while before and await _read_at(running) == before:
        if time.monotonic() > until:
            raise NotLetIn("the server does not read its accounts again; see nats.log")
        await asyncio.sleep(0.02)
    return True


async def _read_at(running: Running) -> str | None:
    """When the server read its configuration last."""
    if running.nats_monitor_url is None:
        return None
    async with httpx.AsyncClient(base_url=running.nats_monitor_url, timeout=5, trust_env=False) as client:
        return str((await client.get("/varz")).json()["config_load_time"])


async def _enters(running: Running, made: Integrator, seed: str) -> None:
    """Until they can connect, and what they were granted answers.

    Seen with nats-server 2.15: the first account that a server at work is told of finds nobody behind its imports,
    until the server reads its accounts once more.
    """

    async def unheard(error: Exception) -> None:
        """Being refused shows by being refused."""

    until, silent = time.monotonic() + LET_IN_SECONDS, 0
    first = granted(running.region, made)[0]
    while True:
        try:
            entered = await nats.connect(
                running.nats_url,
                name=made.name,
                nkeys_seed_str=seed,
                allow_reconnect=False,
                connect_timeout=2,
                error_cb=unheard,
            )
            try:
                theirs = entered.jetstream(prefix=api_prefix(running.region), timeout=2)
                await theirs.consumer_info(first.stream, first.durable)
            finally:
                await entered.close()
            return
        except Exception as refused:
            if time.monotonic() > until:
                why = f"the server does not let {made.name} in: {refused!r}; see nats.log"
                raise NotLetIn(why) from None
            if isinstance(refused, ServiceUnavailableError | NoRespondersError):
                silent += 1
                if silent % SILENT_MOST == 0:
                    await reload(running)
            await asyncio.sleep(0.05)


async def _make_durables(running: Running, grants: list[Granted]) -> None:
    """Made for them, so that reading takes nothing but a pull; they may make them anew at another place."""
    bus = await _provisioner(running)
    try:
        js = bus.jetstream(timeout=5)
        for service in sorted({grant.topic.split(".")[0] for grant in grants}):
            await provision_stream(js, running.region, service)
        await asyncio.gather(*(js.add_consumer(grant.stream, durable_config(grant)) for grant in grants))
    finally:
        await bus.close()


async def delete_durables(running: Running, grants: list[Granted]) -> None:
    """A server that reads its accounts again answers nobody for some milliseconds."""
    bus = await _provisioner(running)
    until = time.monotonic() + LET_IN_SECONDS
    try:
        js = bus.jetstream(timeout=5)
        while grants:
            try:
                await js.delete_consumer(grants[-1].stream, grants[-1].durable)
                grants.pop()
            except NotFoundError:
                grants.pop()
            except (ServiceUnavailableError, NoRespondersError):
                if time.monotonic() > until:
                    raise
                await asyncio.sleep(0.05)
    finally:
        await bus.close()


async def _provisioner(running: Running) -> Client:
    """Raises TimeoutError when the server is silent."""
    async with asyncio.timeout(LET_IN_SECONDS):
        return await connect(running.nats_url, PROVISIONER, running.nats_seeds[PROVISIONER])


def durable_config(grant: Granted) -> ConsumerConfig:
    """From the first fact on, each acknowledged by itself."""
    return ConsumerConfig(
        name=grant.durable,
        durable_name=grant.durable,
        filter_subject=grant.filter,
        deliver_policy=DeliverPolicy.ALL,
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=ACK_SECONDS,
        max_ack_pending=MOST_UNDER_WAY,
        max_deliver=-1,
    )
