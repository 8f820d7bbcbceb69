"""Producers' signatures, checked behind the sequencer: it is slower than sequencing, and must not hold it up."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from psycopg import AsyncConnection

from services.audit.ledger.formats.findings import Finding
from services.audit.ledger.formats.leaf import Leaf
from services.audit.ledger.growth import Growth
from services.audit.ledger.noting import Noted, note
from shared.kernel.notekeys import Verifier

BATCH = 2000
SHARES = 2

Row = tuple[int, str, bytes, str | None]


async def keep_checking(
    connection: AsyncConnection[Any], producers: Mapping[bytes, Verifier], growth: Growth
) -> None:
    """Check every leaf as it comes, for ever."""
    checked = 0
    while True:
        await growth.beyond(checked)
        checked = await check(connection, producers, growth.size)


async def check(connection: AsyncConnection[Any], producers: Mapping[bytes, Verifier], size: int) -> int:
    """Check the next leaves of the first `size`, and keep what is wrong; how many are checked by now."""
    cursor = await connection.execute("SELECT checked FROM ledger_progress")
    row = await cursor.fetchone()
    checked = int(row[0]) if row else 0
    cursor = await connection.execute(
        "SELECT e.index, e.source, e.leaf, f.signature FROM ledger_entries e "
        "LEFT JOIN facts f ON f.source = e.source AND f.position = e.position "
        "WHERE e.index >= %s AND e.index < %s ORDER BY e.index",
        (checked, min(size, checked + BATCH)),
    )
    rows = await cursor.fetchall()
    if not rows:
        return checked
    share = -(-len(rows) // SHARES)
    parts = [rows[at : at + share] for at in range(0, len(rows), share)]
    found = await asyncio.gather(*(asyncio.to_thread(judge, part, producers) for part in parts))
    async with connection.transaction():
        await note(connection, [one for part in found for one in part])
        await connection.execute(
            "UPDATE ledger_progress SET checked = %s WHERE checked = %s", (rows[-1][0] + 1, checked)
        )
    return int(rows[-1][0]) + 1


def judge(rows: Sequence[Row], producers: Mapping[bytes, Verifier]) -> list[Noted]:
    """What is wrong with the signatures of these leaves. `-` may stand for none, or for one that was no signature."""
    found = []
    for index, source, data, arrived in rows:
        leaf = Leaf.decode(bytes(data))
        if not leaf.is_signed and arrived in (None, "", "-"):
            found.append(Noted(Finding.UNSIGNED, source, leaf.position, index=index))
        elif leaf.signed_by(producers) is None:
            found.append(Noted(Finding.FORGED_PRODUCER_SIG, source, leaf.position, index=index))
    return found
