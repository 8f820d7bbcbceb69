"""Tiles of C2SP tlog-tiles: the tree's hashes and entries as files that never change once full."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from services.audit.ledger.formats.exact import Malformed
from services.audit.ledger.formats.merkle import node_hash, root_at, root_of

HEIGHT = 8
TILE = 256
HASH = 32
ENTRIES = -1
"""The level under which `Tile` keeps a bundle of entries: it lies below the leaves' hashes."""

_PATH = re.compile(
    r"tile/(entries|[0-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?",
    re.ASCII,
)


class TileError(Malformed):
    """A tile or bundle of entries is not what its path says."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile: its level (or ENTRIES), its number in the level, and its width (256 when full)."""

    level: int
    n: int
    width: int = TILE

    @property
    def path(self) -> str:
        level = "entries" if self.level == ENTRIES else str(self.level)
        parts = [f"{self.n % 1000:03d}"]
        rest = self.n // 1000
        while rest:
            parts.append(f"x{rest % 1000:03d}")
            rest //= 1000
        partial = f".p/{self.width}" if self.width < TILE else ""
        return f"tile/{level}/{'/'.join(reversed(parts))}{partial}"

    @classmethod
    def parse(cls, path: str) -> "Tile":
        """From the one spelling of a path; raises TileError for any other."""
        found = _PATH.fullmatch(path)
        if not found:
            raise TileError(f"not the path of a tile: {path[:60]!r}")
        level, number, width = found.groups()
        tile = cls(
            ENTRIES if level == "entries" else int(level),
            int(number.replace("/", "").replace("x", "")),
            int(width or TILE),
        )
        if tile.path != path:
            raise TileError(f"not the path of a tile: {path[:60]!r}")
        return tile


def tile_path(level: int, n: int, width: int = TILE) -> str:
    """`tile/0/x001/067.p/5`: the fifth width of the 1,067th tile of leaf hashes."""
    return Tile(level, n, width).path


def entries_path(n: int, width: int = TILE) -> str:
    return Tile(ENTRIES, n, width).path


def encode_entries(entries: Sequence[bytes]) -> bytes:
    """A bundle: each entry after its length in two bytes, big-endian."""
    if any(len(entry) > 0xFFFF for entry in entries):
        raise TileError("an entry is longer than 65,535 bytes")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def decode_entries(data: bytes) -> list[bytes]:
    """The entries of a bundle; raises TileError when it is cut, or holds more than 256."""
    found: list[bytes] = []
    at, end = 0, len(data)
    while at < end:
        entry = data[at + 2 : (after := at + 2 + int.from_bytes(data[at : at + 2], "big"))]
        if after > end or at + 2 > end or len(found) == TILE:
            raise TileError("the bundle of entries is cut or too long")
        found.append(entry)
        at = after
    return found


def tiles_after(old_size: int, new_size: int) -> Iterator[Tile]:
    """The tiles of hashes that a log of `new_size` has and one of `old_size` has not, lowest level first."""
    level, old, new = 0, old_size, new_size
    while new:
        for n in range(old // TILE, new // TILE):
            yield Tile(level, n)
        if new % TILE and new != old:
            yield Tile(level, new // TILE, new % TILE)
        level, old, new = level + 1, old // TILE, new // TILE


def grow(fetch: Callable[[str], bytes], old_size: int, leaf_hashes: Sequence[bytes]) -> dict[str, bytes]:
    """The tiles (path: bytes) that appending these leaves adds; `fetch` reads the old partial ones."""
    found: dict[str, bytes] = {}
    level, old, added = 0, old_size, list(leaf_hashes)
    while added:
        n, width = divmod(old, TILE)
        kept = hashes_of(fetch(tile_path(level, n, width)), width) if width else []
        row, above = kept + added, []
        for at in range(0, len(row), TILE):
            tile = row[at : at + TILE]
            found[tile_path(level, n + at // TILE, len(tile))] = b"".join(tile)
            if len(tile) == TILE:
                above.append(root_of(tile))
        level, old, added = level + 1, old // TILE, above
    return found


def hashes_of(data: bytes, width: int) -> list[bytes]:
    """The first `width` hashes of a tile that is of this width, or full."""
    if len(data) not in (width * HASH, TILE * HASH):
        raise TileError(f"a tile of {width} hashes has {len(data)} bytes")
    return [data[at : at + HASH] for at in range(0, width * HASH, HASH)]


class TileReader:
    """Hashes at (level, index) of a log's tree of `size`, from its tiles; call it where `merkle` takes `Hashes`.

    What it gives is as true as the tiles are: compare `root()` with a signed checkpoint first.
    """

    def __init__(self, fetch: Callable[[str], bytes], size: int, *, kept: int = 256) -> None:
        self.size = size
        self._fetch = fetch
        self._kept = kept
        self._rows: dict[tuple[int, int], list[list[bytes]]] = {}

    def __call__(self, level: int, index: int) -> bytes:
        if index < 0 or (index + 1) << level > self.size:
            raise ValueError(f"a tree of {self.size} has no complete subtree {index} at level {level}")
        tall, inside = divmod(level, HEIGHT)
        n, at = divmod(index, TILE >> inside)
        return self._tile(tall, n)[inside][at]

    def root(self) -> bytes:
        return root_at(self, self.size)

    def _tile(self, level: int, n: int) -> list[list[bytes]]:
        rows = self._rows.pop((level, n), None)
        if rows is None:
            width = min(TILE, (self.size >> HEIGHT * level) - n * TILE)
            rows = [hashes_of(self._fetch(tile_path(level, n, width)), width)]
            while len(row := rows[-1]) > 1 and len(rows) < HEIGHT:
                rows.append([node_hash(row[at], row[at + 1]) for at in range(0, len(row) - 1, 2)])
            if len(self._rows) >= self._kept:
                del self._rows[next(iter(self._rows))]
        self._rows[level, n] = rows  # the last used is the last thrown out
        return rows
