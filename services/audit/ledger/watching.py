"""The light checks that never end: audit's own copies against the leaves, and the heads of all stores."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any

import httpx
import structlog
from psycopg import AsyncConnection

from services.audit.ledger.formats.findings import Finding
from services.audit.ledger.growth import Growth
from services.audit.ledger.noting import Noted, note
from services.audit.ledger.settings import Keys

SECONDS = 5.0
HEADS_SECONDS = 30.0
WINDOW = 10_000
"""Leaves compared with audit's copies at a time, again and again from the first to the last."""
PATIENCE_SECONDS = 30.0
"""How long a store may be ahead of the ledger without the ledger moving."""

log = structlog.get_logger(__name__)

# Line 4 of a leaf is the digest of the stored bytes.
_COPIES = """
SELECT e.index, e.source, e.position, f.sha256 IS NULL,
       f.sha256 = split_part(convert_from(e.leaf, 'UTF8'), E'\\n', 4)
FROM ledger_entries e LEFT JOIN facts f ON f.source = e.source AND f.position = e.position
WHERE e.index >= %(begin)s AND e.index < %(end)s AND (f.sha256 IS NULL
  OR f.sha256 <> split_part(convert_from(e.leaf, 'UTF8'), E'\\n', 4)
  OR encode(sha256(f.body), 'hex') <> split_part(convert_from(e.leaf, 'UTF8'), E'\\n', 4))
ORDER BY 1
"""


async def keep_watching(connection: AsyncConnection[Any], keys: Keys, growth: Growth) -> None:
    """Look every few seconds, for ever; what is found is kept."""
    at, heads, asked_at = 0, Heads(), 0.0
    async with httpx.AsyncClient(trust_env=False, timeout=2) as client:
        while True:
            await asyncio.sleep(SECONDS)
            end = min(growth.size, at + WINDOW)
            await note(connection, [*await gone(connection, at, end), *await copies(connection, at, end)])
            at = 0 if end == growth.size else end
            if time.monotonic() - asked_at >= HEADS_SECONDS:
                asked_at = time.monotonic()
                ends = dict(growth.heads)  # before the stores': what is there by then is in them
                await note(connection, heads.look(await _heads(client, keys.service_urls), ends))


async def copies(connection: AsyncConnection[Any], begin: int, end: int) -> list[Noted]:
    """Which of audit's copies are not what the leaves say: edited, gone, or another fact with its own digest."""
    cursor = await connection.execute(_COPIES, {"begin": begin, "end": end})
    found = []
    for index, source, position, gone, same_digest in await cursor.fetchall():
        kind = Finding.MISSING_BLOB if gone else Finding.BLOB_EDITED if same_digest else Finding.EQUIVOCATION
        found.append(Noted(kind, source, position, index=index, detail="in audit's copies"))
    return found


async def gone(connection: AsyncConnection[Any], begin: int, end: int) -> list[Noted]:
    """Whether entries are missing that this process has seen."""
    query = "SELECT count(*) FROM ledger_entries WHERE index >= %s AND index < %s"
    row = await (await connection.execute(query, (begin, end))).fetchone()
    there = int(row[0]) if row else 0
    if there == end - begin:
        return []
    return [
        Noted(Finding.ENTRY_COUNT, detail=f"of the entries from {begin} to {end - 1} only {there} are there")
    ]


class Heads:
    """Where stores end against where the ledger ends, and since when the ledger has stood still behind one."""

    def __init__(self) -> None:
        self._behind: dict[str, tuple[int, float]] = {}

    def look(self, stores: Mapping[str, int], ledger: Mapping[str, int]) -> list[Noted]:
        """What is wrong by now. Patience begins where a store is first seen ahead, not where both were last equal."""
        found = []
        for source, head in stores.items():
            at = ledger.get(source, 0)
            position, since = self._behind.get(source, (-1, 0.0))
            if head <= at:
                self._behind.pop(source, None)
            elif position != at:
                self._behind[source] = (at, time.monotonic())
            elif time.monotonic() - since > PATIENCE_SECONDS:
                detail = "recorded by its service, and not in the ledger"
                found.append(Noted(Finding.SEQ_GAP, source, at + 1, head, detail=detail))
            if head < at:
                detail = "in the ledger, and no longer in the store of its service"
                found.append(Noted(Finding.ENTRY_COUNT, source, head + 1, at, detail=detail))
        return found


async def _heads(client: httpx.AsyncClient, urls: Mapping[str, str]) -> dict[str, int]:
    """The last position in the store of each service that answers."""

    async def one(name: str, url: str) -> tuple[str, int] | None:
        try:
            answer = (await client.get(f"{url}/status")).json()
            if not answer["checks"]["store"]["ok"]:
                return None
            return name, int(answer["head"])
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as silent:
            log.debug("no head", service=name, why=str(silent))
            return None

    found = await asyncio.gather(*(one(name, url) for name, url in urls.items()))
    return dict(each for each in found if each)
