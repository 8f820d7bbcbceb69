"""Writes a bundle from the ledger's own tables, as they are: what is wrong there shows in the bundle."""

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.audit.bundle.archive import entry
from services.audit.bundle.choosing import Wanted, same_place, spans
from services.audit.bundle.layout import Kept, lowest, upper, width_of
from services.audit.bundle.manifest import Manifest
from services.audit.bundle.pieces import Earlier, Fact, Sealed, Trust, group, head
from services.audit.ledger import reading
from services.audit.ledger.formats.merkle import consistency_proof
from services.audit.ledger.formats.tiles import TILE, Tile
from services.audit.read_model.ledger import may_be_shown
from services.audit.read_model.ledger_tables import checkpoints, entries
from services.audit.read_model.tables import facts

TOGETHER = 16
"""Tiles of leaf hashes whose facts are read at a time: 4,096 facts."""


class NothingPublished(LookupError):
    """There is no checkpoint yet, or none of the size that was asked for."""


@dataclass(frozen=True)
class Sees:
    """What of the facts' bytes the auditor may take along: restricted ones too, and of the others those that
    `plain` (what a fact says in clear) does not hold back."""

    restricted: bool
    plain: Callable[[Mapping[str, Any]], bool]


@dataclass(frozen=True)
class Prepared:
    """A bundle that is ready to be written: of one moment of the ledger, which only grows."""

    manifest: Manifest
    checkpoint: bytes
    earlier: Earlier | None
    indexes: Sequence[int]
    region: str


async def prepare(db: AsyncConnection, region: str, wanted: Wanted, sees: Sees, pin: int | None) -> Prepared:
    """Decides what goes in. `pin` is the size of the auditor's checkpoint; None: the first that was published.

    Raises NothingPublished.
    """
    signed = await reading.newest(db)
    if signed is None:
        raise NothingPublished("nothing is published yet: the ledger has no checkpoint")
    begin = end = None
    indexes: Sequence[int]
    if wanted.scope == "region":
        begin, end = await wanted.span(db, signed.size)
        indexes = range(begin, end)
        chosen: ColumnElement[bool] = and_(entries.c.index >= begin, entries.c.index < end)
    else:
        indexes = await wanted.indexes(db, signed.size, sees.restricted)
        chosen = entries.c.index.in_(indexes)
    earlier = await _earlier(db, signed.size, pin)
    manifest = Manifest(
        asked=wanted.told(),
        made_at=signed.witnessed_at.astimezone(UTC).isoformat(),
        origin=signed.note.partition(b"\n")[0].decode(),
        size=signed.size,
        root=signed.root,
        pin=earlier[0] if earlier else None,
        begin=begin,
        end=end,
        facts=len(indexes),
        positions=await spans(db, region, chosen),
    )
    return Prepared(manifest, signed.note, earlier[1] if earlier else None, indexes, region)


async def write(engine: AsyncEngine, prepared: Prepared, trust: Trust, sees: Sees) -> AsyncIterator[bytes]:
    """The bundle's bytes. Raises reading.NoSuchTile when the ledger lacks a tile: a bundle would prove nothing."""
    sealed, size = Sealed(), prepared.manifest.size
    yield sealed(head(prepared.manifest, trust, prepared.checkpoint, prepared.earlier))
    of_tile: dict[int, list[int]] = defaultdict(list)
    if prepared.manifest.begin is None:
        for index in prepared.indexes:
            of_tile[index // TILE].append(index)
    needed = lowest(prepared.indexes, size) if of_tile else _lowest(prepared.indexes, size)
    async with engine.connect() as db:
        for tile in upper(needed, size):
            yield sealed(entry(tile.path, await reading.tile(db, tile.path)))
        for at in range(0, len(needed), TOGETHER):
            some = needed[at : at + TOGETHER]
            tiles = {n: Tile(0, n, width_of(0, n, size)) for n in some}
            hashes = await reading.tiles_of(db, [tile.path for tile in tiles.values()])
            found = await _facts(db, prepared, some, of_tile, sees)
            for n, tile in tiles.items():
                yield sealed(group(n, tile.width, hashes[tile.path], found[n]))
            await db.rollback()  # no transaction stays open while the auditor's line is slow
    yield sealed.end()


async def _earlier(db: AsyncConnection, size: int, pin: int | None) -> tuple[int, Earlier] | None:
    asked = select(checkpoints.c.size, checkpoints.c.note).where(checkpoints.c.size < size)
    asked = asked.where(checkpoints.c.size == pin) if pin is not None else asked.order_by(checkpoints.c.size)
    row = (await db.execute(asked.limit(1))).one_or_none()
    if row is None:
        return None
    proof = await reading.from_tiles(db, size, lambda hashes: consistency_proof(hashes, row.size, size))
    return row.size, Earlier(bytes(row.note), tuple(proof))


def _lowest(indexes: Sequence[int], size: int) -> list[int]:
    """As `lowest`, of leaves without a gap."""
    ends = [indexes[0], indexes[-1]] if indexes else []
    first, last = (ends[0] // TILE, ends[1] // TILE + 1) if ends else (0, 0)
    return sorted({*range(first, last), *lowest((), size)})


async def _facts(
    db: AsyncConnection,
    prepared: Prepared,
    tiles: Sequence[int],
    of_tile: Mapping[int, Sequence[int]],
    sees: Sees,
) -> Mapping[int, Sequence[Fact]]:
    """The chosen leaves of these tiles with their facts; a leaf or a fact that is gone is left out."""
    if prepared.manifest.begin is None:
        here: ColumnElement[bool] = entries.c.index.in_(
            [index for n in tiles for index in of_tile.get(n, ())]
        )
    else:
        first = max(tiles[0] * TILE, prepared.manifest.begin)
        last = min((tiles[-1] + 1) * TILE, prepared.manifest.end or 0)
        here = and_(entries.c.index >= first, entries.c.index < last)
    columns = (
        entries.c.index,
        entries.c.source,
        entries.c.position,
        entries.c.leaf,
        facts.c.type,
        facts.c.body,
    )
    asked = (
        select(*columns, may_be_shown(sees.restricted).label("open"))
        .outerjoin(facts, same_place())
        .where(here)
        .order_by(entries.c.index)
    )
    found: dict[int, list[Fact]] = defaultdict(list)
    for row in (await db.execute(asked)).mappings():
        blob, kept = row["body"], Kept.WHOLE
        if blob is not None and not (row["open"] and sees.plain(dict(row))):
            blob, kept = b"", Kept.WITHHELD
        source = f"/{prepared.region}/{row['source']}"
        found[row["index"] // TILE].append(
            Fact(row["index"], source, row["position"], bytes(row["leaf"]), blob, kept)
        )
    return found
