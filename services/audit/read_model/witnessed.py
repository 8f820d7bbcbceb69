"""The largest tree of the ledger that was witnessed by a moment, and how far it reaches in each service."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from services.audit.ledger.reading import as_of, index_of


@dataclass(frozen=True, slots=True)
class Tree:
    """A signed and witnessed tree: how many leaves, its root (hex), and when it was witnessed."""

    size: int
    root: str
    witnessed_at: datetime

    def told(self) -> dict[str, Any]:
        """For people, and for the bytes of a report."""
        at = self.witnessed_at.astimezone(UTC).isoformat()
        return {"size": self.size, "root": self.root, "witnessed_at": at}


async def newest_by(db: AsyncConnection, at: datetime) -> Tree | None:
    """The largest tree whose witness time is `at` or before; None while there is none."""
    signed = await as_of(db, at)
    return Tree(signed.size, signed.root, signed.witnessed_at) if signed else None


async def within(db: AsyncConnection, tree: Tree, up_to: Mapping[str, int]) -> dict[str, int]:
    """The last position of each source that is inside the tree, of those up to the given ones.

    The sequencer takes the facts of a source in their order, so what is inside is a beginning of them.
    """
    found = {source: await _last_inside(db, tree, source, top) for source, top in up_to.items()}
    return {source: position for source, position in found.items() if position}


async def _last_inside(db: AsyncConnection, tree: Tree, source: str, top: int) -> int:
    async def inside(position: int) -> bool:
        index = await index_of(db, source, position)
        return index is not None and index < tree.size

    if await inside(top):
        return top
    known, beyond = 0, top
    while beyond - known > 1:
        middle = (known + beyond) // 2
        if await inside(middle):
            known = middle
        else:
            beyond = middle
    return known
