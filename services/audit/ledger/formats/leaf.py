"""The leaf record `alongside-leaf/v1`: which bytes were stored where, when they came, and who says so."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from services.audit.ledger.formats.exact import LARGEST, Malformed, decimal, text_of, unbase64
from shared.kernel.notekeys import Verifier

HEADER = "alongside-leaf/v1"
NOT_SIGNED = "-"
LONGEST = 2_000

_SOURCE = re.compile(r"/[!-~]{1,254}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_RECEIVED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")


class LeafError(Malformed):
    """Not a leaf record."""


def signed_text(source: str, position: int, sha256: str, length: int) -> str:
    """What the producer signs: the record's first five lines."""
    return f"{HEADER}\n{source}\n{position}\n{sha256}\n{length}\n"


@dataclass(frozen=True, slots=True)
class Leaf:
    """One stored fact: its source and position there, the SHA-256 (hex) and length of its bytes.

    `signature` is base64 of the producer's key id and Ed25519 signature, or `-`.
    """

    source: str
    position: int
    sha256: str
    length: int
    received_at: datetime
    signature: str = NOT_SIGNED

    def __post_init__(self) -> None:
        if not _SOURCE.fullmatch(self.source):
            raise LeafError(f"not a source: {self.source[:60]!r}")
        if not 1 <= self.position <= LARGEST or not 0 <= self.length <= LARGEST:
            raise LeafError("a position counts from 1, a length from 0")
        if not _SHA256.fullmatch(self.sha256):
            raise LeafError("a SHA-256 is 64 hexadecimal digits in lower case")
        if self.received_at.utcoffset() != timedelta(0):
            raise LeafError("the time of receipt is in UTC")
        if self.signature != NOT_SIGNED and len(unbase64(self.signature)) != 68:
            raise LeafError("a producer's signature is a key id and 64 bytes")

    @property
    def signed_text(self) -> str:
        return signed_text(self.source, self.position, self.sha256, self.length)

    @property
    def is_signed(self) -> bool:
        return self.signature != NOT_SIGNED

    def encode(self) -> bytes:
        moment = self.received_at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
        return f"{self.signed_text}{moment}Z\n{self.signature}\n".encode()

    @classmethod
    def decode(cls, data: bytes) -> "Leaf":
        """From the record's one spelling; raises LeafError or another Malformed."""
        lines = text_of(data, LONGEST).split("\n")
        if len(lines) != 8 or lines[0] != HEADER or lines[7]:
            raise LeafError(f"a leaf is seven lines, the first {HEADER}")
        _, source, position, sha256, length, received_at, signature, _ = lines
        if not _RECEIVED.fullmatch(received_at):
            raise LeafError(f"not a time in UTC with microseconds: {received_at[:40]!r}")
        try:
            moment = datetime.fromisoformat(received_at)
        except ValueError as error:
            raise LeafError(f"no such time: {received_at}") from error
        return cls(source, decimal(position), sha256, decimal(length), moment, signature)

    def signed_by(self, producers: Mapping[bytes, Verifier]) -> Verifier | None:
        """The source's producer (its name is the source without the slash), of the keys by key id.

        None when nobody signed, when the key is unknown or another source's, and when the signature is false.
        """
        if not self.is_signed:
            return None
        signature = unbase64(self.signature)
        producer = producers.get(signature[:4])
        if producer is None or f"/{producer.name}" != self.source:
            return None
        return producer if producer.verify(self.signed_text.encode(), signature[4:]) else None
