"""What a database administrator could do to a running system, and what has to be said of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256

from services.audit.bundle.tampering.rows import Change, Databases, Row, bytes_in, written
from services.audit.bundle.tampering.ways import edited
from services.audit.ledger.formats.findings import Finding
from services.audit.ledger.formats.leaf import Leaf

PUBLISHED = "index < (SELECT max(size) FROM ledger_checkpoints)"
LAST = f"{PUBLISHED} ORDER BY index DESC LIMIT 1"


@dataclass(frozen=True)
class SystemWay:
    """`changes` are the rows of it. A bundle exported afterwards has `finding`; or it takes `audit reconcile`,
    which compares the stores with the ledger."""

    told: str
    finding: Finding
    changes: Callable[[Databases], Sequence[Change]]
    in_a_store: bool = False


def _entry(databases: Databases, where: str = LAST, *values: object) -> Row:
    return databases.row("audit", "ledger_entries", where, *values)


def _fact(databases: Databases, entry: Row) -> Row:
    where = "source = %s AND position = %s"
    return databases.row("audit", "facts", where, entry["source"], entry["position"])


def _fact_edited(databases: Databases) -> Sequence[Change]:
    fact = _fact(databases, _entry(databases))
    return [Change("audit", "facts", fact, {**fact, "body": written(edited(bytes_in(fact["body"])))})]


def _fact_edited_with_its_digest(databases: Databases) -> Sequence[Change]:
    fact = _fact(databases, _entry(databases))
    body = edited(bytes_in(fact["body"]))
    return [
        Change("audit", "facts", fact, {**fact, "body": written(body), "sha256": sha256(body).hexdigest()})
    ]


def _fact_deleted(databases: Databases) -> Sequence[Change]:
    return [Change("audit", "facts", _fact(databases, _entry(databases)), None)]


def _leaf_backdated(databases: Databases) -> Sequence[Change]:
    entry = _entry(databases)
    leaf = Leaf.decode(bytes_in(entry["leaf"]))
    earlier = replace(leaf, received_at=leaf.received_at - timedelta(days=30))
    return [Change("audit", "ledger_entries", entry, {**entry, "leaf": written(earlier.encode())})]


def _leaves_reordered(databases: Databases) -> Sequence[Change]:
    one = _entry(databases)
    other = _entry(databases, "index = %s", one["index"] - 1)
    return [
        Change("audit", "ledger_entries", one, {**one, "index": other["index"]}),
        Change("audit", "ledger_entries", other, {**other, "index": one["index"]}),
    ]


def _leaf_deleted(databases: Databases) -> Sequence[Change]:
    return [Change("audit", "ledger_entries", _entry(databases), None)]


def _tile_edited(databases: Databases) -> Sequence[Change]:
    tile = databases.row("audit", "ledger_tiles", "path LIKE 'tile/0/%%' ORDER BY path LIMIT 1")
    content = bytearray(bytes_in(tile["bytes"]))
    content[5] ^= 1
    return [Change("audit", "ledger_tiles", tile, {**tile, "bytes": written(bytes(content))})]


def _stored(databases: Databases) -> tuple[str, Row]:
    entry = _entry(databases)
    source = str(entry["source"])
    return source, databases.row(source, "stored_events", "notification_id = %s", entry["position"])


def _store_edited(databases: Databases) -> Sequence[Change]:
    source, row = _stored(databases)
    return [Change(source, "stored_events", row, {**row, "state": written(edited(bytes_in(row["state"])))})]


def _store_row_deleted(databases: Databases) -> Sequence[Change]:
    source, row = _stored(databases)
    return [Change(source, "stored_events", row, None)]


SYSTEM_WAYS: Mapping[str, SystemWay] = {
    "fact-edited": SystemWay("audit's copy of a fact is changed", Finding.BLOB_EDITED, _fact_edited),
    "fact-and-digest-edited": SystemWay(
        "and the digest beside it", Finding.BLOB_EDITED, _fact_edited_with_its_digest
    ),
    "fact-deleted": SystemWay("audit's copy of a fact is deleted", Finding.MISSING_BLOB, _fact_deleted),
    "leaf-backdated": SystemWay("a leaf is backdated by a month", Finding.ROOT_MISMATCH, _leaf_backdated),
    "leaves-reordered": SystemWay("two leaves change places", Finding.ROOT_MISMATCH, _leaves_reordered),
    "leaf-deleted": SystemWay("a leaf is deleted", Finding.ENTRY_COUNT, _leaf_deleted),
    "tile-edited": SystemWay("a tile of hashes is changed", Finding.ROOT_MISMATCH, _tile_edited),
    "store-edited": SystemWay(
        "a fact is changed in its service's store", Finding.BLOB_EDITED, _store_edited, True
    ),
    "store-row-deleted": SystemWay(
        "a fact is deleted in its service's store", Finding.ENTRY_COUNT, _store_row_deleted, True
    ),
}
