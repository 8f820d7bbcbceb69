"""Judges a bundle by itself: no network, no database, no key of ours, and nothing of this program but formats."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import BinaryIO

from services.audit.bundle import layout
from services.audit.bundle.archive import BadBundle, Entries
from services.audit.bundle.branches import Branches
from services.audit.bundle.certificates import Certificates
from services.audit.bundle.layout import Kept, fact_name, leaves_name
from services.audit.bundle.manifest import SOURCE, Span
from services.audit.bundle.opening import Opened, Opening, Trusted
from services.audit.bundle.pieces import decode_leaves
from services.audit.bundle.report import Report
from services.audit.bundle.sequence import Producer
from services.audit.bundle.signatures import Signatures
from services.audit.ledger.formats.exact import Malformed
from services.audit.ledger.formats.findings import Finding
from services.audit.ledger.formats.leaf import NOT_SIGNED, Leaf
from services.audit.ledger.formats.tiles import TILE, Tile, decode_entries, entries_path

Tick = Callable[[int, int], None]
"""Called now and then with how many facts are done, of how many."""


def verify(
    file: BinaryIO, trusted: Trusted | None = None, *, jobs: int = 1, tick: Tick = lambda done, of: None
) -> Report:
    """Reads the bundle once, from its beginning to its end; raises nothing, whatever the bytes are."""
    report = Report()
    try:
        entries = Entries(file)
        opened = Opening(entries, trusted or Trusted(), report).open()
        with Signatures(opened.producers, jobs) as signatures:
            _Facts(entries, opened, report, signatures, tick).judge()
    except BadBundle as bad:
        report.add(Finding.PARSE_ERROR, bad.place, bad.why)
    except Malformed as bad:
        report.add(Finding.PARSE_ERROR, "bundle", str(bad))
    return report


class _Facts:
    """The tiles, the leaves and the facts, in the order in which they come."""

    def __init__(
        self, entries: Entries, opened: Opened, report: Report, signatures: Signatures, tick: Tick
    ) -> None:
        self._entries, self._opened, self._report, self._signatures = entries, opened, report, signatures
        self._tick = tick
        self._told = opened.manifest
        self._branches = Branches(self._told.size, opened.pin_size)
        self._producers: dict[str, Producer] = {}
        self._certificates = Certificates()
        self._next = self._told.begin
        self._holes = 0

    def judge(self) -> None:
        while (name := self._entries.name) is not None and name.startswith("tile/"):
            tile, hashes, fits = self._branches.take(name, self._entries.take())
            if not fits:
                self._report.add(
                    Finding.ROOT_MISMATCH, name, "it is not the tile that the one above it names"
                )
            if tile.level == 0:
                for index, leaf in self._leaves(tile):
                    self._leaf(index, leaf, hashes[index % TILE])
                self._signed()
                self._tick(self._report.facts, self._told.facts)
        self._signed(all_of_them=True)
        self._end()

    def _leaves(self, tile: Tile) -> Sequence[tuple[int, bytes]]:
        """(index, record) of the leaves of this tile that are in the bundle."""
        name = self._entries.name
        if name == entries_path(tile.n, tile.width):
            records = decode_entries(self._entries.take())
            if len(records) != tile.width:
                raise BadBundle(name, f"it holds {len(records)} entries")
            return list(enumerate(records, tile.n * TILE))
        if name != leaves_name(tile.n):
            return ()
        found = decode_leaves(name, self._entries.take())
        order = [tile.n * TILE - 1, *(index for index, _ in found), tile.n * TILE + tile.width]
        if any(one >= other for one, other in pairwise(order)):
            raise BadBundle(name, "its leaves are not in order, or not of this tile")
        return found

    def _leaf(self, index: int, record: bytes, expected: bytes) -> None:
        report = self._report
        known = hashlib.sha256(b"\0" + record).digest() == expected
        if not known:
            report.add(Finding.ROOT_MISMATCH, index, "this leaf is not the one that the tree was made of")
        try:
            leaf = Leaf.decode(record)
        except Malformed as bad:
            raise BadBundle(str(index), str(bad)) from None
        if not SOURCE.fullmatch(leaf.source):
            raise BadBundle(str(index), "a producer's name is /region/service")
        self._in_turn(index)
        if known:
            self._producer(leaf.source).take(index, leaf, report, self._holes)
        else:
            self._holes += 1
        if leaf.signature == NOT_SIGNED:
            report.add(Finding.UNSIGNED, index, f"{leaf.source} {leaf.position} has no producer's signature")
        elif not self._signatures.add(index, leaf, record):
            report.add(Finding.FORGED_PRODUCER_SIG, index, f"signed by no known key of {leaf.source}")
        self._blob(index, leaf, known)
        report.facts += 1

    def _producer(self, source: str) -> Producer:
        producer = self._producers.get(source)
        if producer is None:
            producer = Producer(source, self._told.begin is not None, self._told.begin == 0)
            self._producers[source] = producer
        return producer

    def _in_turn(self, index: int) -> None:
        """Of a region, every leaf is there."""
        if self._next is None:
            return
        if index < self._next or index >= (self._told.end or 0):
            raise BadBundle(str(index), "this leaf is not one of those that the manifest names")
        if index > self._next:
            detail = f"leaves {self._next} to {index - 1} are not here"
            self._report.add(Finding.ENTRY_COUNT, self._next, detail)
            self._holes += 1
        self._next = index + 1

    def _blob(self, index: int, leaf: Leaf, known: bool) -> None:
        """The bytes of the leaf's fact. Those of a leaf that was changed may stand at another place."""
        report, name = self._report, self._entries.name
        if not known and name is not None and name.startswith("facts/"):
            self._entries.take()
        elif name == fact_name(leaf.source, leaf.position):
            blob = self._entries.take()
            if len(blob) != leaf.length or hashlib.sha256(blob).hexdigest() != leaf.sha256:
                detail = f"{leaf.source} {leaf.position} is not what its producer stored"
                report.add(Finding.BLOB_EDITED, index, detail)
            self._certificates.look_at(index, leaf, blob)
        elif name == fact_name(leaf.source, leaf.position, Kept.WITHHELD):
            if self._entries.take():
                raise BadBundle(name, "nothing may stand here")
            report.withheld += 1
        elif name == fact_name(leaf.source, leaf.position, Kept.ERASED):
            self._entries.take()
            detail = "a certificate of erasure destroys keys, and is no reason for bytes to be gone"
            report.add(Finding.BAD_CERTIFICATE, index, detail)
        else:
            report.add(Finding.MISSING_BLOB, index, f"{leaf.source} {leaf.position} is not here")

    def _spans(self) -> Mapping[str, Span]:
        return {source: one.span() for source, one in self._producers.items()}

    def _signed(self, *, all_of_them: bool = False) -> None:
        for index in self._signatures.settled(all_of_them=all_of_them):
            detail = "the producer's key did not make this signature"
            self._report.add(Finding.FORGED_PRODUCER_SIG, index, detail)

    def _end(self) -> None:
        report, told = self._report, self._told
        if self._next is not None and self._next != told.end:
            detail = f"leaves {self._next} to {(told.end or 0) - 1} are not here"
            report.add(Finding.ENTRY_COUNT, self._next, detail)
        elif report.facts != told.facts:
            report.add(Finding.ENTRY_COUNT, "manifest", f"{report.facts} facts are here, not {told.facts}")
        elif not self._holes and {source: one.span() for source, one in self._producers.items()} != dict(
            told.positions
        ):
            report.add(Finding.ENTRY_COUNT, "manifest", "the positions are not those that it names")
        if self._branches.root().hex() != told.root:
            report.add(Finding.ROOT_MISMATCH, "root", "the tiles do not lead to the checkpoint's root")
        self._opened.compare(self._branches.root_when, report)
        self._certificates.judge(self._producers, report)
        digest = self._entries.digest
        if self._entries.name != layout.DIGEST:
            raise BadBundle(str(self._entries.name), "this entry has no place here")
        if self._entries.take() != f"{digest}\n".encode() and not report.counts:
            raise BadBundle(
                layout.DIGEST, "the file is not as it was written, in a place that no proof covers"
            )
        if self._entries.name is not None:
            raise BadBundle(self._entries.name, "this entry comes after the last")
