"""A ledger in memory, with every key there is: what an honest operator has, and what a dishonest one would do."""

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.audit.bundle.layout import Kept, lowest, upper, width_of
from services.audit.bundle.manifest import Asked, Manifest, Span
from services.audit.bundle.pieces import Earlier, Fact, Sealed, Trust, group, head
from services.audit.ledger.formats.checkpoint import Checkpoint
from services.audit.ledger.formats.cosignature import cosign
from services.audit.ledger.formats.leaf import Leaf, signed_text
from services.audit.ledger.formats.merkle import consistency_proof, leaf_hash
from services.audit.ledger.formats.note import sign, with_signatures
from services.audit.ledger.formats.tiles import Tile, TileReader, grow
from shared.kernel.notekeys import COSIGNATURE, ED25519, Signer

REGION = "uk-london"
ORIGIN = f"alongside.example/{REGION}/ledger"
AT = datetime(2026, 9, 7, 8, 0, tzinfo=UTC)


def key(name: str, kind: int = ED25519) -> Signer:
    """Always the same for a name."""
    return Signer(name, hashlib.sha256(name.encode()).digest(), kind)


LOG = key(ORIGIN)
WITNESSES = tuple(key(f"witness.example/{name}", COSIGNATURE) for name in ("ann", "ben", "cleo"))
PRODUCERS = {
    name: key(f"{REGION}/{name}")
    for name in ("assignments", "sessions", "training", "notifications", "audit")
}


def policy_text(needed: int = 2) -> str:
    lines = [f"log {LOG.vkey()}"]
    lines += [f"witness {one.name.rpartition('/')[2]} {one.verifier.vkey()}" for one in WITNESSES]
    return "\n".join([*lines, f"group enough {needed} ann ben cleo", "quorum enough", ""])


@dataclass
class Ledger:
    """Facts by index: their bytes and their leaves. Change either, and see what verify says."""

    blobs: list[bytes] = field(default_factory=list)
    leaves: list[bytes] = field(default_factory=list)
    positions: Counter[str] = field(default_factory=Counter)

    def add(self, service: str, blob: bytes, position: int | None = None, by: Signer | None = None) -> int:
        """Records a fact of this service, signed by it (or by somebody else), and returns its index."""
        if position is None:
            self.positions[service] += 1
            position = self.positions[service]
        source, digest = f"/{REGION}/{service}", hashlib.sha256(blob).hexdigest()
        signature = (by or PRODUCERS[service]).signature(
            signed_text(source, position, digest, len(blob)).encode()
        )
        at = AT + timedelta(milliseconds=17 * len(self.leaves))
        self.blobs.append(blob)
        self.leaves.append(Leaf(source, position, digest, len(blob), at, signature).encode())
        return len(self.leaves) - 1

    def tiles(self, size: int | None = None) -> dict[str, bytes]:
        return grow(lambda path: b"", 0, [leaf_hash(leaf) for leaf in self.leaves[:size]])

    def checkpoint(self, size: int | None = None, by: Iterable[Signer] = WITNESSES[:2]) -> bytes:
        """Signed by the log, cosigned by these."""
        size = len(self.leaves) if size is None else size
        root = self.reader(size).root()
        text = Checkpoint(ORIGIN, size, root).text()
        at = int(AT.timestamp()) + size
        return with_signatures(sign(text, LOG), [cosign(text, one.name, one.seed, at) for one in by])

    def reader(self, size: int | None = None) -> TileReader:
        tiles = self.tiles(size)
        return TileReader(lambda path: tiles[path], len(self.leaves) if size is None else size)

    def bundle(
        self,
        chosen: Collection[int] | None = None,
        *,
        span: tuple[int, int] | None = None,
        pin: int | None = None,
        checkpoint: bytes | None = None,
        earlier: Earlier | None = None,
        tiles: dict[str, bytes] | None = None,
        without_blobs: Collection[int] = (),
        without_leaves: Collection[int] = (),
        withheld: Collection[int] = (),
        erased: Collection[int] = (),
        trust: Trust | None = None,
        policy: str | None = None,
    ) -> bytes:
        """A region's bundle (of `span`, or of everything), or that of a child whose facts are `chosen`."""
        size = len(self.leaves)
        begin, end = span or (0, size)
        indexes = sorted(range(begin, end) if chosen is None else chosen)
        tiles = self.tiles() if tiles is None else tiles
        spans: dict[str, Span] = {}
        for index in indexes:
            leaf = Leaf.decode(self.leaves[index])
            known = spans.get(leaf.source, Span(leaf.position, leaf.position, 0))
            spans[leaf.source] = Span(
                min(known.first, leaf.position), max(known.last, leaf.position), known.facts + 1
            )
        if pin is not None and earlier is None:
            earlier = Earlier(self.checkpoint(pin), tuple(consistency_proof(self.reader(), pin, size)))
        asked = Asked("region") if chosen is None else Asked("child", str(UUID(int=7)))
        manifest = Manifest(
            asked,
            "2026-09-07T08:00:00Z",
            ORIGIN,
            size,
            self.reader().root().hex(),
            pin,
            begin if chosen is None else None,
            end if chosen is None else None,
            len(indexes),
            spans,
        )
        trust = trust or Trust(
            LOG.vkey(), tuple(one.vkey() for one in PRODUCERS.values()), policy or policy_text()
        )
        sealed = Sealed()
        needed = lowest(indexes, size)
        parts = [sealed(head(manifest, trust, checkpoint or self.checkpoint(), earlier))]
        parts += [sealed(tile_entry(tile, tiles)) for tile in upper(needed, size)]
        for n in needed:
            facts = []
            for index in indexes:
                if index // 256 != n or index in without_leaves:
                    continue
                kept = Kept.WITHHELD if index in withheld else Kept.ERASED if index in erased else Kept.WHOLE
                blob = self.blobs[index] if kept is Kept.WHOLE else b""
                leaf, held = Leaf.decode(self.leaves[index]), None if index in without_blobs else blob
                facts.append(Fact(index, leaf.source, leaf.position, self.leaves[index], held, kept))
            width = width_of(0, n, size)
            parts.append(sealed(group(n, width, tiles[Tile(0, n, width).path], facts)))
        return b"".join([*parts, sealed.end()])


def tile_entry(tile: Tile, tiles: dict[str, bytes]) -> bytes:
    from services.audit.bundle.archive import entry

    return entry(tile.path, tiles[tile.path])


def blob_of(kind: str, number: int, **data: object) -> bytes:
    """A CloudEvent as far as the ledger looks at it."""
    whole = {"id": str(UUID(int=number)), "type": kind, "data": {"note": "x" * (number % 90), **data}}
    return json.dumps(whole).encode()


def ledger_of(count: int) -> Ledger:
    """So many facts of all services."""
    made, services = Ledger(), list(PRODUCERS)
    for number in range(count):
        service = services[(number * number + number // 7) % len(services)]
        made.add(service, blob_of(f"{service}.SomethingHappened.v1", number))
    return made
