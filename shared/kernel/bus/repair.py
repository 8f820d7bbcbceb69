"""Making a stream what it must be: filled from the store, and only on request replaced."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from nats.aio.client import Client
from nats.js.errors import NotFoundError

from shared.kernel.bus.compare import Comparison
from shared.kernel.bus.ending import end
from shared.kernel.bus.provision import provision_stream
from shared.kernel.bus.relay import Relay
from shared.kernel.envelope import stream_name
from shared.kernel.signing import Signing
from shared.kernel.store import Store

LOOK_SECONDS = 0.05
PATIENCE_SECONDS = 10.0


class NotRepaired(Exception):
    """The stream could not be filled; the message says why."""


class WouldReplace(Exception):
    """The stream tells something else than the store. Nothing was done: that needs the word to replace it."""


async def repair(
    connection: Client,
    store: Store,
    region: str,
    service: str,
    found: Comparison,
    replace: bool = False,
    tell: Callable[[int], None] = lambda at: None,
    signing: Signing | None = None,
) -> int:
    """Bring the stream to the store's head, from what `compare` found; the head.

    A running relay does the filling; without one it is done here. With `replace` a stream that differs is
    deleted first: its readers stop until it has reached their checkpoint again, and then go on. What is filled
    in here carries the signatures that it had before, when it is the same key.
    Raises WouldReplace or NotRepaired.
    """
    js = connection.jetstream(timeout=5)
    if found.is_other:
        if not replace:
            raise WouldReplace(f"stream {stream_name(region, service)} is not the store's")
        with suppress(NotFoundError):
            await js.delete_stream(stream_name(region, service))
    await provision_stream(js, region, service)
    head = await store.head()
    relay = Relay(store, connection, region, service, signing)
    running = asyncio.create_task(relay.run())
    try:
        await _filled(relay, head, tell)
    finally:
        await end(running)
    return head


async def _filled(relay: Relay, head: int, tell: Callable[[int], None]) -> None:
    loop = asyncio.get_running_loop()
    best, moved_at = -1, loop.time()
    while True:
        position = relay.state.position
        tell(min(position, head))
        if position >= head:
            return
        if position > best:
            best, moved_at = position, loop.time()
        if loop.time() - moved_at > PATIENCE_SECONDS:
            raise NotRepaired(relay.state.error or f"no fact after {position} reaches the stream")
        await asyncio.sleep(LOOK_SECONDS)
