"""Everything against the ledger: the ledger itself, each service's store, its stream, and audit's own copies."""

from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import psycopg

from services.audit.ledger.formats.findings import Finding
from services.audit.ledger.formats.leaf import Leaf
from services.audit.ledger.formats.merkle import Tree, leaf_hash
from services.audit.ledger.formats.note import NoteError
from services.audit.ledger.formats.policy import NoQuorum, Policy
from services.audit.ledger.formats.tiles import HASH, TILE, tile_path
from services.audit.ledger.noting import Noted
from shared.kernel.notekeys import Malformed
from shared.kernel.projections.origin import StoreOrigin

SHOWN = 10_000
"""Findings of one comparison; more of them say nothing new."""

Tell = Callable[[int], None]


@dataclass
class Source:
    """What the ledger says of one source: the digest of each position from 1 on, and its index."""

    digests: bytearray = field(default_factory=bytearray)
    indexes: "array[int]" = field(default_factory=lambda: array("q"))

    @property
    def head(self) -> int:
        return len(self.indexes)

    def add(self, digest: bytes, index: int) -> None:
        self.digests += digest
        self.indexes.append(index)

    def skip(self) -> None:
        """The next position is not in the ledger."""
        self.add(bytes(HASH), -1)

    def denies(self, position: int, state: bytes) -> bool:
        """Whether the ledger has another fact at this position than these bytes."""
        begin = (position - 1) * HASH
        return (
            self.index(position) is not None and sha256(state).digest() != self.digests[begin : begin + HASH]
        )

    def index(self, position: int) -> int | None:
        index = self.indexes[position - 1] if 0 < position <= self.head else -1
        return None if index < 0 else index


@dataclass
class Ledger:
    """The ledger as its database has it, judged by itself."""

    size: int = 0
    sources: dict[str, Source] = field(default_factory=dict)
    findings: list[Noted] = field(default_factory=list)
    is_dense: bool = True
    """False where entries are missing: then there is no tree to compare with."""

    def find(
        self, finding: Finding, detail: str, *, source: str = "", position: int = 0, until: int = 0
    ) -> None:
        if len(self.findings) < SHOWN:
            known = self.sources.get(source)
            index = known.index(position) if known else None
            self.findings.append(Noted(finding, source, position, until or position, index, detail))


def read_ledger(database_url: str, policy: Policy | None, tell: Tell = lambda at: None) -> Ledger:
    """All entries against the tiles and against every checkpoint that was published. Raises psycopg's errors."""
    found = Ledger()
    with psycopg.connect(database_url, application_name="alongside reconcile") as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        shown = _checkpoints(connection, policy, found)
        tree, tile = Tree(), b""
        (end,) = connection.execute("SELECT coalesce(max(index) + 1, 0) FROM ledger_entries").fetchone() or (
            0,
        )
        for index, source, position, data in _entries(database_url, end):
            if index != found.size:
                found.find(Finding.ENTRY_COUNT, f"no entry has index {found.size}; the next one is {index}")
                found.is_dense = False
            if index % TILE == 0 or not tile:
                tile = _tile(connection, index // TILE)
                tell(index)
            found.size = index + 1
            _take(found, index, source, position, data)
            hashed = leaf_hash(data)
            tree.append(hashed)
            if tile[index % TILE * HASH :][:HASH] != hashed:
                where = f"entry {index} is not what the tile has"
                found.find(Finding.ROOT_MISMATCH, where, source=source, position=position)
            if found.is_dense and tree.size in shown and tree.root().hex() != shown.pop(tree.size):
                found.find(
                    Finding.ROOT_MISMATCH, f"the tree of {tree.size} has another root than was published"
                )
        for size in sorted(size for size in shown if size > found.size):
            found.find(
                Finding.ENTRY_COUNT, f"a tree of {size} is published, and there are {found.size} entries"
            )
    return found


def _take(found: Ledger, index: int, source: str, position: int, data: bytes) -> None:
    known = found.sources.setdefault(source, Source())
    digest = bytes(HASH)
    try:
        leaf = Leaf.decode(data)
        digest = bytes.fromhex(leaf.sha256)
        if leaf.position != position or leaf.source.rpartition("/")[2] != source:
            found.find(
                Finding.ROOT_MISMATCH, f"entry {index} is filed as {source}/{position}, and is another's"
            )
    except Malformed as error:
        found.find(Finding.PARSE_ERROR, f"entry {index}: {error}")
    if position != known.head + 1:
        missing = f"the ledger has no fact there; {position} comes next"
        if found.is_dense:
            found.find(Finding.SEQ_GAP, missing, source=source, position=known.head + 1, until=position - 1)
        while known.head < position - 1:
            known.skip()
    known.add(digest, index)


def _checkpoints(connection: psycopg.Connection[Any], policy: Policy | None, found: Ledger) -> dict[int, str]:
    """Size and root of every published tree; those whose note says otherwise are found here."""
    shown = {}
    rows = connection.execute("SELECT size, root, note FROM ledger_checkpoints ORDER BY size").fetchall()
    for size, root, note in rows:
        shown[size] = root
        if policy is None:
            continue
        try:
            told = policy.satisfied_by(bytes(note)).checkpoint
        except NoQuorum as few:
            found.find(Finding.NO_QUORUM, f"the checkpoint of {size}: {few}")
        except (NoteError, Malformed) as error:
            found.find(Finding.ROOT_MISMATCH, f"the checkpoint of {size} is not signed: {error}")
        else:
            if (told.size, told.root.hex()) != (size, root):
                found.find(Finding.ROOT_MISMATCH, f"the checkpoint of {size} is signed for another tree")
    return shown


def _entries(database_url: str, end: int) -> Iterator[tuple[int, str, int, bytes]]:
    """On a connection of its own, for as long as it takes; entries never change, so `end` is all it must know."""
    columns = "index, source, position, leaf"
    chosen = f"SELECT {columns} FROM ledger_entries WHERE index < {end:d} ORDER BY index"
    query = f"COPY ({chosen}) TO STDOUT (FORMAT binary)"
    with psycopg.connect(database_url) as connection, connection.cursor().copy(query) as copy:
        copy.set_types(["int8", "text", "int8", "bytea"])
        yield from copy.rows()


def _tile(connection: psycopg.Connection[Any], n: int) -> bytes:
    query = "SELECT bytes FROM ledger_tiles WHERE path = %s"
    row = connection.execute(query, (tile_path(0, n),)).fetchone()
    return bytes(row[0]) if row else b""


def compare_store(
    ledger: Ledger, source: str, database_url: str, head: int, tell: Tell = lambda at: None
) -> None:
    """A service's store up to `head`, byte for byte by digest, against the ledger. Findings go to the ledger's."""
    known = ledger.sources.get(source, Source())
    expected = 1
    for position, state in StoreOrigin(database_url).facts(0, head, ["%"]):
        if position > expected:
            gone = "in the ledger, and not in the store"
            until = min(position - 1, known.head)
            ledger.find(Finding.ENTRY_COUNT, gone, source=source, position=expected, until=until)
        expected = position + 1
        if known.denies(position, state):
            ledger.find(Finding.BLOB_EDITED, "in the store", source=source, position=position)
        if position % 1000 == 0:
            tell(position)
    if expected <= known.head:
        gone = "in the ledger, and not in the store"
        ledger.find(Finding.ENTRY_COUNT, gone, source=source, position=expected, until=known.head)
