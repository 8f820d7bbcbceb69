"""Integrators of a running house: written down, let in, given durables, shut out again."""

import asyncio
import fcntl
import json
import os
import re
import secrets
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import nats
from nats.errors import NoRespondersError
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.errors import NotFoundError, ServiceUnavailableError

from deploy.credentials import write_private
from deploy.nats.declaration import PROVISIONER, api_prefix, granted
from deploy.nats.house import INTEGRATORS, write_accounts
from deploy.nats.permissions import Granted
from deploy.nats.users import new_seed, public_key
from deploy.running import Running
from deploy.services import SERVICES
from shared.kernel.bus.connection import connect
from shared.kernel.bus.provision import provision_stream
from shared.kernel.integrators import TOKEN_PREFIX, Integrator, Integrators, resolve, token_digest

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MOST_UNDER_WAY = 500
"""Facts delivered to an integrator and not acknowledged."""
ACK_SECONDS = 30
LET_IN_SECONDS = 10.0
SILENT_MOST = 5
"""So often nobody answers before the server is told again."""


class NotRegistered(Exception):
    """It was not done; the message says why and what would work."""


@dataclass(frozen=True)
class Secrets:
    """Shown once and kept nowhere."""

    nkey_seed: str = field(repr=False)
    token: str = field(repr=False)


async def add(
    running: Running, name: str, wanted: list[str], region: str
) -> tuple[Integrator, Secrets, list[str]]:
    """A new integrator, let in at once; also what to warn of. Raises NotRegistered or NotGrantable."""
    if not NAME.fullmatch(name) or name in (*SERVICES, "house") or len(name) > 40:
        raise NotRegistered(f"{name!r}: a name is written with a-z, 0-9 and hyphens, and is no service's")
    if region != running.region:
        raise NotRegistered(f"this house serves {running.region}; facts of {region} are granted by theirs")
    topics, warnings = resolve(wanted)
    fresh = _secrets()
    with _changing(running.data) as known:
        if name in known:
            raise NotRegistered(f"{name} is there already: `integrator rotate`, or `remove` and add it again")
        made = Integrator(
            name,
            topics,
            frozenset({region}),
            public_key(fresh.nkey_seed),
            token_digest(fresh.token),
            datetime.now(UTC).replace(microsecond=0),
        )
        known[name] = made
    await _let_in(running, made, fresh)
    return made, fresh, warnings


async def rotate(running: Running, name: str) -> tuple[Integrator, Secrets]:
    """A new key and a new token; whoever is connected with the old key is put out at once."""
    fresh = _secrets()
    with _changing(running.data) as known:
        made = known[name] = replace(
            _known(known, name), nkey=public_key(fresh.nkey_seed), token_sha256=token_digest(fresh.token)
        )
    await _let_in(running, made, fresh)
    return made, fresh


async def remove(running: Running, name: str) -> Integrator:
    """Put out, and their durables deleted with where they were."""
    with _changing(running.data) as known:
        gone = _known(known, name)
        del known[name]
    if running.nats_seeds:
        await _reload(running)
        await _delete_durables(running, granted(running.region, gone))
    return gone


def _secrets() -> Secrets:
    return Secrets(new_seed(), TOKEN_PREFIX + secrets.token_urlsafe(32))


def _known(known: dict[str, Integrator], name: str) -> Integrator:
    if name not in known:
        raise NotRegistered(f"no integrator {name!r}; there are {', '.join(sorted(known)) or 'none'}")
    return known[name]


@contextmanager
def _changing(data: Path) -> Iterator[dict[str, Integrator]]:
    """By name; written when the block ends well. One change at a time, whoever makes it."""
    file = data / INTEGRATORS
    with (data / f"{INTEGRATORS}.lock").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        known = {one.name: one for one in Integrators(file).all()}
        yield known
        kept = [known[name].as_json() for name in sorted(known)]
        write_private(file, json.dumps({"integrators": kept}, indent=1) + "\n")


async def _let_in(running: Running, made: Integrator, fresh: Secrets) -> None:
    """Until they can connect. A server without users (given with --nats-url) is not ours to tell."""
    if not running.nats_seeds:
        return
    await _make_durables(running, granted(running.region, made))
    if await _reload(running):
        await _enters(running, made, fresh.nkey_seed)


async def _reload(running: Running) -> bool:
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
            raise NotRegistered("the server does not read its accounts again; see nats.log")
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
                raise NotRegistered(why) from None
            if isinstance(refused, ServiceUnavailableError | NoRespondersError):
                silent += 1
                if silent % SILENT_MOST == 0:
                    await _reload(running)
            await asyncio.sleep(0.05)


async def _make_durables(running: Running, grants: list[Granted]) -> None:
    """Made for them, so that reading takes nothing but a pull; they may make them anew at another place."""
    bus = await connect(running.nats_url, PROVISIONER, running.nats_seeds[PROVISIONER])
    try:
        js = bus.jetstream(timeout=5)
        for service in sorted({grant.topic.split(".")[0] for grant in grants}):
            await provision_stream(js, running.region, service)
        await asyncio.gather(*(js.add_consumer(grant.stream, durable_config(grant)) for grant in grants))
    finally:
        await bus.close()


async def _delete_durables(running: Running, grants: list[Granted]) -> None:
    """A server that reads its accounts again answers nobody for some milliseconds."""
    bus = await connect(running.nats_url, PROVISIONER, running.nats_seeds[PROVISIONER])
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
