"""Streams and durables made at deploy time, by the one user who may."""

import asyncio
from collections.abc import Collection

from deploy.nats.declaration import PROVISIONER, Declaration
from shared.kernel.bus.connection import connect
from shared.kernel.bus.provision import provision_durable, provision_stream


def provision(url: str, seed: str, declared: Declaration, services: Collection[str]) -> None:
    """All that these services write to and read from; safe to repeat. Raises what NATS raises."""
    asyncio.run(_provision(url, seed, declared, services))


async def _provision(url: str, seed: str, declared: Declaration, services: Collection[str]) -> None:
    durables = [
        (source, durable) for source, durable in declared.durables if durable.split("-", 1)[0] in services
    ]
    streams = {*services, *(source for source, _ in durables)} & set(declared.streams)
    connection = await connect(url, PROVISIONER, seed)
    try:
        js = connection.jetstream(timeout=10)
        await asyncio.gather(*(provision_stream(js, declared.region, one) for one in sorted(streams)))
        await asyncio.gather(*(provision_durable(js, declared.region, *one) for one in durables))
    finally:
        await connection.close()
