"""The sequencer: facts become leaves, trees become checkpoints. One process of a region leads, others stand by."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from typing import Any

import structlog
from psycopg import AsyncConnection, OperationalError

from services.audit.ledger.checking import keep_checking
from services.audit.ledger.formats.findings import Finding
from services.audit.ledger.growth import Damaged, Growth
from services.audit.ledger.intake import take
from services.audit.ledger.noting import Noted, note
from services.audit.ledger.publishing import Publisher
from services.audit.ledger.settings import Keys
from services.audit.ledger.signed import Memory, SigningRefused
from services.audit.ledger.watching import keep_watching
from shared.kernel.bus.leadership import lead
from shared.kernel.projections.checkpoints import CHANNEL

FLUSH_FACTS, FLUSH_SECONDS = 256, 1.0
BULK = 2048
"""Facts of a backlog at a time: more would be no faster, and hold up whoever asks this process something."""
LOOK_SECONDS = 1.0
AGAIN_SECONDS = 2.0
NOTICES_SECONDS = 0.02
"""Notices come in flocks: one look for all of them."""

Connection = AsyncConnection[Any]
log = structlog.get_logger(__name__)


class Sequencer:
    """One region's. `run` ends only by being cancelled; what hinders it is in `state`."""

    def __init__(
        self, database_url: str, keys: Keys, sources: frozenset[str], flush_seconds: float = FLUSH_SECONDS
    ) -> None:
        self._url, self._keys, self._sources = database_url, keys, sources
        self._flush_seconds = flush_seconds
        self.leading = False
        self.refused: str | None = None
        self.publisher: Publisher | None = None

    @property
    def state(self) -> tuple[bool, str]:
        """Whether it is as it should be, and how it is. Witnesses that are away are no failure of ours."""
        if self.refused:
            return False, f"signing refused: {self.refused}"
        if not self.leading:
            return True, "another process leads"
        if self._keys.lacking:
            return True, f"nothing is signed: {self._keys.lacking}"
        return True, self.publisher.state if self.publisher else "beginning"

    async def run(self) -> None:
        """Sequence while leading, stand by while not."""
        await lead(self._url, "sequencer", self._work, self._leads)

    def _leads(self, leading: bool) -> None:
        self.leading = leading

    async def _work(self) -> None:
        """Lead until something is wrong; then say so and try again."""
        while True:
            try:
                await self._lead_on()
            except* OperationalError as lost:
                log.warning("sequencing stopped", why="; ".join(str(each).strip() for each in flat(lost)))
            except* (Damaged, SigningRefused, OSError) as wrong:
                await self._refuse("; ".join(str(each) for each in flat(wrong)))
            await asyncio.sleep(AGAIN_SECONDS)

    async def _lead_on(self) -> None:
        async with AsyncExitStack() as stack:
            connections = [await stack.enter_async_context(await self._connected()) for _ in range(4)]
            publisher = None
            if self._keys.log and self._keys.state and self._keys.policy:
                memory = Memory(self._keys.state).open()
                stack.callback(memory.close)
                publisher = Publisher(self._keys.log, self._keys.policy, memory)
                stack.push_async_callback(publisher.close)
                await publisher.begin(connections[0])
            self.publisher = publisher
            growth = await Growth.open(connections[0], self._sources)
            await self._admit(connections[0])
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._sequence(connections[0], growth), name="sequencing")
                if publisher:
                    tasks.create_task(publisher.run(connections[1], growth), name="publishing")
                if self._keys.producers:
                    checking = keep_checking(connections[2], self._keys.producers, growth)
                    tasks.create_task(checking, name="checking")
                tasks.create_task(keep_watching(connections[3], self._keys, growth), name="watching")

    async def _connected(self) -> Connection:
        return await AsyncConnection.connect(
            self._url, autocommit=True, application_name="alongside sequencer"
        )

    async def _refuse(self, why: str) -> None:
        if why != self.refused:
            log.error("signing refused", why=why)
        async with await self._connected() as connection:
            await connection.execute("UPDATE ledger_progress SET refused = %s", (why,))
        self.refused = why

    async def _admit(self, connection: Connection) -> None:
        self.refused = None
        await connection.execute("UPDATE ledger_progress SET refused = NULL WHERE refused IS NOT NULL")

    async def _sequence(self, connection: Connection, growth: Growth) -> None:
        """Flush at 256 facts, or when the first of them has waited for a second; a backlog in large batches."""
        await connection.execute(f"LISTEN {CHANNEL}")
        since: float | None = None
        while True:
            taken = await take(connection, self._keys.region, growth.heads, BULK)
            await note(connection, [_gap(source, *gap) for source, gap in taken.gaps.items()])
            now = time.monotonic()
            since = (now if since is None else since) if taken.new else None
            waited = 0.0 if since is None else now - since
            if taken.new and (len(taken.new) >= FLUSH_FACTS or waited >= self._flush_seconds):
                await growth.append(connection, taken.new)
                since = None
                continue
            left = LOOK_SECONDS if since is None else max(0.01, self._flush_seconds - waited)
            # All that came together: as many as a hundred, and none may make us wait by itself.
            if [notice async for notice in connection.notifies(timeout=left, stop_after=1)]:
                await asyncio.sleep(min(left, NOTICES_SECONDS))


def _gap(source: str, missing: int, following: int) -> Noted:
    detail = "the ledger has no fact there, and stands still for this source: see `alongside parked`"
    return Noted(Finding.SEQ_GAP, source, missing, following - 1, detail=detail)


def flat(group: BaseExceptionGroup[BaseException]) -> Iterator[BaseException]:
    """The errors in a group, however deep."""
    for each in group.exceptions:
        if isinstance(each, BaseExceptionGroup):
            yield from flat(each)
        else:
            yield each
