"""The runner of one policy or effect and source: act on each fact, then move the checkpoint."""

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import UUID

import stamina
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.kernel import faults
from shared.kernel.bus.ending import end
from shared.kernel.projection import Effect, Policy
from shared.kernel.projections import checkpoints, parking
from shared.kernel.projections.abreast import Abreast
from shared.kernel.projections.checkpoints import Checkpoint
from shared.kernel.projections.failing import Unreadable, is_poison, told, untold
from shared.kernel.projections.issuing import Issuer
from shared.kernel.projections.listening import Heard, Listening
from shared.kernel.projections.runner import Batch, Pool, nobody
from shared.kernel.projections.waiting import Reached
from shared.kernel.recorded import Recorded
from shared.kernel.sealing.batches import keys_of
from shared.kernel.store import StoreUnavailable, VersionConflict

CAUGHT_UP_SECONDS = 10.0
ATTEMPTS = 5

log = structlog.get_logger(__name__)


class NotCaughtUp(Exception):
    """The read model that a policy looks into lags too far behind."""


class ActingRunner:
    """Acts at least once on each fact; its commands have their effect once, by idempotency key.

    What `look_up` reads has seen the fact, and all that this service had recorded by then: `projections` are
    the service's projections that listen to a source. A policy acts on one fact after the other; an effect on
    as many as its `at_once` says, never on two of one stream, and the checkpoint passes no fact that is not done.
    """

    acts = True

    def __init__(
        self,
        pool: Pool,
        listener: Policy | Effect,
        source: str,
        issuer: Issuer,
        engine: AsyncEngine,
        reached: Reached,
        *,
        projections: Callable[[str], frozenset[str]] = lambda source: frozenset(),
        moved: Callable[[str, str, Checkpoint], None] = nobody,
    ) -> None:
        self._sealer = issuer.sealer
        self.name, self.source = listener.name, source
        self._pool, self._listener, self._issuer, self._engine = pool, listener, issuer, engine
        self._reached, self._projections, self._moved = reached, projections, moved
        self._listening = Listening(listener, source, issuer.sealer.erased if issuer.sealer else None)
        self._kind = "effect" if isinstance(listener, Effect) else "policy"
        self._ahead: dict[int, Heard | None] = {}
        self._asked_head: asyncio.Future[int] | None = None
        self._next_head: asyncio.Future[int] | None = None

    async def start(self) -> Checkpoint:
        """The checkpoint, made when it is new."""
        async with self._pool.connection() as connection:
            return await checkpoints.make(connection, self.name, self.source)

    async def apply(self, batch: Batch) -> None:
        """Act on what is after the checkpoint, park what can't be. Raises Gap, and passing errors."""
        keys = await keys_of(self._sealer, self._listening.keys_for(batch))
        async with self._pool.connection() as connection:
            checkpoint = await checkpoints.find(connection, self.name, self.source)
            fresh = checkpoints.unseen(batch, checkpoint)
            blocked: set[UUID] = set()
            heard = list(self._listening.hear_all(fresh, keys))
            if checkpoint.parked:
                streams = [fact.stream for fact in heard]
                blocked = await parking.streams_parked(connection, self.name, self.source, streams)
        if isinstance(self._listener, Effect):
            checkpoint = await self._attend_abreast(heard, blocked, checkpoint, self._listener.at_once)
        else:
            for fact in heard:
                if parked := await self._attend(fact, blocked):
                    checkpoint = await self._move(checkpoint, fact.position, [parked])
        if fresh and checkpoint.position < fresh[-1][0]:
            checkpoint = await self._move(checkpoint, fresh[-1][0], [])
        await faults.reach("projection.before_ack")

    async def _attend_abreast(
        self, heard: list[Heard], blocked: set[UUID], checkpoint: Checkpoint, most: int
    ) -> Checkpoint:
        """Attend to several at a time, and move the checkpoint as far as all is done as soon as it is.

        What was done to the world must not be done again only because something else failed: after a failure
        nothing is begun any more, but what is under way is finished, and remembered.
        """
        self._ahead = {at: found for at, found in self._ahead.items() if at > checkpoint.position}
        blocked.update(found.stream for found in self._ahead.values() if found)
        line = Abreast(heard, self._ahead)
        failure: BaseException | None = None

        async def attend(fact: Heard) -> None:
            line.finish(fact, await self._attend(fact, blocked))

        under_way: set[asyncio.Task[None]] = set()
        try:
            while True:
                position, parked = line.reached()
                if position:
                    try:
                        checkpoint = await self._move(checkpoint, position, parked)
                        line.passed(position)
                    except Exception as error:
                        failure = failure or error
                while not failure and len(under_way) < most and (fact := line.begin()):
                    under_way.add(asyncio.create_task(attend(fact)))
                if not under_way:
                    break
                done, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    failure = failure or task.exception()
        finally:
            await end(*under_way)
        if failure:
            raise failure
        return checkpoint

    async def _attend(self, fact: Heard, blocked: set[UUID]) -> Heard | None:
        """Act on it; or the fact as it is to be parked."""
        if fact.stream in blocked:
            return fact.parked()
        error = fact.error
        if not error:
            try:
                await self._act(fact.arguments[0])
                return None
            except (StoreUnavailable, VersionConflict, NotCaughtUp):
                raise
            except Exception as raised:
                if not is_poison(raised) and not (self._kind == "effect" and isinstance(raised, OSError)):
                    raise
                error = told(raised, fact.arguments)
        blocked.add(fact.stream)
        log.error("fact parked", listener=self.name, source=self.source, position=fact.position, error=error)
        return fact.parked(error)

    async def _act(self, recorded: Recorded[Any]) -> None:
        found = await self._look_up(recorded)
        if isinstance(self._listener, Effect):
            issues = list(await self._perform(recorded, found))
        else:
            issues = list(self._listener.react(recorded, found))
        nth: Counter[UUID] = Counter()
        for issue in issues:
            # By its stream and not by its place in the list: when this is done again after a crash, what was
            # looked up may be a shorter list, and a key must never stand for another command than before.
            stream = issue.stream
            await self._issuer.issue(
                issue,
                actor=f"{self._kind}:{self.name}",
                key=f"{self._kind}:{self.name}:{self.source}:{recorded.position}:{stream}:{nth[stream]}",
                correlation_id=recorded.correlation_id,
                causation_id=str(recorded.id),
            )
            nth[stream] += 1

    async def _perform(self, recorded: Recorded[Any], found: Any) -> Any:
        assert isinstance(self._listener, Effect)
        async for attempt in stamina.retry_context(
            on=(OSError, TimeoutError), attempts=ATTEMPTS, wait_initial=0.1, wait_max=5.0, timeout=30.0
        ):
            with attempt:
                return await self._listener.perform(recorded, found)
        raise AssertionError("stamina raises when it gives up")

    async def _look_up(self, recorded: Recorded[Any]) -> Any:
        if self._listener.look_up is None:
            return None
        own = self._issuer.service
        head = await self._head()
        for source, position in ((self.source, recorded.position), (own, head)):
            names = self._projections(source)
            if not await self._reached.seen(names, source, position, CAUGHT_UP_SECONDS):
                raise NotCaughtUp(f"{', '.join(sorted(names))}: not at {source} {position} yet")
        async with self._engine.connect() as connection:
            return await self._listener.look_up(connection, recorded)

    async def _head(self) -> int:
        """The store's head, asked after this call: those who call meanwhile share the next question."""
        if self._next_head is None:
            self._next_head = asyncio.ensure_future(self._ask_after(self._asked_head))
        return await asyncio.shield(self._next_head)

    async def _ask_after(self, before: "asyncio.Future[int] | None") -> int:
        if before is not None:
            await asyncio.wait((before,))
        self._asked_head, self._next_head = self._next_head, None
        return await self._issuer.store.head()

    async def _move(self, begun: Checkpoint, position: int, parked: list[Heard]) -> Checkpoint:
        async with self._pool.connection() as connection:
            if parked:
                checkpoint = await self._move_and_park(connection, begun, position, parked)
            else:
                await faults.reach("projection.before_commit")
                moved = await checkpoints.advance(
                    connection, self.name, self.source, begun.position, position
                )
                if moved is None:
                    raise checkpoints.Gap(f"another runner has moved on from {begun.position}")
                checkpoint = moved
        await faults.reach("projection.after_commit")
        self._moved(self.name, self.source, checkpoint)
        return checkpoint

    async def _move_and_park(
        self, connection: Any, begun: Checkpoint, position: int, parked: list[Heard]
    ) -> Checkpoint:
        async with connection.transaction():
            found = await checkpoints.lock(connection, self.name, self.source)
            if found.position != begun.position:
                raise checkpoints.Gap(f"another runner has moved on to {found.position}")
            await parking.park(connection, self.name, self.source, parked)
            checkpoint = Checkpoint(position, found.parked + len(parked))
            await checkpoints.move(connection, self.name, self.source, checkpoint)
            await faults.reach("projection.before_commit")
        return checkpoint

    async def redo(self, connection: Any, position: int, state: bytes, signature: str) -> None:
        """Act on one parked fact again; `connection` holds the checkpoint's lock. Raises what it raises."""
        arrival = (position, state, signature)
        keys = await keys_of(self._sealer, self._listening.keys_for([arrival]))
        fact = next(self._listening.hear_all([arrival], keys), None)
        if fact is None:
            return
        if fact.error:
            raise Unreadable(fact.error)
        with untold(fact.arguments):
            await self._act(fact.arguments[0])
