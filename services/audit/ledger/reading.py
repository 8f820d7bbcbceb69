"""The ledger as others read it: published checkpoints, where a fact stands in it, and its tiles."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import RowMapping, Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.audit.ledger.formats.merkle import Hashes, inclusion_proof
from services.audit.ledger.formats.proof import Proof
from services.audit.ledger.formats.tiles import ENTRIES, TILE, Tile, TileReader, encode_entries
from services.audit.ledger.growth import asked
from services.audit.read_model.ledger_tables import checkpoints, entries, tiles

T = TypeVar("T")


class NoSuchTile(LookupError):
    """The log is not that large, or the path is no tile's."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A published checkpoint. `root` is hexadecimal; `note` the signed note with the witnesses' cosignatures;
    `witnessed_at` the moment by which enough witnesses had seen it, by their own clocks."""

    size: int
    root: str
    note: bytes
    witnessed_at: datetime


async def newest(db: AsyncConnection) -> Signed | None:
    """The largest published tree; None before there is any."""
    return await _one(db, _published().limit(1))


async def as_of(db: AsyncConnection, known_at: datetime) -> Signed | None:
    """The largest tree that the witnesses had seen by then; None when there was none."""
    return await _one(db, _published().where(checkpoints.c.witnessed_at <= known_at).limit(1))


async def index_of(db: AsyncConnection, source: str, position: int) -> int | None:
    """The fact's index among the leaves; None when it is not sequenced. `source` is the service's name."""
    asked = select(entries.c.index).where(entries.c.source == source, entries.c.position == position)
    found: int | None = (await db.execute(asked)).scalar_one_or_none()
    return found


async def leaves(db: AsyncConnection, begin: int, end: int) -> list[bytes]:
    """The leaf records with begin <= index < end, in order."""
    asked = select(entries.c.leaf).where(entries.c.index >= begin, entries.c.index < end)
    return [bytes(leaf) for leaf in (await db.execute(asked.order_by(entries.c.index))).scalars()]


async def size(db: AsyncConnection) -> int:
    """How many leaves there are, published or not."""
    return int((await db.execute(select(func.coalesce(func.max(entries.c.index) + 1, 0)))).scalar_one())


async def tile(db: AsyncConnection, path: str) -> bytes:
    """A tile or bundle of entries by its C2SP path, `tile/0/x001/067.p/5`. Raises NoSuchTile.

    Only the newest width of a tile is kept: a narrower one is its beginning.
    """
    return (await tiles_of(db, [path]))[path]


async def tiles_of(db: AsyncConnection, paths: Sequence[str]) -> dict[str, bytes]:
    """Several at once. Raises NoSuchTile for the first that is not there."""
    asked = {path: _parse(path) for path in paths}
    kept = {Tile(tile.level, tile.n).path for tile in asked.values() if tile.level != ENTRIES}
    rows = await db.execute(select(tiles.c.path, tiles.c.bytes).where(tiles.c.path.in_(kept)))
    known = {path: bytes(held) for path, held in rows}
    found = {}
    for path, tile in asked.items():
        if tile.level == ENTRIES:
            held = await leaves(db, tile.n * TILE, tile.n * TILE + tile.width)
            if len(held) < tile.width:
                raise NoSuchTile(path)
            found[path] = encode_entries(held)
        else:
            whole = known.get(Tile(tile.level, tile.n).path, b"")
            if len(whole) < tile.width * 32:
                raise NoSuchTile(path)
            found[path] = whole[: tile.width * 32]
    return found


async def from_tiles(db: AsyncConnection, size: int, compute: Callable[[Hashes], T]) -> T:
    """What `compute` makes of the hashes of the log's first `size` leaves: a proof, a root. Raises NoSuchTile."""
    wanted: dict[str, None] = {}
    compute(asked(wanted, size))
    return compute(TileReader((await tiles_of(db, list(wanted))).__getitem__, size))


async def proof(db: AsyncConnection, source: str, position: int) -> Proof | None:
    """That a fact is in the newest published tree; `extra` is its leaf. None while it is in none."""
    index, signed = await index_of(db, source, position), await newest(db)
    if index is None or signed is None or index >= signed.size:
        return None
    hashes = await from_tiles(db, signed.size, lambda known: inclusion_proof(known, index, signed.size))
    (leaf,) = await leaves(db, index, index + 1)
    return Proof(index, tuple(hashes), signed.note, leaf)


def _parse(path: str) -> Tile:
    try:
        return Tile.parse(path)
    except ValueError:
        raise NoSuchTile(path) from None


def _published() -> Select[tuple[int, str, bytes, datetime]]:
    columns = (checkpoints.c.size, checkpoints.c.root, checkpoints.c.note, checkpoints.c.witnessed_at)
    return select(*columns).order_by(checkpoints.c.size.desc())


async def _one(db: AsyncConnection, asked: Select[tuple[int, str, bytes, datetime]]) -> Signed | None:
    row: RowMapping | None = (await db.execute(asked)).mappings().one_or_none()
    return Signed(row["size"], row["root"], bytes(row["note"]), row["witnessed_at"]) if row else None
