"""What a person's whole record is made of: the facts that concern them, the views of them, and their places."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from services.audit.ledger.formats.merkle import inclusion_proof
from services.audit.ledger.formats.proof import Proof
from services.audit.ledger.formats.tiles import TileReader
from services.audit.ledger.reading import Signed, newest, tiles_of
from services.audit.read_model.ledger_tables import entries
from services.audit.read_model.tables import concerns, facts


@dataclass(frozen=True, slots=True)
class Proven:
    """A fact's leaf as the ledger keeps it, and the proof that it is in a published tree."""

    leaf: bytes
    proof: bytes


@dataclass(frozen=True, slots=True)
class Kept:
    """All of one moment: the rows of facts, those of views, and the tree that the proofs lead to."""

    facts: list[dict[str, Any]]
    views: list[dict[str, Any]]
    tree: Signed | None
    proven: dict[tuple[str, int], Proven]


async def whole_record(
    db: AsyncConnection, kind: str, subject_id: UUID, *, known_at: datetime, restricted: bool
) -> Kept:
    """Every fact that concerns the child or mentor, on record at that moment; restricted ones when they may be told."""
    await db.execution_options(isolation_level="REPEATABLE READ")
    kinds = [kind, f"{kind}_restricted"] if restricted else [kind]
    own = await _facts(db, kinds, subject_id, known_at)
    views = await _facts(db, [f"{kind}_viewed"], subject_id, known_at)
    tree = await newest(db)
    proven = await _proofs(db, tree, [(row["source"], row["position"]) for row in own]) if tree else {}
    return Kept(own, views, tree, proven)


async def _facts(
    db: AsyncConnection, kinds: list[str], subject_id: UUID, known_at: datetime
) -> list[dict[str, Any]]:
    places = (
        select(concerns.c.source, concerns.c.position)
        .where(
            concerns.c.kind.in_(kinds),
            concerns.c.subject_id == subject_id,
            concerns.c.recorded_at <= known_at,
        )
        .distinct()
        .subquery()
    )
    asked = (
        select(facts)
        .join(places, and_(facts.c.source == places.c.source, facts.c.position == places.c.position))
        .order_by(facts.c.recorded_at, facts.c.source, facts.c.position)
    )
    return [dict(row) for row in (await db.execute(asked)).mappings()]


class _Missing(LookupError):
    """A tile that was not fetched yet."""


async def _proofs(
    db: AsyncConnection, tree: Signed, places: list[tuple[str, int]]
) -> dict[tuple[str, int], Proven]:
    asked = select(entries).where(
        tuple_(entries.c.source, entries.c.position).in_(places), entries.c.index < tree.size
    )
    leaves = (await db.execute(asked)).mappings().all() if places else []
    tiles: dict[str, bytes] = {}

    def fetch(path: str) -> bytes:
        if path not in tiles:
            raise _Missing(path)
        return tiles[path]

    reader = TileReader(fetch, tree.size, kept=len(leaves) + 8)
    found = {}
    for row in leaves:
        while isinstance(hashes := _proof(reader, row["index"], tree.size), str):
            tiles.update(await tiles_of(db, [hashes]))
        proof = Proof(row["index"], tuple(hashes), tree.note).encode()
        found[row["source"], row["position"]] = Proven(bytes(row["leaf"]), proof)
    return found


def _proof(reader: TileReader, index: int, size: int) -> list[bytes] | str:
    """The inclusion proof, or the path of a tile that it needs."""
    try:
        return inclusion_proof(reader, index, size)
    except _Missing as missing:
        return str(missing)
