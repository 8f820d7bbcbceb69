"""Stores of a region with facts in them, as a snapshot finds them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from deploy.snapshots import folder as rounds
from deploy.snapshots import manifest
from deploy.snapshots.house import House
from deploy.snapshots.leaving import leaves
from deploy.snapshots.pseudonyms import Pseudonyms, pseudonyms
from deploy.snapshots.taking import Taker
from shared.contracts.fact import Fact, contract_of
from shared.kernel.envelope import Origin, encode
from shared.kernel.sealing.fields import refs_to_seal
from shared.kernel.sealing.keyring import KeyRef
from shared.kernel.store import Append, Store
from tests.support.examples import examples

REGION = "uk-london"
BEGIN = datetime(2026, 9, 7, 8, tzinfo=UTC)
ANALYSTS = pseudonyms("analysts", b"a" * 32)


@dataclass
class Region:
    """Three stores, and what a test does with them."""

    databases: Mapping[str, str]
    told: int = 0

    @property
    def house(self) -> House:
        return House(REGION, self.databases)

    def taker(self, folder: Path, under: Pseudonyms = ANALYSTS) -> Taker:
        return Taker(self.house, folder, under)

    async def record(self, service: str, *facts: Fact, by: str = "coordinator:ruth") -> int:
        """Each in a stream of its own; the position of the last."""
        async with await Store.open(self.databases[service]) as store:
            return await self.append(store, service, *facts, by=by)

    async def append(self, store: Store, service: str, *facts: Fact, by: str = "coordinator:ruth") -> int:
        """The same, in a store that is open."""
        position = 0
        for fact in facts:
            position = (await store.append(self._append(service, fact, by))).position
        return position

    def _append(self, service: str, fact: Fact, by: str) -> Append:
        self.told += 1
        stream = uuid4()
        origin = Origin(REGION, service, by, BEGIN + timedelta(seconds=self.told), "c", "c")
        contract = contract_of(fact)
        refs: Iterable[KeyRef] = refs_to_seal(contract, dict(fact)).values() if contract.personal else ()
        state = encode(fact, origin, stream, 1, keys=dict.fromkeys(refs, b"k" * 32))
        return Append(stream, 0, [(contract.topic, state)])


def leaving(service: str) -> list[Fact]:
    """An example of each fact of a service that may leave the house."""
    return [
        fact for model, fact in examples().items() if _is_of(model, service) and leaves(contract_of(model))
    ]


def staying(service: str) -> list[Fact]:
    """An example of each that may not."""
    return [
        fact
        for model, fact in examples().items()
        if _is_of(model, service) and not leaves(contract_of(model))
    ]


def _is_of(model: type[Fact], service: str) -> bool:
    return contract_of(model).service == service


def all_rows(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Every row of every round, by topic, as an analyst reads them."""
    found: dict[str, list[dict[str, Any]]] = {}
    for place in rounds.rounds(folder):
        for held in manifest.read(place / manifest.FILE)[0].tables:
            found.setdefault(held.topic, []).extend(pa.parquet.read_table(place / held.file).to_pylist())
    return found


def ids_in(value: object) -> set[str]:
    """Every UUID in a fact, as text."""
    if isinstance(value, UUID):
        return {str(value)}
    if isinstance(value, Mapping):
        return set().union(*map(ids_in, value.values()), set())
    if isinstance(value, list | tuple):
        return set().union(*map(ids_in, value), set())
    return set()


def there(folder: Path) -> list[str]:
    """The names in a folder."""
    return sorted(one.name for one in folder.iterdir())
