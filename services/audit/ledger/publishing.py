"""From a tree to a published checkpoint: remembered, signed, witnessed, and only then shown."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Any

from psycopg import AsyncConnection

from services.audit.ledger.formats.checkpoint import Checkpoint
from services.audit.ledger.formats.findings import Finding
from services.audit.ledger.formats.merkle import EMPTY_ROOT, root_at
from services.audit.ledger.formats.note import Signer, sign, with_signatures
from services.audit.ledger.formats.policy import NoQuorum, Policy
from services.audit.ledger.growth import Damaged, Growth, from_tiles, size_of
from services.audit.ledger.noting import Noted, note
from services.audit.ledger.reading import Signed
from services.audit.ledger.signed import LastSigned, Memory, SigningRefused
from services.audit.ledger.witnesses import Witnesses
from shared.kernel import faults

Connection = AsyncConnection[Any]

SECONDS = 0.5
"""The least time between two checkpoints: witnesses are others' machines."""
AGAIN_SECONDS = 2.0


class Publisher:
    """Signs trees that only grow. `begin` first: it compares what was signed with what the database has."""

    def __init__(self, log: Signer, policy: Policy, memory: Memory) -> None:
        self._log, self._policy, self._memory = log, policy, memory
        self.witnesses = Witnesses(policy)
        self.state = "nothing published yet"

    async def close(self) -> None:
        await self.witnesses.close()

    async def run(self, connection: Connection, growth: Growth) -> None:
        """Publish whatever grows, at most once in `SECONDS`; while too few witnesses answer, try again."""
        shown = await newest(connection)
        published, since = shown.size if shown else 0, None
        while True:
            size, began = growth.size, time.monotonic()
            if size > published:
                try:
                    published = (await self.publish(connection, size, growth.root())).size
                    since, self.state = None, f"published at size {published}"
                    await _told(connection, None, None)
                except NoQuorum as few:
                    since = since or datetime.now(UTC)
                    self.state = f"size {size} is not published: {few}; since {since:%Y-%m-%dT%H:%M:%SZ}"
                    await _told(connection, since, str(few))
                    await asyncio.sleep(AGAIN_SECONDS)
                    continue
            await asyncio.sleep(max(0.0, began + SECONDS - time.monotonic()))
            await growth.beyond(published)

    async def begin(self, connection: Connection) -> None:
        """Raises SigningRefused when signing would tell a second history; that is kept as a finding too."""
        size = await size_of(connection)
        published = await newest(connection)
        for what, tree in (("signed", self._memory.last()), ("published", published)):
            if isinstance(tree, LastSigned) and tree.origin != self._log.name:
                raise SigningRefused(f"the state directory is that of {tree.origin}, not of {self._log.name}")
            if tree and tree.size > size:
                await self._refuse(
                    connection,
                    Finding.ROLLBACK,
                    f"a tree of {tree.size} is {what}, and the database has {size} entries: was a backup "
                    "restored? Restore one that has them; nothing is signed until then",
                )
            if tree and await _root_at(connection, tree.size) != tree.root:
                await self._refuse(
                    connection,
                    Finding.INCONSISTENT,
                    f"the tree of {tree.size} that is {what} has another root than the database: its entries "
                    "or tiles were changed. Restore them; nothing is signed until then",
                )
        said = published.note if published else self._note(0, EMPTY_ROOT)
        refusal = await self.witnesses.compare(connection, said, published.size if published else 0, size)
        if refusal:
            await self._refuse(connection, *refusal)

    async def publish(self, connection: Connection, size: int, root: bytes) -> Signed:
        """Sign this tree, have it witnessed and show it.

        Raises SigningRefused, and the policy's NoQuorum: then it is to be tried again.
        """
        await faults.reach("ledger.before_sign")
        self._memory.keep(LastSigned(self._log.name, size, root.hex()))
        signed = self._note(size, root)
        await faults.reach("ledger.after_sign")
        lines, refusal = await self.witnesses.ask(connection, signed, size)
        if refusal:
            await self._refuse(connection, *refusal)
        whole = with_signatures(signed, lines)
        witnessed = self._policy.satisfied_by(whole)
        await faults.reach("ledger.after_witness")
        at = witnessed.witnessed_at
        moment = datetime.now(UTC) if at is None else datetime.fromtimestamp(at, UTC)
        found = Signed(size, root.hex(), whole, moment)
        await _show(connection, found)
        await faults.reach("ledger.after_publish")
        return found

    def _note(self, size: int, root: bytes) -> bytes:
        return sign(Checkpoint(self._log.name, size, root).text(), self._log)

    async def _refuse(self, connection: Connection, finding: Finding, why: str) -> None:
        await note(connection, [Noted(finding, detail=why)])
        raise SigningRefused(why)


async def _told(connection: Connection, since: datetime | None, why: str | None) -> None:
    await connection.execute(
        "UPDATE ledger_progress SET unpublished_since = %(since)s, why = %(why)s "
        "WHERE (unpublished_since, why) IS DISTINCT FROM (%(since)s::timestamptz, %(why)s::text)",
        {"since": since, "why": why},
    )


async def newest(connection: Connection) -> Signed | None:
    """The largest published tree."""
    cursor = await connection.execute(
        "SELECT size, root, note, witnessed_at FROM ledger_checkpoints ORDER BY size DESC LIMIT 1"
    )
    row = await cursor.fetchone()
    return Signed(row[0], row[1], bytes(row[2]), row[3]) if row else None


async def _show(connection: Connection, found: Signed) -> None:
    """Compare and swap: only a tree larger than any that is published becomes the newest."""
    await connection.execute(
        "INSERT INTO ledger_checkpoints (size, root, note, witnessed_at) SELECT %(size)s, %(root)s, %(note)s, "
        "%(at)s WHERE NOT EXISTS (SELECT FROM ledger_checkpoints WHERE size >= %(size)s) ON CONFLICT DO NOTHING",
        {"size": found.size, "root": found.root, "note": found.note, "at": found.witnessed_at},
    )


async def _root_at(connection: Connection, size: int) -> str:
    try:
        return (await from_tiles(connection, size, lambda hashes: root_at(hashes, size))).hex()
    except Damaged as damage:
        return str(damage)
