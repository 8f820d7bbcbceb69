"""Taking a snapshot, and following: both write the facts between two cuts as one round."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import TypeAlias

from psycopg.conninfo import make_conninfo

from deploy.snapshots import folder as rounds
from deploy.snapshots.cut import cut, heads
from deploy.snapshots.files import Writers
from deploy.snapshots.house import House, ledger
from deploy.snapshots.manifest import Files, Held, Manifest, Stretch
from deploy.snapshots.pseudonyms import Pseudonyms
from deploy.snapshots.tables import Table, Unfit, known, tables_of
from shared.kernel import envelope
from shared.kernel.envelope import Envelope
from shared.kernel.store.reader import Reader

CHUNK = 10_000
EVERYTHING = ("*",)

Tell: TypeAlias = Callable[[int, int], None]
"""Facts read so far of this round, of how many."""


class Changed(Exception):
    """The house is not the one that the snapshot was taken of; the message says in what."""


@dataclass(frozen=True, slots=True)
class Taker:
    """Whose copy is written, where, from which house."""

    house: House
    folder: Path
    under: Pseudonyms
    tell: Tell = lambda at, total: None

    async def take(self, files: Files, facts: Sequence[str] = EVERYTHING) -> Manifest:
        """The first round: everything up to one moment. Raises Busy, Occupied, NoCut, Unfit, NoSuchFacts."""
        with rounds.writing(self.folder):
            rounds.assert_empty(self.folder)
            up_to = await cut(self.house.databases)
            return await self._round(1, files, facts, dict.fromkeys(up_to, 0), up_to, None)

    async def follow(self) -> Manifest | None:
        """One more round, if there are new facts. Raises Busy, NotASnapshot, Changed, NoCut, Unfit."""
        with rounds.writing(self.folder):
            last, digest = rounds.newest(self.folder)
            self._assert_ours(last)
            after = {**dict.fromkeys(self.house.databases, 0), **last.positions}
            if await heads(self.house.databases) == after:
                return None
            up_to = await cut(self.house.databases)
            await self._assert_same_history(last, up_to)
            return await self._round(last.round + 1, last.files, last.facts, after, up_to, digest)

    def _assert_ours(self, last: Manifest) -> None:
        if last.region != self.house.region:
            raise Changed(f"the snapshot is of {last.region}, this house of {self.house.region}")
        if last.key != self.under.mark:
            raise Changed(
                f"the pseudonyms of {last.recipient} were made with another key than there is now: what follows "
                "could not be joined with what is there; take a new snapshot"
            )
        if absent := sorted(set(last.services) - set(self.house.databases)):
            raise Changed(f"the snapshot has facts of {', '.join(absent)}, whose store is not here")

    async def _assert_same_history(self, last: Manifest, up_to: Mapping[str, int]) -> None:
        """The last fact that was exported stands where it stood: no other history was put in its place."""
        for service, stretch in last.services.items():
            if up_to[service] < stretch.up_to:
                raise Changed(
                    f"{service} has {up_to[service]} facts, the snapshot {stretch.up_to}: a backup was restored"
                )
            if stretch.up_to:
                async with _reader(self.house.databases[service]) as store:
                    now = await _digest(store, stretch.up_to)
                if now != stretch.last:
                    raise Changed(f"fact {stretch.up_to} of {service} is another than the one exported")

    def _told(self, before: int, total: int, at: int) -> None:
        self.tell(before + at, total)

    async def _round(
        self,
        number: int,
        files: Files,
        facts: Sequence[str],
        after: Mapping[str, int],
        up_to: Mapping[str, int],
        previous: str | None,
    ) -> Manifest:
        made = rounds.begin(self.folder, number)
        try:
            services: dict[str, Stretch] = {}
            held: list[Held] = []
            read, total = 0, sum(up_to.values()) - sum(after.values())
            for service in sorted(up_to):
                tables = tables_of(service, facts, self.under)
                writers = Writers(made / rounds.FACTS, files, tables)
                reading = Reading(self.house.databases[service], service, tables, writers)
                try:
                    tell = partial(self._told, read, total)
                    services[service] = await reading.stretch(after[service], up_to[service], tell)
                    held += writers.close()
                finally:
                    writers.abandon()
                read += up_to[service] - after[service]
            found = Manifest(
                round=number,
                region=self.house.region,
                recipient=self.under.recipient,
                key=self.under.mark,
                files=files,
                facts=tuple(facts),
                taken_at=datetime.now(UTC),
                made_with=f"alongside {version('alongside')}, pyarrow {version('pyarrow')}",
                previous=previous,
                services=services,
                tables=tuple(held),
                ledger=await asyncio.to_thread(ledger, self.house, up_to),
            )
            rounds.finish(made, found)
        except BaseException:
            shutil.rmtree(made, ignore_errors=True)
            raise
        return found


@dataclass(frozen=True, slots=True)
class Reading:
    """One service's facts on their way from its store into tables."""

    database_url: str
    service: str
    tables: Mapping[str, Table]
    writers: Writers

    async def stretch(self, after: int, up_to: int, tell: Callable[[int], None]) -> Stretch:
        """Write the facts after one position up to another, in chunks of a fixed length. Raises Unfit."""
        topics, rows, at = known(self.service), 0, after
        async with _reader(self.database_url) as store:
            while at < up_to:
                chunk = await store.states(at, min(CHUNK, up_to - at))
                if not chunk or chunk[-1][0] != at + len(chunk):
                    raise Unfit(f"the store of {self.service} has a gap after position {at}")
                rows += await asyncio.to_thread(self._take, chunk, topics)
                at = chunk[-1][0]
                tell(at - after)
            last = await _digest(store, at) if at else ""
        return Stretch(after=after, up_to=up_to, rows=rows, left_out=up_to - after - rows, last=last)

    def _take(self, chunk: Sequence[tuple[int, bytes]], topics: frozenset[str]) -> int:
        """The facts of a chunk to their tables; how many there were."""
        found: dict[str, list[tuple[int, Envelope]]] = {}
        for position, state in chunk:
            read = envelope.read(state)
            if read.type in self.tables:
                found.setdefault(read.type, []).append((position, read))
            elif read.type not in topics:
                raise Unfit(
                    f"fact {position} of {self.service} is a {read.type}, which this release does not know: "
                    "update it first"
                )
        for topic in sorted(found):
            self.writers.add(topic, self.tables[topic].batch(found[topic]))
        self.writers.ease()
        return sum(map(len, found.values()))


@asynccontextmanager
async def _reader(database_url: str) -> AsyncIterator[Reader]:
    """The log of a store, through a connection that could not write."""
    reader = Reader(make_conninfo(database_url, options="-c default_transaction_read_only=on"))
    await reader.open()
    try:
        yield reader
    finally:
        await reader.close()


async def _digest(store: Reader, position: int) -> str:
    """SHA-256 of the bytes stored there."""
    [(_, state)] = await store.states(position - 1, 1)
    return sha256(state).hexdigest()
