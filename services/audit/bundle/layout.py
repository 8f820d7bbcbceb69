"""What a bundle's entries are called, and in which order they come."""

from collections.abc import Iterable, Iterator
from enum import StrEnum

from services.audit.ledger.formats.tiles import HEIGHT, TILE, Tile

LOG_KEY = "log.vkey"
PRODUCERS = "producers.vkeys"
POLICY = "witness.policy"
PIN = "pin"
CONSISTENCY = "consistency"
CHECKPOINT = "checkpoint"
DIGEST = "sha256"
"""The last entry: the SHA-256 of all bytes before it. It proves nothing, and shows every accident."""


class Kept(StrEnum):
    """How a fact's bytes are in the bundle: as they are, or why they are not."""

    WHOLE = "json"
    WITHHELD = "withheld"
    ERASED = "erased"


def fact_name(source: str, position: int, kept: Kept = Kept.WHOLE) -> str:
    """`facts/uk-london/sessions/12/12345.json`: a thousand in a folder."""
    return f"facts{source}/{position // 1000}/{position}.{kept}"


def leaves_name(n: int) -> str:
    """Some leaves of the n-th tile; all of them are in `tile/entries/`, as the log itself serves them."""
    return Tile(0, n).path.replace("tile/0/", "leaves/")


def width_of(level: int, n: int, size: int) -> int:
    """How many hashes the tile has in a tree of this size; not positive when there is no such tile."""
    return min(TILE, (size >> HEIGHT * level) - n * TILE)


def lowest(indexes: Iterable[int], size: int) -> list[int]:
    """Which tiles of leaf hashes a bundle of these leaves needs: theirs, and the one at the right edge."""
    edge = {size // TILE} if size % TILE else set()
    return sorted({index // TILE for index in indexes} | edge)


def upper(lowest: Iterable[int], size: int) -> Iterator[Tile]:
    """The tiles that lead from those of leaf hashes up to the root, the highest level first."""
    levels, wanted, level = [], set(lowest), 1
    while size >> HEIGHT * level:
        count = size >> HEIGHT * level
        wanted = {n // TILE for n in wanted if width_of(level, n // TILE, size) > 0}
        if count % TILE:
            wanted.add(count // TILE)
        levels.append([Tile(level, n, width_of(level, n, size)) for n in sorted(wanted)])
        level += 1
    for tiles in reversed(levels):
        yield from tiles
