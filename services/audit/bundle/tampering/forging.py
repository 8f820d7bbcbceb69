"""A ledger in memory, and the bundle that an operator with these keys would hand out of it, honest or not."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from services.audit.bundle.archive import entry
from services.audit.bundle.layout import Kept, lowest, upper, width_of
from services.audit.bundle.manifest import Asked, Manifest, Span
from services.audit.bundle.opening import parsed
from services.audit.bundle.pieces import Earlier, Fact, Sealed, Trust, group, head
from services.audit.ledger.formats.checkpoint import Checkpoint
from services.audit.ledger.formats.cosignature import cosign
from services.audit.ledger.formats.leaf import Leaf, signed_text
from services.audit.ledger.formats.merkle import consistency_proof, leaf_hash
from services.audit.ledger.formats.note import Signer, sign, with_signatures
from services.audit.ledger.formats.tiles import TILE, Tile, TileReader, grow

STEP = timedelta(milliseconds=17)


@dataclass
class Forge:
    """Leaves and the bytes they speak of, by index; and the keys that sign what is made of them."""

    log: Signer
    witnesses: Sequence[Signer]
    trust: Trust
    at: datetime
    leaves: list[bytes] = field(default_factory=list)
    blobs: list[bytes | None] = field(default_factory=list)

    def add(self, source: str, position: int, blob: bytes, by: Signer | None) -> int:
        """A fact of that source, signed by somebody, or by nobody; its index."""
        digest, signature = hashlib.sha256(blob).hexdigest(), "-"
        if by is not None:
            signature = by.signature(signed_text(source, position, digest, len(blob)).encode())
        at = self.at + STEP * len(self.leaves)
        self.blobs.append(blob)
        self.leaves.append(Leaf(source, position, digest, len(blob), at, signature).encode())
        return len(self.leaves) - 1

    def last_of(self, source: str) -> int:
        """The source's last position; 0 without facts."""
        found = (Leaf.decode(leaf) for leaf in self.leaves)
        return max((leaf.position for leaf in found if leaf.source == source), default=0)

    def tiles(self, size: int | None = None) -> dict[str, bytes]:
        return grow(lambda path: b"", 0, [leaf_hash(leaf) for leaf in self.leaves[:size]])

    def reader(self, size: int | None = None) -> TileReader:
        tiles = self.tiles(size)
        return TileReader(lambda path: tiles[path], len(self.leaves) if size is None else size)

    def checkpoint(self, size: int | None = None, by: Sequence[Signer] | None = None) -> bytes:
        """Signed by the log, and cosigned by these witnesses (default: all that there are keys of)."""
        size = len(self.leaves) if size is None else size
        text = Checkpoint(self.log.name, size, self.reader(size).root()).text()
        at = int(self.at.timestamp()) + size
        witnesses = self.witnesses if by is None else by
        return with_signatures(
            sign(text, self.log), [cosign(text, one.name, one.seed, at) for one in witnesses]
        )

    def earlier(self, size: int, note: bytes | None = None) -> Earlier:
        """An earlier checkpoint of this very tree, with its proof; or somebody else's, with what proof there is."""
        now = len(self.leaves)
        proof = consistency_proof(self.reader(), size, now) if size <= now else []
        return Earlier(note or self.checkpoint(size), tuple(proof))

    def bundle(
        self,
        chosen: Collection[int] | None = None,
        *,
        asked: Asked | None = None,
        span: tuple[int, int] | None = None,
        pin: int | None = None,
        earlier: Earlier | None = None,
        checkpoint: bytes | None = None,
        tiles: Mapping[str, bytes] | None = None,
        without_leaves: Collection[int] = (),
        kept: Mapping[int, Kept] | None = None,
    ) -> bytes:
        """A region's bundle (of `span`, or of everything), or that of a child whose facts are `chosen`.

        `tiles` and `checkpoint` are those of before, where the damage was done behind the ledger's back.
        """
        size = len(self.leaves)
        begin, end = span or (0, size)
        indexes = sorted(range(begin, end) if chosen is None else chosen)
        tiles = self.tiles() if tiles is None else tiles
        earlier = self.earlier(pin) if pin is not None else earlier
        checkpoint = self.checkpoint() if checkpoint is None else checkpoint
        manifest = Manifest(
            asked or Asked("region"),
            self.at.isoformat(),
            self.log.name,
            size,
            parsed("checkpoint", checkpoint).root.hex(),
            parsed("pin", earlier.note).size if earlier else None,
            begin if chosen is None else None,
            end if chosen is None else None,
            len(indexes),
            self._spans(indexes),
        )
        sealed, needed = Sealed(), lowest(indexes, size)
        parts = [sealed(head(manifest, self.trust, checkpoint, earlier))]
        parts += [sealed(entry(tile.path, tiles[tile.path])) for tile in upper(needed, size)]
        for n in needed:
            here = [index for index in indexes if index // TILE == n and index not in without_leaves]
            width = width_of(0, n, size)
            facts = [self._fact(index, (kept or {}).get(index, Kept.WHOLE)) for index in here]
            parts.append(sealed(group(n, width, tiles[Tile(0, n, width).path], facts)))
        return b"".join([*parts, sealed.end()])

    def _fact(self, index: int, kept: Kept) -> Fact:
        leaf = Leaf.decode(self.leaves[index])
        blob = self.blobs[index] if kept is Kept.WHOLE else b""
        return Fact(index, leaf.source, leaf.position, self.leaves[index], blob, kept)

    def _spans(self, indexes: Sequence[int]) -> Mapping[str, Span]:
        found: dict[str, Span] = {}
        for index in indexes:
            leaf = Leaf.decode(self.leaves[index])
            at, known = leaf.position, found.get(leaf.source, Span(leaf.position, leaf.position, 0))
            found[leaf.source] = Span(min(known.first, at), max(known.last, at), known.facts + 1)
        return found
