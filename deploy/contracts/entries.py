"""What the catalogue knows of each fact: its contract, its example, who reads it, and its other versions."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deploy.contracts.consumers import Consumer, Consumers
from deploy.contracts.differences import differences
from deploy.contracts.releases import House, Manifest, golden_data
from shared.contracts.fact import Contract, brought_up
from shared.contracts.schema import Schema, schema_of
from shared.kernel.sealing.cipher import SealBroken


@dataclass(frozen=True)
class Entry:
    """One fact and version. `state_bytes` are its golden file, `event` what they say, `opened` its `data` opened.

    `versions` are all topics of this fact; `changed` says how this version differs from the one before, and
    `upcast` how a reader of today turns this version into the next.
    """

    contract: Contract
    schema: Schema
    state_bytes: bytes
    event: Mapping[str, Any]
    opened: Mapping[str, Any]
    state: str
    consumers: tuple[Consumer, ...]
    versions: tuple[str, ...]
    changed: tuple[str, ...]
    upcast: str

    @property
    def topic(self) -> str:
        return self.contract.topic

    @property
    def before(self) -> str:
        """The version before this one, or nothing."""
        at = self.versions.index(self.topic)
        return self.versions[at - 1] if at else ""


def entries(house: House, known: Sequence[Contract], read_by: Consumers) -> list[Entry]:
    """Every known fact that has a golden file, by topic."""
    promises = Manifest.load(house).promises
    listed = [one for one in known if one.topic in promises and house.golden(one.topic).exists()]
    schemas = {one.topic: schema_of(one) for one in listed}
    found = []
    for contract in listed:
        versions = tuple(_versions(contract, listed))
        at = versions.index(contract.topic)
        before = schemas[versions[at - 1]] if at else None
        golden = house.golden(contract.topic).read_bytes()
        found.append(
            Entry(
                contract,
                schemas[contract.topic],
                golden,
                json.loads(golden),
                opened(golden, contract) or {},
                promises[contract.topic].state,
                read_by.get(contract.topic, ()),
                versions,
                tuple(differences(before, schemas[contract.topic])) if before else (),
                brought_up(contract.topic),
            )
        )
    return found


def _versions(contract: Contract, known: Sequence[Contract]) -> Iterator[str]:
    same = [one for one in known if (one.service, one.name) == (contract.service, contract.name)]
    for one in sorted(same, key=lambda each: each.version):
        yield one.topic


def opened(golden: bytes, contract: Contract) -> dict[str, Any] | None:
    """What a golden file holds, opened; None when it can't be: then it is to be made again, or found broken."""
    try:
        found: dict[str, Any] = json.loads(golden_data(golden, contract))
    except (SealBroken, KeyError):
        return None
    return found
