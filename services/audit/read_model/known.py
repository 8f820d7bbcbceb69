"""What was on record: by which moment, up to which position of each service, inside which witnessed tree."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, FromClause, and_, literal, or_, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.audit.read_model.witnessed import Tree, newest_by, within

OUT_OF_STEP = 1000


class NotWitnessed(LookupError):
    """A verified answer was asked for, and no tree of the ledger had been witnessed by then."""


@dataclass(frozen=True, slots=True)
class Known:
    """Facts recorded at `at` or before; and with `up_to` none after these positions of their services."""

    at: datetime
    up_to: Mapping[str, int] | None = None

    def holds(self, table: FromClause) -> ColumnElement[bool]:
        """Whether a row of this table (source, position, recorded_at) was on record."""
        by_then: ColumnElement[bool] = table.c.recorded_at <= self.at
        if self.up_to is None:
            return by_then
        places = [
            and_(table.c.source == source, table.c.position <= position)
            for source, position in sorted(self.up_to.items())
        ]
        return and_(by_then, or_(literal(False), *places))

    def has(self, source: str, position: int) -> bool:
        """Whether a fact recorded by then is not after its service's last position."""
        return self.up_to is None or position <= self.up_to.get(source, 0)


@dataclass(frozen=True, slots=True)
class Extent:
    """What an answer may rest on, and what it says of that."""

    known: Known
    tree: Tree | None
    verified: bool = False

    @property
    def positions(self) -> dict[str, int]:
        return dict(self.known.up_to or {})


async def extent(db: AsyncConnection, at: datetime, sources: Iterable[str], verified: bool) -> Extent:
    """What was on record at that moment; with `verified` only what was in the largest tree witnessed by then.

    Raises NotWitnessed. From here on the connection sees one moment of the ledger.
    """
    await db.execution_options(isolation_level="REPEATABLE READ")
    up_to = await positions(db, at, sources)
    tree = await newest_by(db, at)
    if verified:
        if tree is None:
            raise NotWitnessed
        up_to = await within(db, tree, up_to)
    return Extent(Known(at, up_to), tree, verified)


async def positions(db: AsyncConnection, known_at: datetime, sources: Iterable[str]) -> dict[str, int]:
    """Up to which position of each source the facts recorded until then reach."""
    rows = await db.execute(_POSITIONS, {"sources": sorted(sources), "known_at": known_at})
    return {source: position for source, position in rows if position is not None}


# Positions follow the order of commits, which differs from that of recording by a few facts at most.
_POSITIONS = text(
    "SELECT source, (SELECT max(position) FROM (SELECT f.position FROM facts f "
    "WHERE f.source = asked.source AND f.recorded_at <= :known_at "
    f"ORDER BY f.recorded_at DESC, f.position DESC LIMIT {OUT_OF_STEP}) latest) "
    "FROM unnest(CAST(:sources AS text[])) AS asked(source)"
)
