"""Proof files (C2SP tlog-proof): all that shows, offline, that an entry is in a log which others have seen."""

from dataclasses import dataclass

from services.audit.ledger.formats.checkpoint import Checkpoint
from services.audit.ledger.formats.exact import Malformed, b64, decimal, hash_line, text_of, unbase64
from services.audit.ledger.formats.merkle import leaf_hash, verify_inclusion
from services.audit.ledger.formats.note import LONGEST, parse_note
from services.audit.ledger.formats.policy import Policy, Witnessed

HEADER = "c2sp.org/tlog-proof@v1"
MOST_HASHES = 63


class ProofFileError(Malformed):
    """Not a proof file."""


@dataclass(frozen=True, slots=True)
class Proof:
    """An entry's place, its inclusion proof, and the signed checkpoint as the log gave it out.

    `extra` is not authenticated by anything.
    """

    index: int
    hashes: tuple[bytes, ...]
    note: bytes
    extra: bytes | None = None

    def encode(self) -> bytes:
        extra = [] if self.extra is None else [f"extra {b64(self.extra)}"]
        lines = [HEADER, *extra, f"index {self.index}", *map(b64, self.hashes), "", ""]
        return "\n".join(lines).encode() + self.note

    @classmethod
    def decode(cls, data: bytes) -> "Proof":
        """The file's parts, in good form but with nothing verified. Raises ProofFileError or another Malformed."""
        head, parted, note = text_of(data, 2 * LONGEST).partition("\n\n")
        header, *lines = head.split("\n")
        if header != HEADER or not parted:
            raise ProofFileError(f"a proof begins with {HEADER} and has a checkpoint after an empty line")
        extra = unbase64(lines.pop(0)[6:]) if lines and lines[0].startswith("extra ") else None
        if not lines or not lines[0].startswith("index ") or len(lines) > MOST_HASHES + 1:
            raise ProofFileError("a proof names its index, then at most 63 hashes")
        proof = cls(
            decimal(lines[0].removeprefix("index ")), tuple(map(hash_line, lines[1:])), note.encode(), extra
        )
        proof.checkpoint()
        return proof

    def checkpoint(self) -> Checkpoint:
        """What the note says; believe it only after `verify`."""
        return Checkpoint.parse(parse_note(self.note).text)

    def verify(self, entry: bytes, policy: Policy) -> Witnessed:
        """Who vouches that the entry is in the log. Raises NoteError, NoQuorum or ProofError."""
        witnessed = policy.satisfied_by(self.note)
        at = witnessed.checkpoint
        verify_inclusion(self.index, at.size, leaf_hash(entry), self.hashes, at.root)
        return witnessed
