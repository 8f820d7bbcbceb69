"""A careless relay: no fence, and something wrong with the fourth fact."""

import json
from collections.abc import Awaitable, Callable
from functools import partial

from nats.aio.client import Client

from shared.kernel import process
from shared.kernel.bus.provision import provision_stream
from shared.kernel.bus.relay import RelayState
from shared.kernel.envelope import partition, subject_of
from shared.kernel.signing import Signing
from shared.kernel.store import Store, StoredEvent
from tests.faults.seeded.putting import put_into

WRONG_AT = 4
ELSEWHERE = "elsewhere"

Publish = Callable[[StoredEvent, bytes, str], Awaitable[None]]
Carry = Callable[[Publish, StoredEvent, str], Awaitable[None]]


class CarelessRelay:
    """Publishes the log one by one and believes that it went well."""

    def __init__(
        self,
        carry: Carry,
        store: Store,
        connection: Client,
        region: str,
        service: str,
        signing: Signing | None = None,
    ) -> None:
        del signing  # what it publishes it does not sign either
        self._carry, self._store, self._connection = carry, store, connection
        self._region, self._service = region, service
        self._position = 0
        self._previous: dict[int, int] = {}

    @property
    def state(self) -> RelayState:
        return RelayState(self._position, 0, 0.0, True, None)

    async def run(self) -> None:
        await provision_stream(self._connection.jetstream(), ELSEWHERE, self._service)
        while True:
            for event in await self._store.read(self._position):
                carry = self._carry if event.position == WRONG_AT else _well
                await carry(self._publish, event, self._region)
                self._position = event.position
            await self._store.wait_beyond(self._position, 1.0)

    async def _publish(self, event: StoredEvent, data: bytes, region: str) -> None:
        number = partition(event.stream)
        headers = {
            "Alongside-Position": str(event.position),
            "Alongside-Previous": str(self._previous.get(number, 0)),
        }
        self._previous[number] = event.position
        subject = subject_of(region, event.topic, number)
        await self._connection.jetstream().publish(subject, data, headers=headers)


async def _well(publish: Publish, event: StoredEvent, region: str) -> None:
    await publish(event, event.state, region)


async def _not_at_all(publish: Publish, event: StoredEvent, region: str) -> None:
    """As when a row of an outbox is lost."""


async def _twice(publish: Publish, event: StoredEvent, region: str) -> None:
    await publish(event, event.state, region)
    await publish(event, event.state, region)


async def _written_anew(publish: Publish, event: StoredEvent, region: str) -> None:
    await publish(event, json.dumps(json.loads(event.state)).encode(), region)


async def _to_another_region(publish: Publish, event: StoredEvent, region: str) -> None:
    await publish(event, event.state, ELSEWHERE)


def _install(carry: Carry) -> None:
    put_into(process, Relay=partial(CarelessRelay, carry))


def skip() -> None:
    _install(_not_at_all)


def twice() -> None:
    _install(_twice)


def alter() -> None:
    _install(_written_anew)


def ignore_region() -> None:
    _install(_to_another_region)
