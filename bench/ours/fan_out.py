"""Integrators reading what they were granted, on a bus with their accounts, users and permissions."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import nats

from bench.child import Go, Job, Sample
from bench.limits.fan_out import folder, published, read
from deploy import ports
from deploy.credentials import write_private
from deploy.engines.nats import Nats
from deploy.nats import rendering, users
from deploy.nats.declaration import OPERATOR, api_prefix, durable_of
from deploy.processes import stop
from shared.kernel.bus.provision import provision_stream
from shared.kernel.envelope import stream_name
from shared.kernel.integrators import Integrator

REGION, TOPIC = "uk-london", "sessions.SessionApproved.v1"
SUBJECT = f"alongside.{REGION}.open.{TOPIC}"
STREAM = stream_name(REGION, "sessions")


async def fan_out(job: Job, go: Go) -> Sample:
    """From the first request until each of them has acknowledged each fact."""
    seeds = {f"i{number}": users.new_seed() for number in range(job.callers)}
    with server(folder(job), seeds) as (url, operator):
        house = await nats.connect(url, nkeys_seed_str=operator)
        await provision_stream(house.jetstream(), REGION, "sessions")
        await published(house, STREAM, f"{SUBJECT}.p00", job.count)
        clients = {name: await nats.connect(url, nkeys_seed_str=seed) for name, seed in seeds.items()}
        go()
        started = time.perf_counter()
        reading = (
            read(
                client.jetstream(prefix=api_prefix(REGION)),
                STREAM,
                durable_of(name, TOPIC),
                f"{SUBJECT}.>",
                job.count,
            )
            for name, client in clients.items()
        )
        await asyncio.gather(*reading)
        seconds = time.perf_counter() - started
        for client in (*clients.values(), house):
            await client.close()
    return Sample(count=job.count * job.callers, seconds=seconds)


@contextmanager
def server(data: Path, seeds: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The address of a bus that these integrators are on, and the operator's seed."""
    known = [
        Integrator(
            name, frozenset({TOPIC}), frozenset({REGION}), users.public_key(seed), None, datetime.now(UTC)
        )
        for name, seed in seeds.items()
    ]
    (data / "nats").mkdir(mode=0o700)
    text = rendering.accounts(users.declared(REGION, known), users.public_keys(data, REGION))
    write_private(data / "nats" / "accounts.conf", text)
    chosen = ports.free(["nats", "nats-monitor"])
    bus = Nats(data, chosen["nats"], chosen["nats-monitor"], "accounts.conf")
    try:
        bus.start()
        yield bus.url, users.seed_of(data, REGION, OPERATOR)
    finally:
        stop([bus.child], time.monotonic() + 5)
