"""The witnesses of the policy, as the log asks them: all at once, and no longer than it takes until enough agree."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeAlias

import httpx
from psycopg import AsyncConnection

from services.audit.ledger.formats.findings import Finding
from services.audit.ledger.formats.merkle import consistency_proof
from services.audit.ledger.formats.note import Signature
from services.audit.ledger.formats.policy import Member, Policy
from services.audit.ledger.growth import from_tiles
from services.audit.witness.asking import BadProof, Behind, Forked, NotCosigned, cosign
from shared.kernel.bus.ending import end

ANSWER_SECONDS = 5.0
GRACE_SECONDS = 0.2
"""How long the others may still take once enough have answered."""

Refusal: TypeAlias = tuple[Finding, str]
Asking: TypeAlias = Callable[[str, Member], Coroutine[Any, Any, list[Signature]]]


class Ahead(Exception):
    """A witness contradicts this log; the arguments are the finding and why."""


class Witnesses:
    """Who they are, which size each has cosigned as far as known, and what each said last."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._sizes: dict[str, int] = {}
        self.said: dict[str, str] = dict.fromkeys(self._asked(), "not asked yet")
        # Proofs are read one after the other: the log's connection does one thing at a time.
        self._reading = asyncio.Lock()
        self._client = httpx.AsyncClient(trust_env=False)

    async def close(self) -> None:
        await self._client.aclose()

    def _asked(self) -> dict[str, Member]:
        return {name: member for name, member in self._policy.witnesses.items() if member.url}

    async def compare(
        self, connection: AsyncConnection[Any], said: bytes, said_size: int, size: int
    ) -> Refusal | None:
        """What they have cosigned, found out with a checkpoint that was given out before (or the empty one).

        Whoever is away counts as not asked. Answers why nothing may be signed, if so.
        """

        async def one(name: str, member: Member) -> list[Signature]:
            old = said_size
            while True:
                try:
                    return await self._cosign(connection, member, old, said, said_size)
                except Behind as behind:
                    self._sizes[name] = behind.size
                    if behind.size > size:
                        raise _ahead(name, behind.size, size) from None
                    if behind.size in (old, 0) or behind.size > said_size:
                        return []
                    old = behind.size

        return (await self._gather(one, None))[1]

    async def ask(
        self, connection: AsyncConnection[Any], note: bytes, size: int
    ) -> tuple[list[Signature], Refusal | None]:
        """The cosignatures of a checkpoint of `size`, and why it must not be shown, if so."""

        async def one(name: str, member: Member) -> list[Signature]:
            while True:
                old = self._sizes.get(name, 0)
                try:
                    lines = await self._cosign(connection, member, old, note, size)
                except Behind as behind:
                    if behind.size > size:
                        raise _ahead(name, behind.size, size) from None
                    if behind.size == old:
                        raise
                    self._sizes[name] = behind.size
                    continue
                self._sizes[name] = size
                return lines

        return await self._gather(one, self._policy)

    async def _cosign(
        self, connection: AsyncConnection[Any], member: Member, old: int, note: bytes, size: int
    ) -> list[Signature]:
        assert member.url
        async with self._reading:
            proof = await from_tiles(connection, size, lambda hashes: consistency_proof(hashes, old, size))
        return await cosign(
            member.url, old, proof, note, ANSWER_SECONDS, witness=member.witness, client=self._client
        )

    async def _gather(self, one: Asking, until: Policy | None) -> tuple[list[Signature], Refusal | None]:
        lines: list[Signature] = []
        agreed: set[str] = set()
        names = {asyncio.ensure_future(self._one(one, *each)): each[0] for each in self._asked().items()}
        waiting = set(names)
        try:
            while waiting:
                enough = until is not None and bool(agreed) and until.holds(agreed)
                done, waiting = await asyncio.wait(
                    waiting,
                    timeout=GRACE_SECONDS if enough else None,
                    return_when=asyncio.FIRST_COMPLETED,
                )
                if not done:
                    break
                for task in done:
                    found = task.result()
                    if isinstance(found, tuple):
                        return lines, found
                    if found:
                        agreed.add(names[task])
                        lines += found
        finally:
            await end(*waiting)
        return lines, None

    async def _one(self, one: Asking, name: str, member: Member) -> list[Signature] | Refusal:
        try:
            lines = await one(name, member)
        except Ahead as ahead:
            finding, why = ahead.args
            self.said[name] = why
            return finding, why
        except (Forked, BadProof) as refused:
            self.said[name] = str(refused)
            why = f"witness {name} has cosigned another history: {refused}. Nothing is signed until that is cleared up"
            return Finding.INCONSISTENT, why
        except NotCosigned as away:
            self.said[name] = str(away)
            return []
        self.said[name] = "cosigned" if lines else "answers"
        return lines


def _ahead(name: str, theirs: int, ours: int) -> Ahead:
    return Ahead(
        Finding.ROLLBACK,
        f"witness {name} has cosigned {theirs} entries, and the database has {ours}: was a backup restored? "
        "Restore one that has them; nothing is signed until then",
    )
