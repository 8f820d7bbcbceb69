"""Tables follow their contracts: older facts have the default of a field that came later."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID, uuid4

import orjson
import pyarrow as pa
import pyarrow.dataset
import pyarrow.parquet
import pytest
from pydantic import Field

from deploy.snapshots.columns import columns_of
from deploy.snapshots.tables import Table, Unfit, table_of
from shared.contracts.fact import Contract, Fact
from shared.kernel import envelope
from shared.kernel.envelope import Envelope
from shared.kernel.store import Append, Store
from tests.snapshots.region import ANALYSTS, Region, leaving, there


class Paid(Fact):
    """As it was released."""

    minutes: Annotated[int, Field(description="how long")]


class PaidSince(Paid):
    """With fields that came later."""

    rate: Annotated[Decimal, Field(description="an hour")] = Decimal("12.50")
    on_call: Annotated[bool | None, Field(description="whether")] = None


def table(model: type[Fact]) -> Table:
    return table_of(Contract("sessions.Paid.v1", "pay", model, {}, {}, {}), ANALYSTS)


def told(data: dict[str, Any]) -> Envelope:
    stream = uuid4()
    state = {
        "id": str(uuid4()), "source": "/r/sessions", "type": "sessions.Paid.v1", "subject": f"pay/{stream}",
        "time": "2026-09-07T08:00:00Z", "region": "r", "streamversion": 1, "correlationid": "c",
        "causationid": "c", "actor": "due:pay", "data": data,
    }  # fmt: skip
    return envelope.read(orjson.dumps(state))


def test_a_field_that_came_later_has_its_default_in_older_facts() -> None:
    rows = (
        table(PaidSince)
        .batch([(1, told({"minutes": 50})), (2, told({"minutes": 5, "rate": "9.00"}))])
        .to_pylist()
    )
    assert [(row["minutes"], row["rate"], row["on_call"]) for row in rows] == [
        (50, Decimal("12.50"), None),
        (5, Decimal("9.00"), None),
    ]
    assert rows[0]["recorded_at"] == datetime(2026, 9, 7, 8, tzinfo=UTC)
    assert rows[0]["actor_role"] == "due"


def test_rounds_before_and_after_an_addition_are_read_as_one(tmp_path: Path) -> None:
    for name, model in (("1", Paid), ("2", PaidSince)):
        batch = table(model).batch([(int(name), told({"minutes": 50}))])
        pa.parquet.write_table(pa.Table.from_batches([batch]), tmp_path / f"{name}.parquet")
    newest = pa.parquet.read_schema(tmp_path / "2.parquet")
    whole = pa.dataset.dataset(sorted(map(str, tmp_path.glob("*"))), schema=newest).to_table()
    assert whole.column("rate").to_pylist() == [None, Decimal("12.5")]
    assert [one.default for one in table(PaidSince).described if one.name == "rate"] == ["12.50"]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({}, "lacks minutes"),
        ({"minutes": "x" * 40}, "from position 7 on"),
        ({"minutes": 1, "rate": "x"}, "rate is no"),
    ],
)
def test_a_fact_that_does_not_fit_is_named_and_nothing_is_guessed(data: dict[str, Any], says: str) -> None:
    with pytest.raises(Unfit, match=says):
        table(PaidSince).batch([(7, told(data))])


def test_what_has_no_column_is_left_out_and_says_so() -> None:
    class Odd(Fact):
        """With fields of many kinds."""

        free: str
        parts: dict[str, int]
        noted_by: str | None

    columns, left_out = columns_of(Contract("sessions.Odd.v1", "odd", Odd, {}, {}, {}), ANALYSTS)
    assert [column.name for column in columns] == ["noted_by"]
    assert left_out == {"free": "text", "parts": "its type has no column"}


def test_a_personal_field_is_left_out_whatever_its_type() -> None:
    class Seen(Fact):
        """With a word of a closed list that is somebody's secret."""

        child_id: UUID
        needs: Literal["autism", "hearing"]

    contract = Contract("sessions.Seen.v1", "s", Seen, {}, {"needs": "child_id"}, {"needs": "casework"})
    columns, left_out = columns_of(contract, ANALYSTS)
    assert [column.name for column in columns] == ["child_id"]
    assert left_out == {"needs": "personal"}


async def test_a_fact_of_a_newer_release_is_not_passed_by(region: Region, tmp_path: Path) -> None:
    await region.record("sessions", *leaving("sessions")[:1])
    newer = orjson.dumps(
        orjson.loads((await _state(region)).replace(b"SessionScheduled.v1", b"SessionDreamt.v9"))
    )
    async with await Store.open(region.databases["sessions"]) as store:
        await store.append(Append(uuid4(), 0, [("sessions.SessionDreamt.v9", newer)]))
    with pytest.raises(Unfit, match=r"fact 2 of sessions is a sessions\.SessionDreamt\.v9.*update it first"):
        await region.taker(tmp_path).take("parquet")
    assert there(tmp_path) == [".lock"]


async def _state(region: Region) -> bytes:
    async with await Store.open(region.databases["sessions"]) as store:
        return (await store.states(0, 1))[0][1]
