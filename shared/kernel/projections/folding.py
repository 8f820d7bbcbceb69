"""A process that folds ranges of facts in memory and merges them into the tables beside the live ones."""

import asyncio
import gc
import pickle
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, TypeAlias
from uuid import UUID

import psycopg

from shared.kernel.envelope import NO_KEYS
from shared.kernel.erasure.erased import TURNS, Erased
from shared.kernel.projection import Projection, RawProjection
from shared.kernel.projections.changes import Changes
from shared.kernel.projections.failing import is_poison, told
from shared.kernel.projections.folds import fold
from shared.kernel.projections.listening import Heard, Listening
from shared.kernel.projections.origin import Origin
from shared.kernel.projections.staging import Staging
from shared.kernel.projections.tables import ReadTable
from shared.kernel.sealing.batches import Keys, OpenKeyring, keys_of
from shared.kernel.sealing.keyring import KeyRef
from shared.kernel.sealing.sealer import Sealer

CHUNK = 1000
OPENED_AT_ONCE = 5000
# Rows held in memory at once: about 350 MB. Fewer are merged more often, and merging is PostgreSQL's work.
MOST_ROWS = 500_000


class Overtaken(Exception):
    """Somebody else has moved this rebuild on."""


@dataclass(frozen=True)
class Job:
    """What all ranges of one rebuild and source have in common. `name` is the checkpoint's and parking's."""

    database_url: str
    schema: str
    name: str
    source: str
    projection: Projection | RawProjection
    tables: Mapping[str, ReadTable]
    origin: Origin
    parts: int
    keyring: OpenKeyring | None = None
    most_rows: int = MOST_ROWS


@dataclass(frozen=True)
class Fold:
    """Fold the facts in (after, until]; streams that are `blocked` already are parked."""

    after: int
    until: int
    blocked: frozenset[UUID]


@dataclass(frozen=True)
class Merge:
    """Write one part of what was folded last."""

    part: int


@dataclass(frozen=True)
class Folded:
    """`blocked` are the streams that failed in this range and were not known before."""

    blocked: frozenset[UUID]
    parked: int


@dataclass(frozen=True)
class Merged:
    """One part is written."""


@dataclass(frozen=True)
class Failed:
    """PostgreSQL would not take it; `poison` when facts are to blame."""

    error: str
    poison: bool


Order: TypeAlias = Fold | Merge
Answer: TypeAlias = Folded | Merged | Failed


class Folder:
    """Does what it is ordered to, with one connection of its own."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._erased = Erased()
        self._listening = Listening(job.projection, job.source, self._erased)
        self._connection = psycopg.connect(
            job.database_url, autocommit=True, application_name="alongside rebuild writes"
        )
        self._connection.execute("SET synchronous_commit = off; SET jit = off; SET work_mem = '64MB'")
        self._staging = Staging(self._connection, job.parts)
        self._range = Fold(0, 0, frozenset())
        self._parked: list[Heard] = []
        self._loop = asyncio.Runner()
        self._sealer: Sealer | None = None

    def do(self, order: Order) -> Answer:
        """Obey; an error is an answer."""
        try:
            return self._fold(order) if isinstance(order, Fold) else self._merge(order)
        except Overtaken as error:
            return Failed(told(error), poison=False)
        except Exception as error:
            return Failed(told(error), is_poison(error))

    def _fold(self, order: Fold) -> Folded:
        self._staging.clear()
        self._erased.load_from(self._connection)
        self._range, self._parked = order, []
        job = self._job
        blocked = set(order.blocked)
        changes = Changes(job.tables, job.projection.name)
        facts = job.origin.facts(order.after, order.until, self._listening.patterns)
        heard = self._heard(facts)
        for first in heard:
            # A list would be larger than the processor's cache; a fact is folded as soon as it is read.
            self._parked += fold(job.projection, chain((first,), islice(heard, CHUNK)), changes, blocked)
            if len(changes) >= job.most_rows:
                self._staging.stage(job.tables, changes)
                changes = Changes(job.tables, job.projection.name)
        self._staging.stage(job.tables, changes)
        return Folded(frozenset(blocked - order.blocked), len(self._parked))

    def _heard(self, facts: Iterator[Any]) -> Iterator[Heard]:
        """What is wanted; when some of it is sealed, in batches for which keys are looked up together."""
        if not self._listening.opens:
            yield from self._listening.hear_all(facts)
            return
        while batch := list(islice(facts, OPENED_AT_ONCE)):
            refs = self._listening.keys_for(batch)
            yield from self._listening.hear_all(batch, self._loop.run(self._keys(refs)) if refs else NO_KEYS)

    async def _keys(self, refs: set[KeyRef]) -> Keys:
        if self._sealer is None and self._job.keyring is not None:
            self._sealer = Sealer(await self._job.keyring())
        return await keys_of(self._sealer, refs)

    def _merge(self, order: Merge) -> Merged:
        with self._connection.transaction():
            self._connection.execute("SELECT pg_advisory_xact_lock_shared(%s)", (TURNS,))
            if self._erased.load_from(self._connection):
                raise Overtaken("somebody was forgotten meanwhile; take the rebuild up again")
            moved = self._connection.execute(
                f'UPDATE "{self._job.schema}".progress SET position = %s '
                "WHERE source = %s AND part = %s AND position = %s",
                (self._range.until, self._job.source, order.part, self._range.after),
            )
            if moved.rowcount != 1:
                raise Overtaken("another rebuild of this projection is going on")
            self._staging.merge(order.part)
            if order.part == 0:
                self._park()
        return Merged()

    def _park(self) -> None:
        rows = [
            (self._job.name, self._job.source, fact.position, fact.stream, fact.topic, fact.state, fact.error)
            for fact in self._parked
        ]
        self._connection.cursor().executemany(
            "INSERT INTO parked (projection, source, position, stream, topic, state, error) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s)",
            rows,
        )


def main() -> None:
    """Orders on standard input, answers on standard output, both pickled, until the input ends."""
    orders, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    gc.freeze()
    gc.disable()  # it would go through all rows again and again; what is in cycles goes after each order
    folder = Folder(pickle.load(orders))
    while True:
        try:
            order = pickle.load(orders)
        except EOFError:
            return
        answer = pickle.dumps(folder.do(order))
        gc.collect()
        answers.write(len(answer).to_bytes(8, "big") + answer)
        answers.flush()
