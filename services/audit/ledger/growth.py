"""The tree as it stands in the database, and how it grows: entries and tiles in one transaction."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from psycopg import AsyncConnection

from services.audit.ledger.formats.leaf import Leaf
from services.audit.ledger.formats.merkle import Hashes, leaf_hash, root_at
from services.audit.ledger.formats.tiles import HASH, HEIGHT, TILE, Tile, TileReader, grow, tile_path
from shared.kernel import faults

T = TypeVar("T")
Connection = AsyncConnection[Any]


class Damaged(Exception):
    """Entries and tiles do not belong together; the message says where."""


@dataclass(frozen=True, slots=True)
class New:
    """A leaf that comes next of its source; `source` is the service's name."""

    source: str
    leaf: Leaf


class Growth:
    """The right edge of the tree: all that appending needs. Changes only when the database has committed."""

    def __init__(self) -> None:
        self.size = 0
        self.heads: dict[str, int] = {}
        self._edge: dict[str, bytes] = {}
        self._grown = asyncio.Event()

    @classmethod
    async def open(cls, connection: Connection, sources: Iterable[str]) -> "Growth":
        """As the database has it. Raises Damaged when the tiles do not fit the entries."""
        found = cls()
        found.size = await size_of(connection)
        found.heads = await heads_of(connection, sources)
        found._edge = await tiles_at(connection, edge(found.size))
        return found

    def root(self) -> bytes:
        return root_at(self._reader(), self.size)

    async def append(self, connection: Connection, new: Sequence[New]) -> None:
        """Make these the next leaves, all or none. A second leader's would meet the same index and fail."""
        encoded = [fact.leaf.encode() for fact in new]
        grown = grow(self._edge.__getitem__, self.size, [leaf_hash(leaf) for leaf in encoded])
        async with connection.transaction():
            await faults.reach("ledger.before_entries")
            copying = "COPY ledger_entries (index, source, position, leaf) FROM STDIN (FORMAT binary)"
            async with connection.cursor() as cursor, cursor.copy(copying) as copy:
                copy.set_types(["int8", "text", "int8", "bytea"])
                for index, (fact, leaf) in enumerate(zip(new, encoded, strict=True), self.size):
                    await copy.write_row((index, fact.source, fact.leaf.position, leaf))
            await faults.reach("ledger.after_entries")
            await connection.execute(
                "INSERT INTO ledger_tiles (path, bytes) SELECT * FROM unnest(%s::text[], %s::bytea[]) "
                "ON CONFLICT (path) DO UPDATE SET bytes = excluded.bytes",
                ([_whole(path) for path in grown], list(grown.values())),
            )
            await faults.reach("ledger.after_tiles")
        await faults.reach("ledger.after_commit")
        self.size += len(new)
        for fact in new:
            self.heads[fact.source] = fact.leaf.position
        known = self._edge | grown
        self._edge = {path: known[path] for path in edge(self.size)}

        self._grown.set()
        self._grown = asyncio.Event()

    async def beyond(self, size: int) -> None:
        """Returns as soon as the tree is larger."""
        while self.size <= size:
            await self._grown.wait()

    def _reader(self) -> Hashes:
        return TileReader(self._edge.__getitem__, self.size)


async def size_of(connection: Connection) -> int:
    cursor = await connection.execute("SELECT coalesce(max(index) + 1, 0) FROM ledger_entries")
    row = await cursor.fetchone()
    return int(row[0]) if row else 0


async def heads_of(connection: Connection, sources: Iterable[str]) -> dict[str, int]:
    """The last position of each source that is in the log."""
    cursor = await connection.execute(
        "SELECT source, (SELECT coalesce(max(position), 0) FROM ledger_entries e WHERE e.source = s.source) "
        "FROM unnest(%s::text[]) s(source)",
        (sorted(sources),),
    )
    return {row[0]: row[1] for row in await cursor.fetchall()}


async def from_tiles(connection: Connection, size: int, compute: Callable[[Hashes], T]) -> T:
    """What `compute` makes of the hashes of the log's first `size` leaves; only the tiles that it asks for are read.

    Raises Damaged when one of them is not there.
    """
    wanted: dict[str, None] = {}
    compute(asked(wanted, size))
    return compute(TileReader((await tiles_at(connection, list(wanted))).__getitem__, size))


def asked(wanted: dict[str, None], size: int) -> Hashes:
    """Stands in for the hashes, to find out which tiles (paths) will be wanted."""

    def hashes(level: int, index: int) -> bytes:
        tall, inside = divmod(level, HEIGHT)
        n = index // (TILE >> inside)
        wanted[tile_path(tall, n, min(TILE, (size >> HEIGHT * tall) - n * TILE))] = None
        return bytes(HASH)

    return hashes


async def tiles_at(connection: Connection, paths: Sequence[str]) -> dict[str, bytes]:
    """Tiles at exactly these widths: kept is only the newest, of which a narrower one is the beginning."""
    cursor = await connection.execute(
        "SELECT path, bytes FROM ledger_tiles WHERE path = ANY(%s)", ([_whole(path) for path in paths],)
    )
    kept = {row[0]: row[1] for row in await cursor.fetchall()}
    found = {path: kept.get(_whole(path), b"")[: Tile.parse(path).width * HASH] for path in paths}
    for path, data in found.items():
        if len(data) != Tile.parse(path).width * HASH:
            raise Damaged(f"{path} is not there or too short: the ledger's tiles do not fit its entries")
    return found


def edge(size: int) -> list[str]:
    """The partial tiles of a tree: all that its root is made of."""
    found, level = [], 0
    while size:
        n, width = divmod(size, TILE)
        if width:
            found.append(tile_path(level, n, width))
        level, size = level + 1, n
    return found


def _whole(path: str) -> str:
    tile = Tile.parse(path)
    return tile_path(tile.level, tile.n)
