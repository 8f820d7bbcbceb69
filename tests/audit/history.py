"""A history written straight into the ledger, as the runner would have written it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from psycopg import AsyncConnection

from services.audit.projections import ledger, supports
from services.audit.read_model.tables import metadata
from shared.contracts.assignments.assignment import AssignmentEnded, MentorAssigned
from shared.contracts.fact import Fact, contract_of, find_contract
from shared.kernel import envelope
from shared.kernel.envelope import Origin, encode
from shared.kernel.projections.changes import Changes
from shared.kernel.projections.declared import read_tables
from shared.kernel.projections.writing import write
from shared.kernel.sealing.derived import derived_key
from shared.kernel.sealing.fields import refs_to_seal
from shared.kernel.sealing.keyring import KeyRef
from tests.support.served import SECRET

REGION = "uk-london"
RUTH = "coordinator:ruth"


@dataclass(frozen=True)
class Happened:
    """A fact, when it was recorded and by whom."""

    at: datetime
    fact: Fact
    actor: str = RUTH


def stored(fact: Fact, at: datetime, stream: UUID | None = None, actor: str = RUTH) -> bytes:
    """The bytes that a service would have stored, in the stream of its aggregate."""
    contract = contract_of(fact)
    origin = Origin(REGION, contract.service, actor, at, "c-1", "")
    own = getattr(fact, f"{contract.aggregate}_id", None)
    stream = stream or own or uuid5(NAMESPACE_URL, fact.model_dump_json())
    refs = refs_to_seal(contract, fact.model_dump()).values()
    return encode(fact, origin, stream, 1, keys={ref: key_of(ref) for ref in refs})


def key_of(ref: KeyRef) -> bytes:
    """The key of a person and class, as every service of a test has it."""
    return derived_key(SECRET, ref)


async def keep(
    database_url: str,
    history: Sequence[Happened],
    before: Mapping[tuple[str, int], bytes] = MappingProxyType({}),
) -> dict[tuple[str, int], bytes]:
    """Put these facts into the ledger, after those kept `before`; all their bytes by source and position."""
    kept = dict(before)
    for happened in history:
        source = contract_of(happened.fact).service
        position = sum(known == source for known, _ in kept) + 1
        kept[source, position] = stored(happened.fact, happened.at, actor=happened.actor)
    await keep_bytes(database_url, kept)
    return kept


async def keep_bytes(database_url: str, kept: dict[tuple[str, int], bytes]) -> None:
    tables = read_tables(metadata, metadata.tables)
    async with await AsyncConnection[Any].connect(database_url) as connection:
        for (_, position), state in kept.items():
            changes = Changes(tables, "ledger")
            head = envelope.read(state)
            changes.take(ledger(position, head, state))
            contract = find_contract(head.type)
            if contract and contract.model in (MentorAssigned, AssignmentEnded):
                changes.take(supports(envelope.recorded(head, contract, position)))  # type: ignore[arg-type]
            await write(connection, tables, changes)
