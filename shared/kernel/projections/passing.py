"""Passing over facts that a listener does not want: many checkpoints move in one statement, a moment later."""

import asyncio
from collections.abc import Callable
from typing import Any, NamedTuple

import structlog
from psycopg import AsyncConnection, Error
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from shared.kernel import faults
from shared.kernel.projection import Effect, Policy, Projection
from shared.kernel.projections import checkpoints
from shared.kernel.projections.acting import ActingRunner
from shared.kernel.projections.checkpoints import Checkpoint
from shared.kernel.projections.listening import Listening
from shared.kernel.projections.runner import Batch, Pool, ProjectionRunner
from shared.kernel.projections.waiting import Reached

SAVE_SECONDS = 0.05
AGAIN_SECONDS = 1.0
# A catch-up is not looked through twice.
MOST = 50
NOWHERE = -1

log = structlog.get_logger(__name__)


class Span(NamedTuple):
    """From the checkpoint as it is saved, up to the last fact passed over."""

    begun: int
    to: int


class Passing:
    """A runner that does without a transaction where nothing is wanted.

    What was passed over is saved soon, together with that of other listeners; a process that dies before reads those
    facts again and passes them over again. Before a fact that is wanted the checkpoint is brought up to it.
    """

    def __init__(
        self,
        pool: Pool,
        listener: Projection | Policy | Effect,
        source: str,
        line: "Line",
        reached: Reached,
        runner: Callable[[Callable[[str, str, Checkpoint], None]], ProjectionRunner | ActingRunner],
    ) -> None:
        self.name, self.source = listener.name, source
        self._pool, self._line, self._reached = pool, line, reached
        self._listening = Listening(listener, source)
        self._runner = runner(self._moved)
        self.acts = self._runner.acts
        self._at = NOWHERE
        self.passed: Span | None = None

    async def start(self) -> Checkpoint:
        """The checkpoint, made when it is new."""
        async with self._line.lock:
            self.passed = None
            checkpoint = await self._runner.start()
            self._at = checkpoint.position
        return checkpoint

    async def apply(self, batch: Batch) -> None:
        """As the runner does; or pass over all of it. Raises what the runner raises."""
        if batch and self._nothing_wanted(batch):
            self.passed = Span(self.passed.begun if self.passed else self._at, batch[-1][0])
            self._line.join(self)
            parked = self._reached.at(self.name, self.source).parked
            self._moved(self.name, self.source, Checkpoint(batch[-1][0], parked))
            await faults.reach("projection.before_ack")
            return
        await self._save()
        await self._runner.apply(batch)

    async def redo(self, connection: AsyncConnection[Any], position: int, state: bytes) -> None:
        """Apply one parked fact again, in the caller's transaction. Raises what it raises."""
        await self._runner.redo(connection, position, state)

    def saved(self, span: Span, moved: bool) -> None:
        """The checkpoint was moved over this span; or it was elsewhere, and the runner has to find out where."""
        if not moved:
            self.passed, self._at = None, NOWHERE
        elif self.passed is not None:
            self.passed = None if self.passed.to == span.to else Span(span.to, self.passed.to)

    def _nothing_wanted(self, batch: Batch) -> bool:
        if len(batch) > MOST or self._at == NOWHERE or batch[0][0] != self._at + 1:
            return False
        if batch[-1][0] - batch[0][0] != len(batch) - 1:
            return False  # a gap, which the runner tells of
        return all(self._listening.hear(position, state) is None for position, state in batch)

    def _moved(self, name: str, source: str, checkpoint: Checkpoint) -> None:
        self._at = checkpoint.position
        self._reached.moved(name, source, checkpoint)

    async def _save(self) -> None:
        if self.passed is None:
            return
        async with self._line.lock:
            if self.passed is not None:
                begun, to = self.passed
                async with self._pool.connection() as connection:
                    await checkpoints.advance(connection, self.name, self.source, begun, to)
                self.passed = None


class Line:
    """Those of one service whose checkpoints are to be saved."""

    def __init__(self, pool: AsyncConnectionPool[AsyncConnection[Any]]) -> None:
        self._pool = pool
        self._waiting: dict[tuple[str, str], Passing] = {}
        self._somebody = asyncio.Event()
        self.lock = asyncio.Lock()

    def join(self, one: Passing) -> None:
        """Have it saved in a moment."""
        self._waiting[one.name, one.source] = one
        self._somebody.set()

    async def run(self) -> None:
        """Save what waits, for ever."""
        while True:
            await self._somebody.wait()
            await asyncio.sleep(SAVE_SECONDS)
            try:
                await self.save()
            except (Error, PoolTimeout) as error:
                log.warning("checkpoints not saved yet", error=str(error).strip())
                await asyncio.sleep(AGAIN_SECONDS)

    async def save(self) -> None:
        """Move every checkpoint that waits for it. Raises what PostgreSQL raises; then all of them wait on."""
        async with self.lock:
            spans = {key: (one, one.passed) for key, one in self._waiting.items() if one.passed}
            if spans:
                wanted = {key: (span.begun, span.to) for key, (_, span) in spans.items()}
                async with self._pool.connection() as connection:
                    moved = await checkpoints.advance_all(connection, wanted)
                for key, (one, span) in spans.items():
                    one.saved(span, key in moved)
            self._waiting = {key: one for key, one in self._waiting.items() if one.passed}
            if not self._waiting:
                self._somebody.clear()
