"""The ledger keeps every fact byte for byte, and finds whom it concerns by the contracts' markers."""

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

import shared.contracts.all  # noqa: F401
from services.audit.projections import concerned
from services.audit.read_model.ledger import find_fact, recorded_facts
from services.audit.read_model.tables import concerns, metadata
from shared.contracts.assignments.assignment import MentorAssigned
from shared.contracts.fact import Fact
from shared.kernel import envelope
from tests.audit.history import Happened, keep, keep_bytes, stored
from tests.support.examples import example, house_contracts
from tests.support.people import ASSIGNMENT, CHILD, MENTOR, SCHOOL

AT = datetime(2026, 9, 7, 8, 0, tzinfo=UTC)


async def test_the_migrations_make_exactly_the_tables_that_are_declared(db: AsyncConnection) -> None:
    def differences(connection: Any) -> list[Any]:
        names = {"include_name": lambda name, kind, _: kind != "table" or name in metadata.tables}
        return list(compare_metadata(MigrationContext.configure(connection, opts=names), metadata))

    assert await db.run_sync(differences) == []


async def test_every_published_fact_is_kept_byte_for_byte(db: AsyncConnection, database_url: str) -> None:
    history = [Happened(AT, example(contract.model)) for contract in house_contracts()]
    kept = await keep(database_url, history)
    assert len(kept) == len(history) > 20
    for (source, position), state in kept.items():
        found = await find_fact(db, source, position, restricted=True)
        assert found is not None
        assert bytes(found["body"]) == state
        assert found["sha256"] == sha256(state).hexdigest()


@pytest.mark.parametrize("contract", house_contracts(), ids=lambda contract: contract.topic)
def test_a_fact_concerns_exactly_whom_its_contract_marks_and_its_own_aggregate(contract: Any) -> None:
    fact: Fact = example(contract.model)
    stream = UUID(int=5)
    apart = "_viewed" if contract.aggregate == "view" else "_restricted" if contract.restricted else ""
    told = [(f"{kind}{apart}", getattr(fact, name)) for name, kind in contract.concerns.items()]
    marked = {
        (kind, one) for kind, value in told for one in (value if isinstance(value, tuple) else (value,))
    }
    expected = {(kind, value) for kind, value in marked if value is not None} | {(contract.aggregate, stream)}
    assert concerned(envelope.read(stored(fact, AT, stream))) == expected


def test_an_assignment_concerns_child_mentor_school_and_itself() -> None:
    found = concerned(envelope.read(stored(example(MentorAssigned), AT)))
    assert {("child", CHILD), ("mentor", MENTOR), ("school", SCHOOL), ("assignment", ASSIGNMENT)} <= found


async def test_a_type_that_no_contract_describes_is_kept_under_its_own_aggregate(
    db: AsyncConnection, database_url: str
) -> None:
    known = json.loads(stored(example(MentorAssigned), AT))
    unknown = {
        **known,
        "type": "assignments.ChildAstonished.v9",
        "subject": f"child/{CHILD}",
        "data": {"x": 1},
    }
    state = json.dumps(unknown).encode()
    await keep_bytes(database_url, {("assignments", 1): state})
    found = await find_fact(db, "assignments", 1)
    assert found is not None
    assert bytes(found["body"]) == state
    rows = (await db.execute(select(concerns.c.kind, concerns.c.subject_id))).all()
    assert [tuple(row) for row in rows] == [("child", CHILD)]


@pytest.mark.parametrize("data", ['{"child_id": 7}', '{"child_id": "no id"}', "[]", "null", "{}"])
def test_rubbish_inside_a_fact_does_not_keep_it_out_of_the_ledger(data: str) -> None:
    whole = json.loads(stored(example(MentorAssigned), AT))
    head = envelope.read(json.dumps({**whole, "data": json.loads(data)}).encode())
    assert concerned(head) == {("assignment", head.stream)}


async def test_a_list_of_facts_pages_in_the_order_of_recording(
    db: AsyncConnection, database_url: str
) -> None:
    history = [
        Happened(AT + timedelta(seconds=number % 3), example(contract.model))
        for number, contract in enumerate(house_contracts())
    ]
    await keep(database_url, history)
    every: dict[str, Any] = {"source": None, "type": None, "stream": None, "correlation_id": None}
    every["restricted"] = True
    seen: list[tuple[Any, ...]] = []
    after = None
    while page := await recorded_facts(db, **every, after=after, limit=7):
        seen += [(row["recorded_at"], row["source"], row["position"]) for row in page]
        after = seen[-1]
    assert seen == sorted(seen)
    assert len(seen) == len(history)
