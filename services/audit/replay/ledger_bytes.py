"""The ledger's bytes of a source in order, each checked against its digest and, where it is sequenced, its leaf."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import psycopg

from services.audit.ledger.formats.findings import Finding
from services.audit.ledger.formats.leaf import Leaf, LeafError

AT_ONCE = 2000
MOST_BYTES = 700_000
"""Bytes in one piece: a service takes a million in a request."""
PATIENCE_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Kept:
    """A fact as the ledger keeps it."""

    position: int
    body: bytes
    signature: str


class NotAsItWas(Exception):
    """The ledger's bytes are not what they were when they came in, or some are missing."""

    def __init__(self, finding: Finding, source: str, position: int) -> None:
        super().__init__(f"{finding}: {source}/{position}")
        self.finding = finding


class NotThere(Exception):
    """The ledger has not come that far."""


def wait_until(connection: psycopg.Connection[Any], source: str, position: int) -> None:
    """Return when the ledger has this position. Raises NotThere."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        row = connection.execute("SELECT max(position) FROM facts WHERE source = %s", (source,)).fetchone()
        head = (row and row[0]) or 0
        if head >= position:
            return
        if time.monotonic() > until:
            raise NotThere(f"the ledger has {head} facts of {source}, the read model rests on {position}")
        time.sleep(0.1)


def pieces(connection: psycopg.Connection[Any], source: str, until: int) -> Iterator[list[Kept]]:
    """Facts 1 to `until`, in pieces that fit a request. Raises NotAsItWas."""
    piece: list[Kept] = []
    size = 0
    for kept in _facts(connection, source, until):
        if piece and size + len(kept.body) > MOST_BYTES:
            yield piece
            piece, size = [], 0
        piece.append(kept)
        size += len(kept.body) + len(kept.signature) + 16
    if piece:
        yield piece


def _facts(connection: psycopg.Connection[Any], source: str, until: int) -> Iterator[Kept]:
    after = 0
    while after < until:
        rows = connection.execute(
            "SELECT f.position, f.body, f.signature, f.sha256, e.leaf FROM facts f LEFT JOIN ledger_entries e "
            "ON e.source = f.source AND e.position = f.position "
            "WHERE f.source = %s AND f.position > %s AND f.position <= %s ORDER BY f.position LIMIT %s",
            (source, after, until, AT_ONCE),
        ).fetchall()
        for position, body, signature, digest, leaf in rows:
            if position != after + 1:
                raise NotAsItWas(Finding.SEQ_GAP, source, after + 1)
            if sha256(body).hexdigest() != digest or (leaf is not None and _digest_in(leaf) != digest):
                raise NotAsItWas(Finding.BLOB_EDITED, source, position)
            yield Kept(position, bytes(body), "" if signature == "-" else signature)
            after = position
        if not rows:
            raise NotAsItWas(Finding.SEQ_GAP, source, after + 1)


def _digest_in(leaf: bytes) -> str | None:
    try:
        return Leaf.decode(bytes(leaf)).sha256
    except LeafError:
        return None
