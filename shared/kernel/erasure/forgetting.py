"""A service forgets: in one transaction it blots out its read models and notes it; then it says so."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from psycopg import AsyncConnection, sql
from psycopg.types.json import Jsonb
from sqlalchemy import MetaData

from shared.contracts.audit.erasure import KeysDestroyed
from shared.contracts.forgotten import Forgotten
from shared.contracts.words.privacy import Unreadable
from shared.kernel.clock import Clock
from shared.kernel.decider import Decider
from shared.kernel.erasure.blotting import blot_out
from shared.kernel.erasure.erased import CHANNEL, TURNS, Erased, Part
from shared.kernel.inside import Inside
from shared.kernel.projection import Issue, Projection, RawProjection
from shared.kernel.recorded import Recorded
from shared.kernel.sealing.keyring import KeyRef, Keyring, KeyringUnavailable

NOBODY = UUID(int=0)
"""The erasure of what is replayed from the keyring, which knows whose keys are gone and not by which order."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Order:
    """What KeysDestroyed tells a service. `position` is its place among audit's facts."""

    erasure_id: UUID
    position: int
    parts: tuple[Part, ...]
    ordered_at: datetime

    @classmethod
    def of(cls, fact: KeysDestroyed, position: int) -> "Order":
        named = (fact.child_id, fact.mentor_id, fact.recipient_id, *fact.recipient_ids)
        people = dict.fromkeys(person for person in named if person)
        parts = tuple(Part(person, keep) for person in people for keep in fact.classes)
        return cls(fact.erasure_id, position, parts, fact.ordered_at)


@dataclass(frozen=True)
class Forgetter:
    """Forgets on behalf of one service, in the process that leads its listeners or before it serves."""

    database_url: str
    metadata: MetaData
    projections: Sequence[Projection | RawProjection]
    says: type[Forgotten]
    erased: Erased
    clock: Clock
    keyring: Keyring | None = None

    @classmethod
    def within(cls, inside: Inside) -> "Forgetter":
        """That of a process."""
        service = inside.service
        assert service.forgotten is not None
        erased = inside.sealer.erased if inside.sealer else Erased()
        return cls(
            inside.database_url,
            service.metadata,
            service.projections,
            service.forgotten,
            erased,
            inside.clock,
            inside.sealer.keyring if inside.sealer else None,
        )

    async def perform(self, recorded: Recorded[KeysDestroyed], _: Any) -> Iterable[Issue]:
        """What the order names is forgotten when this returns; then it is acknowledged."""
        order = Order.of(recorded.fact, recorded.position)
        if self.keyring is not None and await still_there(self.keyring, order):
            # Tried again until it is true: a service does not say that it forgot what it could still read.
            raise KeyringUnavailable(
                "the keyring has keys that were destroyed; run ./alongside erasure replay"
            )
        tables = await self.forget(order)
        said = self.says(
            erasure_id=order.erasure_id,
            rows=sum(tables.values()),
            tables=tables,
            forgotten_at=self.clock.now(),
        )
        return (Issue(forgetting, order.erasure_id, said),)

    async def forget(self, order: Order) -> dict[str, int]:
        """Rows blotted out by table; the same again when it was done before. Raises what PostgreSQL raises."""
        async with await AsyncConnection.connect(
            self.database_url, autocommit=True, application_name="alongside forgets"
        ) as connection:
            async with connection.transaction():
                # Whoever has opened a fact and not saved its rows yet is done before, or opens it again after:
                # a batch is opened and saved while its checkpoint is locked.
                await connection.execute("SELECT FROM checkpoints ORDER BY projection, source FOR UPDATE")
                await connection.execute("SELECT pg_advisory_xact_lock(%s)", (TURNS,))
                await _note(connection, order)
                people = list({part.subject_id for part in order.parts})
                tables = await blot_out(
                    connection,
                    self.metadata,
                    self.projections,
                    people,
                    {part.keep for part in order.parts},
                )
                # What only this person's own stream may hold is often made of an address.
                await connection.execute("DELETE FROM claims WHERE owner = ANY(%s)", (people,))
                kept = await _done(connection, order, tables)
                await connection.execute("SELECT pg_notify(%s, '')", (CHANNEL,))
                self.erased.add(order.parts, order.ordered_at)
            await _sweep(connection, tables)
        log.info("forgotten", erasure_id=str(order.erasure_id), rows=sum(tables.values()))
        return kept


async def still_there(keyring: Keyring, order: Order) -> bool:
    """Whether the keyring has a key, or would make one, of what an order names: then it was restored since."""
    found = await keyring.keys([KeyRef(*part) for part in order.parts])
    return any(key not in (Unreadable.ERASED, Unreadable.WITHHELD) for key in found.values())


async def _note(connection: AsyncConnection[Any], order: Order) -> None:
    await connection.execute(
        "INSERT INTO erased_subjects (subject_id, keep, erasure_id, ordered_at) "
        "SELECT u.subject_id, u.keep, %s, %s FROM unnest(%s::uuid[], %s::text[]) AS u(subject_id, keep) "
        "ON CONFLICT (subject_id, keep) DO UPDATE "
        "SET erasure_id = excluded.erasure_id, ordered_at = excluded.ordered_at "
        "WHERE erased_subjects.erasure_id = %s",
        (
            order.erasure_id,
            order.ordered_at,
            [part.subject_id for part in order.parts],
            [part.keep for part in order.parts],
            NOBODY,
        ),
    )


async def _done(connection: AsyncConnection[Any], order: Order, tables: dict[str, int]) -> dict[str, int]:
    """Remember it; what was blotted out the first time, when this is not the first."""
    cursor = await connection.execute(
        "INSERT INTO forgotten AS f (erasure_id, position, tables) VALUES (%s, %s, %s) "
        "ON CONFLICT (erasure_id) DO UPDATE SET position = excluded.position RETURNING tables",
        (order.erasure_id, order.position, Jsonb(tables)),
    )
    row = await cursor.fetchone()
    assert row is not None
    found: dict[str, int] = row[0]
    return found


async def _sweep(connection: AsyncConnection[Any], tables: Iterable[str]) -> None:
    """Rows as they were go from the tables, and values from the statistics about them."""
    for name in tables:
        table = sql.Identifier(*name.rsplit(".", 1))
        await connection.execute(sql.SQL("VACUUM (ANALYZE) {}").format(table))


def _decide(said: bool, fact: Forgotten) -> Sequence[Forgotten]:
    return () if said else (fact,)


forgetting: Decider[bool, Forgotten] = Decider("forgetting", False, _decide, lambda _, __: True)
"""A stream for each erasure: a service says once that it has forgotten."""
