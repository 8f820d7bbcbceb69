"""A log in memory for tests: numbered entries, and their hashes by (level, index) straight from the leaves."""

from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from functools import cache

from services.audit.ledger.formats.checkpoint import Checkpoint
from services.audit.ledger.formats.merkle import leaf_hash, root_of
from services.audit.ledger.formats.note import Signer, sign

ORIGIN = "ledger.example/uk-london"
NOTHING: dict[str, bytes] = {}
"""The tiles of the empty log."""


class Log:
    """Entries `<word> 0`, `<word> 1` and so on; from `forked` on, those of another history."""

    def __init__(self, size: int, *, forked: int | None = None, origin: str = ORIGIN) -> None:
        said = [f"entry {at}{' forked' if forked is not None and at >= forked else ''}" for at in range(size)]
        self.entries = [each.encode() for each in said]
        self.leaves = [leaf_hash(each) for each in self.entries]
        self.signer = Signer(origin, origin.encode().ljust(32, b"\0")[:32])

    def hashes(self, level: int, index: int) -> bytes:
        return root_of(self.leaves[index << level : (index + 1) << level])

    def checkpoint(self, size: int) -> Checkpoint:
        return Checkpoint(self.signer.name, size, root_of(self.leaves[:size]))

    def note(self, size: int) -> bytes:
        return sign(self.checkpoint(size).text(), self.signer)


@cache
def log_of(size: int) -> Log:
    return Log(size)


def witness_key(number: int) -> Signer:
    return Signer(f"witness.example/{number}", bytes([number]) * 32, 4)


def flipped(data: bytes, bit: int) -> bytes:
    """The same bytes with one bit changed."""
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def each_byte_flipped(data: bytes) -> Iterator[bytes]:
    """One changed bit in each byte, another bit each time."""
    for at in range(len(data)):
        yield flipped(data, at * 8 + at % 8)


def unbased(texts: Sequence[str] | None) -> list[bytes]:
    return [b64decode(text) for text in texts or ()]


def based(data: bytes) -> str:
    return b64encode(data).decode()
