"""Where personal fields land: only in columns that say whose they are, so that all of them can be taken out."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from services.assignments.main import service as assignments
from services.audit.main import service as audit
from services.notifications.main import service as notifications
from services.sessions.main import service as sessions
from services.training.main import service as training
from shared.contracts.assignments.child import Outcome
from shared.contracts.fact import Contract, contract_of
from shared.contracts.words.privacy import RETENTION_CLASSES, Unreadable
from shared.kernel.projection import Projection, RawProjection
from shared.kernel.projections.changes import Changes
from shared.kernel.projections.declared import read_tables
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Put
from shared.kernel.sealing.grants import GRANTS
from shared.kernel.service import Service
from tests.support.examples import example, house_contracts

SERVICES = (assignments, sessions, training, notifications, audit)
CANARY, DAY = "Qanary Zyx", date(1803, 3, 7)
SIGNS = (CANARY.lower(), DAY.isoformat())
# What no text can stand for.
UNMISTAKABLE: dict[str, Any] = {
    "birth_date": DAY,
    "outcomes": (Outcome(outcome_id=UUID(int=7), area="social", text=CANARY),),
    "needs": (CANARY,),
    "languages": (CANARY,),
}

pytestmark = pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")


def told(contract: Contract, values: dict[str, Any]) -> Recorded[Any]:
    """The example with these values in its personal fields."""
    fact = example(contract.model).model_copy(update=values)
    at, nobody = datetime(2026, 9, 1, tzinfo=UTC), UUID(int=1)
    return Recorded(
        fact, contract.service, 7, nobody, 1, at, nobody, "uk-london", "coordinator:ruth", "c", "c"
    )


def listeners() -> Iterator[tuple[Service, Projection, Contract]]:
    for service in SERVICES:
        for projection in service.projections:
            for fact in projection.listens:
                if isinstance(projection, Projection) and contract_of(fact).personal:
                    yield service, projection, contract_of(fact)


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: str(service.name))
def test_a_personal_field_lands_only_in_columns_that_say_whose_it_is(service: Service) -> None:
    landed = set()
    for found, projection, contract in listeners():
        for name, keep in contract.kept.items():
            recorded = told(contract, {name: UNMISTAKABLE.get(name, CANARY)})
            for row in projection.project(recorded) if found is service else ():
                if not isinstance(row, Put):
                    continue
                assert not shows(row.key), f"{contract.topic}.{name} is in the key of {row.table}"
                for column in (column for column, value in row.set.items() if shows(value)):
                    assert row.table != "due", f"{contract.topic}.{name} falls due"
                    info = service.metadata.tables[row.table].columns[column].info
                    assert info.get("keep") == keep, f"{row.table}.{column} has {contract.topic}.{name}"
                    assert keep in projection.opens, f"{projection.name} shows what it does not open"
                    landed.add((row.table, column))
    marked = {(c.table.name, c.name) for table in service.metadata.tables.values() for c in table.c if c.info}
    assert marked - landed <= KEPT_OTHERWISE, "a mark that nothing personal was seen to land under"


KEPT_OTHERWISE: set[tuple[str, str]] = set()


def test_whoever_shows_nothing_personal_opens_nothing() -> None:
    idle = []
    for service in SERVICES:
        for projection in service.projections:
            kept = {keep for fact in projection.listens for keep in contract_of(fact).kept.values()}
            # Which outcomes a child has is inside what is sealed, and no more than that is shown of it.
            if projection.name != "outcomes" and kept & projection.opens and not _marks(service, projection):
                idle.append(f"{service.name}.{projection.name}")
    assert not idle, "opens=NO_CLASS: what nobody shows needs no key"


def _marks(service: Service, projection: Projection | RawProjection) -> bool:
    tables = [service.metadata.tables[name] for name in projection.tables if name != "due"]
    return any(column.info for table in tables for column in table.columns)


def test_every_service_is_granted_what_its_listeners_open() -> None:
    for service in SERVICES:
        for listener in service.listeners:
            kept = {keep for fact in listener.listens for keep in contract_of(fact).kept.values()}
            lacking = (kept & listener.opens) - GRANTS[service.name].reads
            assert not lacking, f"{service.name}.{listener.name}: {sorted(lacking)}"


def shows(value: Any) -> bool:
    return any(sign in str(value).lower() or sign in repr(value).lower() for sign in (*SIGNS, repr(DAY)))


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: str(service.name))
def test_a_mark_names_the_column_with_the_persons_id(service: Service) -> None:
    for table in service.metadata.tables.values():
        for column in table.columns:
            if column.info:
                assert set(column.info) == {"personal", "keep"}, column
                assert column.info["keep"] in RETENTION_CLASSES, column
                assert column.info["personal"] in table.columns, column
                assert column.nullable or column.type.python_type is str, f"{column} can't be emptied"


@pytest.mark.parametrize("unreadable", Unreadable)
def test_every_projection_takes_what_it_cannot_read(unreadable: Unreadable) -> None:
    for service, projection, contract in listeners():
        recorded = told(contract, dict.fromkeys(contract.kept, unreadable))
        tables = read_tables(service.metadata, projection.tables)
        changes = Changes(tables, projection.name)
        changes.take(projection.project(recorded))
        for name, by_key in changes.by_table.items():
            for change in by_key.values():
                for column, value in change.set.items():
                    (adapted,) = tables[name].columns[column].adapted([value])
                    if adapted is None:
                        assert not tables[name].columns[column].required, f"{name}.{column} can't be empty"


def test_every_personal_field_that_is_no_text_takes_what_cannot_be_read() -> None:
    for contract in house_contracts():
        whole = example(contract.model)
        for name in contract.personal:
            data = whole.model_dump() | {name: Unreadable.ERASED.value}
            assert contract.model.model_validate(data) != whole, f"{contract.topic}.{name}"
