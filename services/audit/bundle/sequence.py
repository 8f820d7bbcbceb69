"""Each producer counts its facts 1, 2, 3 ...: whether one is left out, or told in two ways."""

from services.audit.bundle.manifest import Span
from services.audit.bundle.report import Report
from services.audit.ledger.formats.findings import Finding
from services.audit.ledger.formats.leaf import Leaf

DIGEST = 32


class Producer:
    """The digests of one producer's facts by position, as they come in the ledger's order.

    `dense`: none may be left out; `since_ever`: the first has to be 1. 32 bytes a fact are kept.
    """

    def __init__(self, source: str, dense: bool, since_ever: bool) -> None:
        self.source, self._dense = source, dense
        self.last = 0 if since_ever else None
        self.first: int | None = None
        self.count = 0
        self._row, self._row_at = bytearray(), 0
        self._others: dict[int, bytes] = {}
        self._holes = 0

    def take(self, index: int, leaf: Leaf, report: Report, holes: int = 0) -> None:
        """The next one; reports EQUIVOCATION, ENTRY COUNT or SEQ GAP.

        `holes` is how often leaves were found to be missing so far: that one of ours was among them is told already.
        """
        digest, position = bytes.fromhex(leaf.sha256), leaf.position
        known, due = self.digest_at(position), None if self.last is None else self.last + 1
        self.count += 1
        self.last = max(self.last or 0, position)
        self.first = position if self.first is None else min(self.first, position)
        if known is not None:
            again = f"{self.source} {position} is in the ledger already"
            if known != digest:
                report.add(Finding.EQUIVOCATION, index, f"{again}, with other bytes")
            else:
                report.add(Finding.ENTRY_COUNT, index, again)
            return
        unexplained, self._holes = holes == self._holes, holes
        if self._dense and unexplained and due is not None and position != due:
            told = f"{due} is left out" if position > due else f"{position} comes after {due - 1}"
            report.add(Finding.SEQ_GAP, index, f"{self.source} {told}")
        if not self._row:
            self._row_at = position
        if position == self._row_at + len(self._row) // DIGEST:
            self._row += digest
        else:
            self._others[position] = digest

    def digest_at(self, position: int) -> bytes | None:
        """The SHA-256 of the fact at this position; None when it is not in the bundle."""
        at = (position - self._row_at) * DIGEST
        return bytes(self._row[at : at + DIGEST]) if 0 <= at < len(self._row) else self._others.get(position)

    def span(self) -> Span:
        return Span(self.first or 0, self.last or 0, self.count)
