"""Whom this service was told to forget, in memory: what says something personal of them later is quarantined."""

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from psycopg import AsyncConnection, Connection, OperationalError

from shared.contracts.fact import Fact, contract_of
from shared.contracts.words.privacy import RetentionClass, Unreadable

CHANNEL = "alongside_erased"
LOOK_SECONDS = 5.0
# Any number, the same in every process: a rebuild's writes and an erasure take turns.
TURNS = 4_120_733_902
_KNOWN = "SELECT subject_id, keep, ordered_at FROM erased_subjects"
QUARANTINED = "erased"
"""How the reason begins for which a late fact is parked."""

log = structlog.get_logger(__name__)


class Part(NamedTuple):
    """A part of one person's record."""

    subject_id: UUID
    keep: RetentionClass


class Erased:
    """One per process. Filled before anything is served, kept by whoever forgets and through NOTIFY."""

    def __init__(self, forget: Callable[[UUID], None] = lambda subject_id: None) -> None:
        """`forget` drops whatever else this process knows of a person: keys held in memory."""
        self._forget = forget
        self._since: dict[tuple[UUID, RetentionClass], datetime] = {}

    def __len__(self) -> int:
        return len(self._since)

    def __contains__(self, part: tuple[UUID, RetentionClass]) -> bool:
        return part in self._since

    def parts(self) -> frozenset[Part]:
        """All that is erased."""
        return frozenset(Part(*part) for part in self._since)

    def without(self, keys: Mapping[Any, bytes | Unreadable]) -> Mapping[Any, bytes | Unreadable]:
        """These keys, but none of what is erased: they may have been looked up before."""
        if self._since.keys().isdisjoint(keys):
            return keys
        return {part: Unreadable.ERASED if part in self._since else key for part, key in keys.items()}

    def add(self, parts: Collection[Part], ordered_at: datetime) -> None:
        """These are erased; what was recorded after `ordered_at` is late."""
        fresh = [part for part in parts if part not in self._since]
        self._since.update(dict.fromkeys(fresh, ordered_at))
        for subject_id in {part.subject_id for part in fresh}:
            self._forget(subject_id)

    def late(self, fact: Fact, recorded_at: datetime) -> str:
        """Why this fact is quarantined: it says something personal of somebody erased before; else empty."""
        if not self._since:
            return ""
        contract = contract_of(fact)
        for field, owner in contract.personal.items():
            since = self._since.get((getattr(fact, owner), contract.kept[field]))
            if since is not None and recorded_at > since:
                return f"{QUARANTINED}: recorded after its person was forgotten ({contract.kept[field]})"
        return ""

    async def load(self, connection: AsyncConnection[Any]) -> None:
        """Learn of all that this service's database knows to be erased."""
        cursor = await connection.execute(_KNOWN)
        self._learn(await cursor.fetchall())

    def load_from(self, connection: Connection[Any]) -> bool:
        """The same in a process that does one thing after the other; whether there was anything new."""
        before = len(self)
        self._learn(connection.execute(_KNOWN).fetchall())
        return len(self) > before

    def _learn(self, rows: Iterable[tuple[Any, ...]]) -> None:
        for subject_id, keep, ordered_at in rows:
            self.add((Part(subject_id, keep),), ordered_at)

    async def watch(self, database_url: str) -> None:
        """Hear of what another process of this service has forgotten, for ever; through a lost connection too."""
        while True:
            try:
                async with await AsyncConnection.connect(
                    database_url, autocommit=True, application_name="alongside erased"
                ) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    while True:
                        await self.load(connection)
                        async for _ in connection.notifies(timeout=LOOK_SECONDS, stop_after=1):
                            pass
            except OperationalError as error:
                log.warning("erasures not heard of", error=str(error).strip())
            await asyncio.sleep(LOOK_SECONDS)
