"""Every way in which a bundle is made dishonest, and what verify has to say of it."""

import hashlib
import io
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from services.audit.bundle.archive import END, entry, every
from services.audit.bundle.layout import Kept
from services.audit.bundle.tampering.taking_apart import Held, Unfit
from services.audit.ledger.formats.findings import Finding
from services.audit.ledger.formats.leaf import Leaf
from services.audit.ledger.formats.note import Signer

_LETTER = re.compile(rb'"[0-9A-Za-z -]*([a-z])"')


@dataclass(frozen=True)
class Way:
    """`damage` makes the bundle; an honest auditor finds `finding` in it."""

    told: str
    finding: Finding
    damage: Callable[[Held], bytes]


def edited(blob: bytes | None) -> bytes:
    """The same length, another letter inside; still JSON."""
    letters = [*_LETTER.finditer(blob or b"")]
    if not blob or not letters:
        raise Unfit("there are no bytes to edit")
    at = letters[-1].start(1)
    return blob[:at] + (b"x" if blob[at : at + 1] != b"x" else b"y") + blob[at + 1 :]


def _middle(held: Held) -> int:
    return len(held.forge.leaves) // 2


def _blob_edited(held: Held) -> bytes:
    forge, at = held.forge, _middle(held)
    forge.blobs[at] = edited(forge.blobs[at])
    return _as_it_was(held)


def _backdated(held: Held) -> bytes:
    forge, at = held.forge, _middle(held)
    leaf = Leaf.decode(forge.leaves[at])
    forge.leaves[at] = replace(leaf, received_at=leaf.received_at - timedelta(days=30)).encode()
    return _as_it_was(held)


def _reordered(held: Held) -> bytes:
    forge, at = held.forge, _middle(held)
    forge.leaves[at - 1 : at + 1] = forge.leaves[at - 1 : at + 1][::-1]
    forge.blobs[at - 1 : at + 1] = forge.blobs[at - 1 : at + 1][::-1]
    return _as_it_was(held)


def _row_deleted(held: Held) -> bytes:
    return held.forge.bundle(tiles=held.tiles, checkpoint=held.checkpoint, without_leaves=[_middle(held)])


def _blob_deleted(held: Held) -> bytes:
    held.forge.blobs[_middle(held)] = None
    return _as_it_was(held)


def _excused(held: Held) -> bytes:
    kept = {_middle(held): Kept.ERASED}
    return held.forge.bundle(tiles=held.tiles, checkpoint=held.checkpoint, kept=kept)


def _certified(held: Held) -> bytes:
    source = f"{_region(held)}/audit"
    told = {"erasure_id": "00000000-0000-0000-0000-000000000000", "destroyed": 7, "classes": ["profile"]}
    said = [
        {"service": Leaf.decode(held.forge.leaves[0]).source.rpartition("/")[2], "position": 1, "rows": 9}
    ]
    fact = {"type": "audit.ErasureCertified.v1", "data": {**told, "acknowledged": said}}
    position = held.forge.last_of(source) + 1
    held.forge.add(source, position, json.dumps(fact).encode(), held.producer(source))
    return held.forge.bundle()


def _truncated(held: Held) -> bytes:
    """The bundle's own pin stands for what the auditor has kept: the checkpoint of before."""
    forge = held.forge
    earlier, keep = forge.earlier(len(forge.leaves), held.checkpoint), len(forge.leaves) * 3 // 4
    del forge.leaves[keep:], forge.blobs[keep:]
    return forge.bundle(earlier=earlier)


def _rewritten(held: Held) -> bytes:
    """Leaf, tiles and root of an edited fact, and every signature, made anew; the pin is of before."""
    forge, at = held.forge, _middle(held)
    earlier = forge.earlier(len(forge.leaves), held.checkpoint)
    leaf, forge.blobs[at] = Leaf.decode(forge.leaves[at]), edited(forge.blobs[at])
    _sign_again(held, at, leaf)
    return forge.bundle(earlier=earlier)


def _forked(held: Held) -> bytes:
    """The same for one auditor who has no pin: the witnesses have not seen it."""
    forge, at = held.forge, _middle(held)
    leaf, forge.blobs[at] = Leaf.decode(forge.leaves[at]), edited(forge.blobs[at])
    _sign_again(held, at, leaf)
    return forge.bundle(checkpoint=forge.checkpoint(by=()))


def _sign_again(held: Held, at: int, leaf: Leaf) -> None:
    blob = held.forge.blobs[at] or b""
    made = replace(leaf, sha256=hashlib.sha256(blob).hexdigest(), length=len(blob))
    signature = held.producer(leaf.source).signature(made.signed_text.encode())
    held.forge.leaves[at] = replace(made, signature=signature).encode()


def _told_twice(held: Held) -> bytes:
    forge, at = held.forge, _middle(held)
    leaf = Leaf.decode(forge.leaves[at])
    forge.add(leaf.source, leaf.position, edited(forge.blobs[at]), held.producer(leaf.source))
    return forge.bundle()


def _left_out(held: Held) -> bytes:
    forge = held.forge
    source = Leaf.decode(forge.leaves[-1]).source
    forge.add(source, forge.last_of(source) + 2, edited(forge.blobs[-1]), held.producer(source))
    return forge.bundle()


def _forged(held: Held) -> bytes:
    forge = held.forge
    source = Leaf.decode(forge.leaves[-1]).source
    forge.add(source, forge.last_of(source) + 1, edited(forge.blobs[-1]), Signer.new(source[1:]))
    return forge.bundle()


def _unsigned(held: Held) -> bytes:
    forge = held.forge
    source = Leaf.decode(forge.leaves[-1]).source
    forge.add(source, forge.last_of(source) + 1, edited(forge.blobs[-1]), None)
    return forge.bundle()


def _other_number(held: Held) -> bytes:
    """The size of the ledger with a zero before it: the same number, in a second spelling."""
    size = b'"size": %d' % len(held.forge.leaves)
    return _replaced(_as_it_was(held), "manifest.json", size, size.replace(b": ", b": 0"))


def _bomb(held: Held) -> bytes:
    """An entry that says to be eight gigabytes."""
    first = bytearray(entry("manifest.json", b"{}"))
    first[124:136] = b"77777777777\0"
    return bytes(first) + END


def _cut(held: Held) -> bytes:
    return _as_it_was(held)[: -len(END) - 700]


def _as_it_was(held: Held) -> bytes:
    """What was signed before, with what was changed since."""
    return held.forge.bundle(tiles=held.tiles, checkpoint=held.checkpoint)


def _replaced(bundle: bytes, name: str, old: bytes, new: bytes) -> bytes:
    parts = [
        entry(one, content.replace(old, new, 1) if one == name else content)
        for one, content in every(io.BytesIO(bundle))
        if one != "sha256"
    ]
    whole = b"".join(parts)
    return whole + entry("sha256", f"{hashlib.sha256(whole).hexdigest()}\n".encode()) + END


def _region(held: Held) -> str:
    return Leaf.decode(held.forge.leaves[0]).source.rpartition("/")[0]


WAYS: Mapping[str, Way] = {
    "blob-edited": Way("one letter of a fact is changed", Finding.BLOB_EDITED, _blob_edited),
    "leaf-backdated": Way("a fact came a month earlier than it did", Finding.ROOT_MISMATCH, _backdated),
    "leaves-reordered": Way("two facts change places", Finding.ROOT_MISMATCH, _reordered),
    "row-deleted": Way("a leaf is gone", Finding.ENTRY_COUNT, _row_deleted),
    "blob-deleted": Way("a fact's bytes are gone", Finding.MISSING_BLOB, _blob_deleted),
    "blob-excused": Way("a fact's bytes are gone, they say it was erased", Finding.BAD_CERTIFICATE, _excused),
    "false-certificate": Way(
        "an erasure is certified that nobody acknowledged", Finding.BAD_CERTIFICATE, _certified
    ),
    "truncated": Way("the last quarter is cut off and all is signed again", Finding.ROLLBACK, _truncated),
    "rewritten": Way("a fact is changed and all is signed again", Finding.INCONSISTENT, _rewritten),
    "forked": Way("a second history for one auditor, which no witness has seen", Finding.NO_QUORUM, _forked),
    "told-twice": Way("a place in the history gets a second fact", Finding.EQUIVOCATION, _told_twice),
    "left-out": Way("a producer's fact never came, the one after it did", Finding.SEQ_GAP, _left_out),
    "forged": Way("a fact of somebody who is not its producer", Finding.FORGED_PRODUCER_SIG, _forged),
    "unsigned": Way("a fact that nobody signed", Finding.UNSIGNED, _unsigned),
    "other-number": Way("a number in a second spelling", Finding.PARSE_ERROR, _other_number),
    "bomb": Way("an entry that would fill the memory", Finding.PARSE_ERROR, _bomb),
    "cut": Way("the file ends in the middle", Finding.PARSE_ERROR, _cut),
}
