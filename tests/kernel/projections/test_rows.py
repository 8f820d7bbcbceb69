"""Folding many rows into one change per key has the effect of applying them one by one."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from shared.kernel.projections.changes import Changes
from shared.kernel.projections.declared import read_tables
from shared.kernel.projections.tables import UnknownRow
from shared.kernel.projections.writing import MissingRow, write
from shared.kernel.rows import Add, Drop, Put, Row
from tests.kernel.projections import specimens
from tests.kernel.projections.specimens import counter

metadata = MetaData()
Table(
    "loose",
    metadata,
    Column("letter", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("a", Text),
    Column("b", BigInteger),
    Column("c", BigInteger, nullable=False, server_default="0"),
)
Table(
    "kinds",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("words", ARRAY(Text)),
    Column("ids", ARRAY(Uuid)),
    Column("days", ARRAY(Date)),
    Column("data", JSONB),
    Column("on", Date),
    Column("at", DateTime(timezone=True)),
    Column("sure", Boolean),
    Column("price", Numeric),
    Column("raw", LargeBinary),
    Column("kind", Text),
)


@pytest.fixture
def database(database_url: str) -> str:
    specimens.prepare(database_url, metadata)
    return database_url


async def save(database_url: str, table: str, batches: Sequence[Sequence[Row]]) -> list[tuple[Any, ...]]:
    """The table after these batches, each folded and written at once."""
    tables = read_tables(metadata, [table])
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
        await connection.execute(f"TRUNCATE {table}")
        for batch in batches:
            changes = Changes(tables, "test")
            changes.take(batch)
            await write(connection, tables, changes)
        return await (await connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2")).fetchall()


keys = some.fixed_dictionaries({"letter": some.sampled_from("xy"), "number": some.integers(0, 1)})
texts = some.none() | some.text(
    some.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=3
)
numbers = some.integers(-9, 9)
puts = some.dictionaries(some.sampled_from("abc"), numbers, max_size=3).flatmap(
    lambda values: some.builds(lambda text: values if "a" not in values else values | {"a": text}, texts)
)
some_rows = some.lists(
    some.builds(Put, some.just("loose"), keys, puts)
    | some.builds(
        Add, some.just("loose"), keys, some.dictionaries(some.sampled_from("bc"), numbers, max_size=2)
    )
    | some.builds(Drop, some.just("loose"), keys),
    max_size=12,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some_rows)
def test_folded_rows_equal_rows_applied_one_by_one(database: str, sequence: list[Row]) -> None:
    async def both() -> tuple[Any, Any]:
        folded = await save(database, "loose", [sequence])
        return folded, await save(database, "loose", [[row] for row in sequence])

    folded, one_by_one = asyncio.run(both())
    assert folded == one_by_one


class Colour(StrEnum):
    RED = "red"


async def test_every_kind_of_value_comes_back_as_it_went_in(database: str) -> None:
    day, now = date(2026, 9, 1), datetime(2026, 9, 1, 12, tzinfo=UTC)
    values = {
        "words": ["a,b", 'q"uo\\te', "", "NULL", "{x}"],
        "ids": [counter(1), counter(2)],
        "days": [day],
        "data": {"at": now, "id": counter(1), "list": [1, None, {"x": "ü"}]},
        "on": day,
        "at": now,
        "sure": True,
        "price": Decimal("1.50"),
        "raw": b"\0\xff",
        "kind": Colour.RED,
    }
    nothing = dict.fromkeys(values)
    empty = nothing | {"words": [], "data": {}}
    sequence = [Put("kinds", {"id": counter(n)}, some) for n, some in enumerate((values, nothing, empty))]
    found = {row[0]: row[1:] for row in await save(database, "kinds", [sequence])}
    data = {"at": "2026-09-01T12:00:00Z", "id": str(counter(1)), "list": [1, None, {"x": "ü"}]}
    assert found[counter(0)] == (
        *list(values.values())[:3],
        data,
        day,
        now,
        True,
        Decimal("1.50"),
        b"\0\xff",
        "red",
    )
    assert found[counter(1)] == (None,) * 10
    assert found[counter(2)] == ([], None, None, {}, *(None,) * 6)


async def test_a_key_is_the_same_as_text_and_as_uuid(database: str) -> None:
    sequence: list[Row] = [
        Put("kinds", {"id": counter(1)}, {"kind": "x"}),
        Drop("kinds", {"id": str(counter(1))}),
    ]
    assert await save(database, "kinds", [sequence]) == []


@pytest.mark.parametrize(
    "row",
    [
        Put("elsewhere", {"letter": "x", "number": 1}, {}),
        Put("loose", {"letter": "x"}, {}),
        Put("loose", {"letter": "x", "number": 1, "a": ""}, {}),
        Put("loose", {"letter": "x", "number": None}, {}),
        Put("loose", {"letter": "x", "number": 1}, {"nothing": 1}),
        Put("loose", {"letter": "x", "number": 1}, {"number": 2}),
    ],
)
def test_what_is_no_row_of_the_read_model_is_refused_with_all_rows_of_its_fact(row: Row) -> None:
    changes = Changes(read_tables(metadata, ["loose"]), "test")
    with pytest.raises(UnknownRow):
        changes.take([Put("loose", {"letter": "x", "number": 1}, {"a": "b"}), row])
    assert len(changes) == 0


async def test_part_of_a_row_changes_it_without_the_columns_it_must_have(database: str) -> None:
    tables = read_tables(specimens.metadata, ["counters"])
    specimens_of = Changes(tables, "test")
    specimens_of.take([Add("counters", {"counter_id": UUID(int=1)}, {"total": 1})])
    async with await psycopg.AsyncConnection.connect(database) as connection:
        await connection.execute(
            "CREATE TABLE counters (counter_id uuid PRIMARY KEY, name text, total bigint)"
        )
        with pytest.raises(MissingRow):
            await write(connection, tables, specimens_of)
        await connection.execute("INSERT INTO counters VALUES (%s, 'one', 3)", (UUID(int=1),))
        await write(connection, tables, specimens_of)
        found = await (await connection.execute("SELECT name, total FROM counters")).fetchall()
    assert found == [("one", 4)]
