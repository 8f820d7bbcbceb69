"""Facts that are not in the ledger yet, of each source in its dense order."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from psycopg import AsyncConnection

from services.audit.ledger.formats.leaf import NOT_SIGNED, Leaf
from services.audit.ledger.growth import New
from shared.kernel.notekeys import Malformed, unbase64

SIGNATURE = 68
"""Bytes of a producer's signature: its key's id and Ed25519."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What may be appended, and the positions (by source) at which a fact is missing before the next one."""

    new: list[New]
    gaps: Mapping[str, tuple[int, int]]
    """Source: the first missing position, and the next one that is there."""


async def take(connection: AsyncConnection[Any], region: str, heads: Mapping[str, int], limit: int) -> Taken:
    """At most `limit` facts after these heads. All get the time of now as that of their receipt."""
    cursor = connection.cursor(binary=True)
    await cursor.execute(
        "SELECT s.source, f.* FROM unnest(%s::text[], %s::bigint[]) s(source, head), LATERAL ("
        "SELECT position, sha256, octet_length(body), signature FROM facts "
        "WHERE source = s.source AND position > s.head ORDER BY position LIMIT %s) f "
        # by turns, so that the backlog of one source does not hold up the others
        "ORDER BY f.position - s.head, s.source LIMIT %s",
        (list(heads), list(heads.values()), limit, limit),
        prepare=True,
    )
    now, next_of = datetime.now(UTC), {source: head + 1 for source, head in heads.items()}
    new: list[New] = []
    gaps: dict[str, tuple[int, int]] = {}
    for source, position, digest, length, signature in await cursor.fetchall():
        if position != next_of[source]:
            gaps.setdefault(source, (next_of[source], position))
            continue
        next_of[source] = position + 1
        leaf = Leaf(f"/{region}/{source}", position, digest, length, now, fit(signature))
        new.append(New(source, leaf))
    return Taken(new, gaps)


def fit(signature: str) -> str:
    """The signature as a leaf can hold it: what is none at all becomes `-`, and is found by `checking`."""
    try:
        return signature if len(unbase64(signature)) == SIGNATURE else NOT_SIGNED
    except Malformed:
        return NOT_SIGNED
