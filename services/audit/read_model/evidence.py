"""What an answer rests on, collected while it is looked up."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.audit.read_model import asked
from services.audit.read_model.asked import Kinds, Rows
from services.audit.read_model.eyes import BLIND, Eyes
from services.audit.read_model.known import Known
from services.audit.replay.reading import read
from shared.kernel.recorded import Recorded

MOST_AT_ONCE = 50_000
"""Facts that are folded while somebody waits; a region with more is replayed in the background."""


@dataclass
class Evidence:
    """Reads facts as known at a moment, and counts them: those used, and those that can't be read."""

    db: AsyncConnection
    known_at: datetime
    up_to: Mapping[str, int] | None = None
    eyes: Eyes = BLIND
    most: int = MOST_AT_ONCE
    used: Counter[str] = field(default_factory=Counter)
    unread_types: Counter[str] = field(default_factory=Counter)

    @property
    def known(self) -> Known:
        return Known(self.known_at, self.up_to)

    @property
    def facts(self) -> int:
        return self.used.total()

    @property
    def unread(self) -> int:
        return self.unread_types.total()

    async def about(self, kind: str, subjects: list[UUID], kinds: Kinds) -> list[Recorded[Any]]:
        return await self._read(await asked.about(self.db, kind, subjects, kinds, self.known))

    async def of_kinds(
        self, kinds: Kinds, since: datetime | None = None, limit: int | None = None
    ) -> list[Recorded[Any]]:
        return await self._read(await asked.of_kinds(self.db, kinds, since, self.known, limit))

    async def of_streams(self, streams: Sequence[UUID], kinds: Kinds) -> list[Recorded[Any]]:
        return await self._read(await asked.of_streams(self.db, streams, kinds, self.known))

    async def of_child(self, child_id: UUID) -> list[Recorded[Any]]:
        return await self._read(await asked.of_child(self.db, child_id, self.known))

    async def _read(self, rows: Rows) -> list[Recorded[Any]]:
        keys = await self.eyes.keys([row["body"] for row in rows])
        found, unread = read(rows, keys)
        self.used.update(recorded.source for recorded in found)
        self.unread_types.update(unread)
        return found
