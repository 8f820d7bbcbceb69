"""Producers' signatures, verified many at a time: nine tenths of the work of an audit."""

from binascii import a2b_base64
from collections import deque
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Self, TypeAlias

from services.audit.ledger.formats.leaf import Leaf
from services.audit.ledger.formats.note import Verifier

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

SHARE = 2_000
"""Signatures that a process verifies at a time."""

Claim: TypeAlias = tuple[int, Verifier, bytes, bytes]
"""Index of the leaf, whose signature it is said to be, the text, the signature."""


def false_ones(claims: Sequence[Claim]) -> list[int]:
    """The indexes of the leaves whose signatures are false."""
    return [index for index, key, text, signature in claims if not key.verify(text, signature)]


class Signatures:
    """Collects signatures and verifies them in this process, or in `jobs` others."""

    def __init__(self, producers: Sequence[Verifier], jobs: int = 1) -> None:
        self._producers = {key.key_id: key for key in producers}
        self._jobs = jobs
        self._pool = _processes(jobs) if jobs > 1 else None
        self._waiting: list[Claim] = []
        self._running: deque[Future[list[int]]] = deque()

    def add(self, index: int, leaf: Leaf, record: bytes) -> bool:
        """False when it is plain already that no known producer of this source signed it."""
        signature = a2b_base64(leaf.signature)  # canonical: the leaf has seen to it
        producer = self._producers.get(signature[:4])
        if producer is None or f"/{producer.name}" != leaf.source:
            return False
        text = record.rsplit(b"\n", 3)[0] + b"\n"  # the record without its last two lines
        self._waiting.append((index, producer, text, signature[4:]))
        return True

    def settled(self, *, all_of_them: bool = False) -> Iterator[int]:
        """The leaves found to be signed falsely so far; or, of all that were added."""
        if len(self._waiting) < SHARE and not all_of_them:
            return
        share, self._waiting = self._waiting, []
        if self._pool is None:
            yield from false_ones(share)
            return
        self._running.append(self._pool.submit(false_ones, share))
        while len(self._running) > (0 if all_of_them else 2 * self._jobs):
            yield from self._running.popleft().result()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)


def _processes(jobs: int) -> "ProcessPoolExecutor":
    from concurrent.futures import (
        ProcessPoolExecutor,  # it brings sockets along, which one process does without
    )

    return ProcessPoolExecutor(jobs)
