"""Which leaves of the ledger a bundle is of."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, LargeBinary, and_, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.audit.bundle.manifest import Asked, Scope, Span
from services.audit.read_model.ledger import may_be_shown
from services.audit.read_model.ledger_tables import entries
from services.audit.read_model.tables import concerns, facts

CERTIFICATES = "audit.ErasureCertified."
KEYS_DESTROYED = "audit.KeysDestroyed."
ACKNOWLEDGED = "%.SubjectForgotten.%"


@dataclass(frozen=True)
class Wanted:
    """Whose facts, recorded from `since` until before `until`."""

    scope: Scope
    id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None

    def told(self) -> Asked:
        return Asked(
            self.scope,
            str(self.id) if self.id else None,
            self.since.isoformat() if self.since else None,
            self.until.isoformat() if self.until else None,
        )

    def _in_time(self) -> list[ColumnElement[bool]]:
        found = [facts.c.recorded_at >= self.since] if self.since else []
        return [*found, facts.c.recorded_at < self.until] if self.until else found

    async def span(self, db: AsyncConnection, size: int) -> tuple[int, int]:
        """Of a region: from the first such leaf to the last, and every one between, whenever it was recorded."""
        if not (since := self._in_time()):
            return 0, size
        asked = select(func.min(entries.c.index), func.max(entries.c.index) + 1).join(facts, same_place())
        first, end = (await db.execute(asked.where(*since, entries.c.index < size))).one()
        return (0, 0) if first is None else (first, end)

    async def indexes(self, db: AsyncConnection, size: int, restricted: bool) -> Sequence[int]:
        """Of a child or mentor: the leaves of what concerns it, and of the erasures of its record."""
        kinds = [self.scope, f"{self.scope}_viewed", *([f"{self.scope}_restricted"] if restricted else [])]
        about = and_(concerns.c.kind.in_(kinds), concerns.c.subject_id == self.id)
        same = and_(concerns.c.source == facts.c.source, concerns.c.position == facts.c.position)
        own = (
            select(entries.c.index, facts.c.type, facts.c.body)
            .join(facts, same_place())
            .join(concerns, same)
            .where(about, entries.c.index < size, *self._in_time(), may_be_shown(restricted))
        )
        found, erasures = set(), []
        for index, kind, body in await db.execute(own):
            found.add(index)
            if kind.startswith(KEYS_DESTROYED):
                erasures.append(bytes(body))
        return sorted(found | await _certificates(db, size, erasures))


async def spans(db: AsyncConnection, region: str, chosen: ColumnElement[bool]) -> Mapping[str, Span]:
    """The positions of each source among the chosen leaves."""
    least, most, count = func.min(entries.c.position), func.max(entries.c.position), func.count()
    asked = select(entries.c.source, least, most, count).where(chosen).group_by(entries.c.source)
    rows: Sequence[Any] = (await db.execute(asked)).all()
    return {f"/{region}/{source}": Span(first, last, facts) for source, first, last, facts in rows}


async def _certificates(db: AsyncConnection, size: int, erasures: Sequence[bytes]) -> set[int]:
    """The certificates of these erasures, and what the services acknowledged."""
    ids = [str(json.loads(body)["data"]["erasure_id"]) for body in erasures]
    if not ids:
        return set()
    named = or_(
        *(func.position(literal(one.encode(), LargeBinary).op("IN")(facts.c.body)) > 0 for one in ids)
    )
    kinds = or_(facts.c.type.startswith(CERTIFICATES), facts.c.type.like(ACKNOWLEDGED))
    asked = select(entries.c.index).join(facts, same_place()).where(kinds, named, entries.c.index < size)
    return set((await db.execute(asked)).scalars())


def same_place() -> ColumnElement[bool]:
    return and_(entries.c.source == facts.c.source, entries.c.position == facts.c.position)
