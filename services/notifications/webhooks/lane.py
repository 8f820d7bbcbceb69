"""The way to one endpoint: as many at a time as it bears, one after the other where order matters."""

import asyncio
from datetime import datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING

import structlog

from services.notifications.webhooks.answer import Answer
from services.notifications.webhooks.domain.endpoint import Disable, endpoint
from services.notifications.webhooks.domain.schedule import next_attempt
from services.notifications.webhooks.domain.signing import secret, valid
from services.notifications.webhooks.picking import Delivery, Endpoint, next_due
from services.notifications.webhooks.recording import Done, State, at_once
from services.notifications.webhooks.sending import EACH_AT_ONCE, Line, Request
from shared.kernel.integrators import is_grantable
from shared.kernel.projection import Issue

if TYPE_CHECKING:
    from services.notifications.webhooks.delivering import Deliverer

FETCHED = 200
MOST_IN_HAND = 8 * EACH_AT_ONCE
A_WHILE = timedelta(minutes=1)
AGENCY = "agency"

log = structlog.get_logger(__name__)


class Lane:
    """Goes on while something is due for its endpoint, and the endpoint takes it."""

    def __init__(self, deliverer: "Deliverer", to: Endpoint) -> None:
        self._deliverer, self._to = deliverer, to
        self._health = to.health.enabled(to.enabled_at)
        self._recovering = self._health != to.health or self._health.failures > 0
        self._failed_at = 0.0
        self._stopped = False
        self._places = asyncio.Semaphore(EACH_AT_ONCE)
        self._sending = 0
        self._tasks: dict[int, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Ends when nothing is due, or when the endpoint is to be left alone for a while."""
        line = await self._deliverer.line(self._to.endpoint_id, self._to.url)
        found: list[Delivery] = []
        try:
            while not self._rests:
                if not found and not (self._to.ordered and self._tasks):
                    found = await self._next()
                while found and not self._rests and len(self._tasks) < self._most:
                    delivery = found.pop(0)
                    task = asyncio.create_task(self._deliver(line, delivery), name=str(delivery.event_id))
                    self._tasks[delivery.delivery_id] = task
                if not self._tasks:
                    return
                await self._some_done()
            while self._tasks:
                await self._some_done()
        finally:
            for task in self._tasks.values():
                task.cancel()

    async def _some_done(self) -> None:
        done, _ = await asyncio.wait(self._tasks.values(), return_when=asyncio.FIRST_COMPLETED)
        for delivery_id in [one for one, task in self._tasks.items() if task in done]:
            self._tasks.pop(delivery_id).result()

    @property
    def _rests(self) -> bool:
        return self._stopped or self._health.rests(self._deliverer.running.clock.now())

    @property
    def _most(self) -> int:
        """Deliveries in hand: as many are sent at a time as there are places, the others are being recorded."""
        return 1 if self._to.ordered or self._health.down else MOST_IN_HAND

    async def _next(self) -> list[Delivery]:
        most = 1 if self._health.down else FETCHED
        async with self._deliverer.pool.connection() as connection:
            now = self._deliverer.running.clock.now()
            return await next_due(connection, self._to, now, most, self._tasks)

    def _granted(self, delivery: Delivery) -> bool:
        """Whether the endpoint's owner may see the fact now, whatever it was when the fact was queued."""
        if delivery.topic == TEST or self._to.owner == AGENCY:
            return delivery.topic == TEST or is_grantable(delivery.topic)
        owner = self._deliverer.running.integrators.find(self._to.owner)
        return owner is not None and owner.may_see(delivery.topic) and delivery.region in owner.regions

    async def _deliver(self, line: Line, delivery: Delivery) -> None:
        clock = self._deliverer.running.clock
        if not self._granted(delivery):
            refused = Done(
                delivery, self._to.endpoint_id, "dropped", clock.now(), error="the owner has no grant for it"
            )
            await self._deliverer.recorder.record(refused, None)
            return
        async with self._places, self._deliverer.places:
            if self._rests or (self._health.down and self._sending):
                return  # it waits as before
            began, self._sending = monotonic(), self._sending + 1
            try:
                answer = await line.send(self._request(delivery, clock.now()))
            finally:
                self._sending -= 1
        now = clock.now()
        match answer.verdict:
            case "taken":
                await self._taken(delivery, answer, now)
            case "gone":
                await self._gone(delivery, answer, now)
            case _:
                await self._not_taken(delivery, answer, now, again=began >= self._failed_at)

    def _request(self, delivery: Delivery, now: datetime) -> Request:
        assert self._deliverer.key is not None
        to, key = self._to, self._deliverer.key
        secrets = tuple(secret(key, to.endpoint_id, each) for each in valid(to.generation, to.old_until, now))
        return Request(to.url, delivery.event_id, delivery.attempt + 1, delivery.body, secrets)

    async def _taken(self, delivery: Delivery, answer: Answer, now: datetime) -> None:
        recovered, self._recovering = self._recovering, False
        self._health = self._health.took(now)
        done = Done(delivery, self._to.endpoint_id, "taken", now, answer)
        await self._deliverer.recorder.record(done, self._health)
        if recovered:
            async with self._deliverer.pool.connection() as connection:
                await at_once(connection, self._to.endpoint_id)

    async def _not_taken(self, delivery: Delivery, answer: Answer, now: datetime, *, again: bool) -> None:
        self._failed_at = monotonic()
        self._recovering = True
        self._health = self._health.failed(now, answer.wished, again=again)
        if self._to.ordered:
            self._stopped = True  # nothing goes out before this one was taken or given up
        at = next_attempt(delivery.event_id, delivery.tries + 1, now, answer.wished)
        state: State = "failed" if at is None else "waiting"
        done = Done(delivery, self._to.endpoint_id, state, now, answer, at)
        await self._deliverer.recorder.record(done, self._health)
        log.info("webhook not taken", endpoint=str(self._to.endpoint_id), status=answer.status, state=state)

    async def _gone(self, delivery: Delivery, answer: Answer, now: datetime) -> None:
        """410: the receiver says that there will be nobody any more. What waits, waits for somebody to enable it."""
        self._stopped = True
        self._health = self._health.failed(now, A_WHILE, again=True)  # until it is seen to be disabled
        done = Done(delivery, self._to.endpoint_id, "waiting", now, answer, now)
        await self._deliverer.recorder.record(done, self._health)
        name = f"webhook:{self._to.endpoint_id}:{delivery.event_id}:{delivery.attempt + 1}"
        await self._deliverer.issuer.issue(
            Issue(endpoint, self._to.endpoint_id, Disable("gone", "effect:webhooks", now)),
            actor="effect:webhooks", key=name, correlation_id=name, causation_id=str(delivery.event_id),
        )  # fmt: skip


TEST = "alongside.test"
"""The type of what a test sends: no fact, and nobody's grant."""
