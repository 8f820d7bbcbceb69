"""The part of the tree that a bundle holds: every tile's hash must be where the tile above has it."""

from services.audit.bundle.archive import BadBundle
from services.audit.bundle.layout import width_of
from services.audit.ledger.formats.merkle import EMPTY_ROOT, node_hash, root_at, root_of
from services.audit.ledger.formats.tiles import HASH, HEIGHT, TILE, Tile, TileError, TileReader, hashes_of


class Branches:
    """Takes the tiles in the bundle's order, parents first, in a tree of `size`.

    `kept_for` is the size of an earlier tree whose root may be asked for.
    """

    def __init__(self, size: int, kept_for: int | None = None) -> None:
        self._size = size
        self._kept_for = kept_for
        self._tiles: dict[tuple[int, int], bytes] = {}
        self._edges: dict[int, list[bytes]] = {}
        self._last: tuple[int, int] | None = None

    def take(self, name: str, content: bytes) -> tuple[Tile, list[bytes], bool]:
        """The tile, its hashes, and whether they fit what is above. Raises BadBundle."""
        try:
            tile = Tile.parse(name)
            if (
                tile.level < 0
                or tile.width != width_of(tile.level, tile.n, self._size)
                or len(content) != tile.width * HASH
            ):
                raise TileError(f"a tree of {self._size} has no such tile")
            hashes = hashes_of(content, tile.width)
        except TileError as wrong:
            raise BadBundle(name, str(wrong)) from None
        place = (-tile.level, tile.n)
        if self._last is not None and place <= self._last:
            raise BadBundle(name, "this tile is out of order")
        self._last = place
        if tile.level or (self._kept_for is not None and tile.n == self._kept_for // TILE):
            self._tiles[tile.level, tile.n] = content
        if tile.width < TILE:
            self._edges[tile.level] = hashes
            return tile, hashes, True
        above = self._tiles.get((tile.level + 1, tile.n // TILE))
        if above is None:
            raise BadBundle(name, "the tile above it is not in the bundle")
        at = tile.n % TILE * HASH
        return tile, hashes, above[at : at + HASH] == root_of(hashes)

    def root(self) -> bytes:
        """The root, from the tiles at the right edge. Raises BadBundle when one of them is not there."""
        found: bytes | None = None
        for level in range((self._size.bit_length() + HEIGHT - 1) // HEIGHT):
            if not (width := (self._size >> HEIGHT * level) % TILE):
                continue
            hashes = self._edges.get(level)
            if hashes is None:
                raise BadBundle(f"tile/{level}", "the tile at the right edge is not in the bundle")
            end = width
            while (
                width
            ):  # the complete subtrees of this level, from the smallest, at the right, to the largest
                part = width & -width
                peak = root_of(hashes[end - part : end])
                found = peak if found is None else node_hash(peak, found)
                end, width = end - part, width - part
        return EMPTY_ROOT if found is None else found

    def root_when(self, size: int) -> bytes | None:
        """The root that the tree had at an earlier size; None when the bundle does not hold what it takes."""

        def fetch(path: str) -> bytes:
            tile = Tile.parse(path)
            return self._tiles[tile.level, tile.n]

        try:
            return root_at(TileReader(fetch, self._size), size)
        except KeyError:
            return None
