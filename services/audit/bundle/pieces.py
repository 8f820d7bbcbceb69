"""A bundle's bytes, piece by piece: what is written here is what `reading` reads."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.audit.bundle import layout
from services.audit.bundle.archive import END, BadBundle, entry
from services.audit.bundle.layout import Kept
from services.audit.bundle.manifest import NAME, Manifest
from services.audit.ledger.formats.exact import Malformed, b64, decimal, hash_line, text_of
from services.audit.ledger.formats.tiles import TILE, encode_entries, entries_path, tile_path

LEAF_LINES = 7


@dataclass(frozen=True)
class Trust:
    """Keys and policy as the operator knows them. An auditor trusts those that he brings himself."""

    log_key: str
    producers: tuple[str, ...]
    policy: str


@dataclass(frozen=True)
class Earlier:
    """An earlier checkpoint (a signed note), and the proof that the newest one only added to it."""

    note: bytes
    proof: tuple[bytes, ...]


@dataclass(frozen=True)
class Fact:
    """One leaf, and the fact's bytes; None when they are not there, and nobody says why."""

    index: int
    source: str
    position: int
    leaf: bytes
    blob: bytes | None
    kept: Kept = Kept.WHOLE


def head(manifest: Manifest, trust: Trust, checkpoint: bytes, earlier: Earlier | None) -> bytes:
    """Everything before the tiles."""
    parts = [
        entry(NAME, manifest.encode()),
        entry(layout.LOG_KEY, f"{trust.log_key}\n".encode()),
        entry(layout.PRODUCERS, "".join(f"{key}\n" for key in trust.producers).encode()),
        entry(layout.POLICY, trust.policy.encode()),
    ]
    if earlier is not None:
        parts += [
            entry(layout.PIN, earlier.note),
            entry(layout.CONSISTENCY, proof_text(manifest.pin or 0, earlier.proof)),
        ]
    return b"".join([*parts, entry(layout.CHECKPOINT, checkpoint)])


def group(n: int, width: int, tile: bytes, facts: Sequence[Fact]) -> bytes:
    """The n-th tile of leaf hashes, those of its leaves that were asked for, and their facts."""
    parts = [entry(tile_path(0, n, width), tile)]
    if len(facts) == width:
        parts.append(entry(entries_path(n, width), encode_entries([fact.leaf for fact in facts])))
    elif facts:
        parts.append(entry(layout.leaves_name(n), encode_leaves(facts)))
    for fact in facts:
        if fact.blob is not None:
            parts.append(entry(layout.fact_name(fact.source, fact.position, fact.kept), fact.blob))
    return b"".join(parts)


def encode_leaves(facts: Iterable[Fact]) -> bytes:
    """Each leaf after a line with its index, and an empty line behind it."""
    return b"".join(b"%d\n%b\n" % (fact.index, fact.leaf) for fact in facts)


def decode_leaves(name: str, content: bytes) -> list[tuple[int, bytes]]:
    """(index, leaf record) of each. Raises BadBundle."""
    try:
        lines = text_of(content, TILE * 2_100).split("\n")
        step = LEAF_LINES + 2
        if lines.pop() or len(lines) % step or any(lines[step - 1 :: step]):
            raise Malformed("leaves are an index, seven lines and an empty one")
        return [
            (decimal(lines[at]), "".join(f"{line}\n" for line in lines[at + 1 : at + step - 1]).encode())
            for at in range(0, len(lines), step)
        ]
    except Malformed as wrong:
        raise BadBundle(name, str(wrong)) from None


def proof_text(old: int, proof: Iterable[bytes]) -> bytes:
    """As a witness is sent it: the old size, and a hash in each line."""
    return "".join([f"old {old}\n", *(f"{b64(found)}\n" for found in proof)]).encode()


def parse_proof(content: bytes) -> tuple[int, list[bytes]]:
    """The old size and the proof. Raises BadBundle."""
    try:
        first, *lines = text_of(content, 10_000).split("\n")
        if not first.startswith("old ") or not lines or lines.pop():
            raise Malformed("a consistency proof begins with the old size")
        return decimal(first.removeprefix("old ")), [hash_line(line) for line in lines]
    except Malformed as wrong:
        raise BadBundle(layout.CONSISTENCY, str(wrong)) from None


class Sealed:
    """Passes a bundle's bytes on, and ends them with their digest."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()

    def __call__(self, piece: bytes) -> bytes:
        self._digest.update(piece)
        return piece

    def end(self) -> bytes:
        return entry(layout.DIGEST, f"{self._digest.hexdigest()}\n".encode()) + END
