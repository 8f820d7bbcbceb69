"""The one way for tests to enter the bus of a running system: as its operator, or as whoever is named."""

from nats.aio.client import Client

from deploy.embedded import System
from shared.kernel.bus.connection import connect


async def bus_of(system: System, who: str = "operator", part: str | None = None) -> Client:
    """A connection as that user; without the server having users, as anybody. `part` names its inboxes."""
    return await connect(system.foundation.nats_url, part or who, system.nats_seed(who))
