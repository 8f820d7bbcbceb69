"""Taking a snapshot, and following: both write the facts between two cuts as one round."""

import asyncio
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TypeAlias

from deploy.snapshots import folder as rounds
from deploy.snapshots.cut import cut, heads
from deploy.snapshots.files import Writers
from deploy.snapshots.house import House, ledger
from deploy.snapshots.manifest import Files, Held, Manifest, Stretch
from deploy.snapshots.pseudonyms import Pseudonyms
from deploy.snapshots.reading import Reading, digest_at, reader
from deploy.snapshots.tables import tables_of
from shared.kernel import faults

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

    async def take(self, files: Files, facts: tuple[str, ...] = EVERYTHING) -> Manifest:
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
                async with reader(self.house.databases[service]) as store:
                    now = await digest_at(store, stretch.up_to)
                if now != stretch.last:
                    raise Changed(f"fact {stretch.up_to} of {service} is another than the one exported")

    def _told(self, before: int, total: int, at: int) -> None:
        self.tell(before + at, total)

    async def _round(
        self,
        number: int,
        files: Files,
        facts: tuple[str, ...],
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
                facts=facts,
                taken_at=datetime.now(UTC),
                made_with=f"alongside {version('alongside')}, pyarrow {version('pyarrow')}",
                previous=previous,
                services=services,
                tables=tuple(held),
                ledger=await asyncio.to_thread(ledger, self.house, up_to),
            )
            rounds.write(made, found)
            await faults.reach("snapshot.before_rename")
            rounds.publish(made, number)
            await faults.reach("snapshot.after_rename")
        except BaseException:
            shutil.rmtree(made, ignore_errors=True)
            raise
        return found
