"""The body of add-checkpoint: the size that the proof starts from, the proof, and the signed checkpoint."""

from dataclasses import dataclass

from services.audit.ledger.formats.exact import Malformed, b64, decimal, hash_line

MOST_HASHES = 63
LONGEST = 256 * 1024
"""Bytes; sixteen signatures of 5 kB and a full proof are a third of it."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a log sends to a witness."""

    old_size: int
    proof: tuple[bytes, ...]
    note: bytes

    def encode(self) -> bytes:
        lines = (f"old {self.old_size}", *map(b64, self.proof), "", "")
        return "\n".join(lines).encode() + self.note

    @classmethod
    def decode(cls, body: bytes) -> "Request":
        """Raises Malformed."""
        head, parted, note = body.partition(b"\n\n")
        try:
            old, *proof = head.decode("ascii").split("\n")
        except UnicodeDecodeError as error:
            raise Malformed("the lines before the checkpoint are not ASCII") from error
        if not parted or not old.startswith("old "):
            raise Malformed("a request is `old` and a size, the proof, an empty line and a checkpoint")
        if len(proof) > MOST_HASHES:
            raise Malformed(f"more than {MOST_HASHES} hashes of proof")
        return cls(decimal(old.removeprefix("old ")), tuple(map(hash_line, proof)), note)
