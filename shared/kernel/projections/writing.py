"""Changes into PostgreSQL: one statement for each table and shape of change."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from psycopg import AsyncConnection, IntegrityError

from shared.kernel.projections.changes import Change, Changes
from shared.kernel.projections.tables import Column, ReadTable

Key: TypeAlias = tuple[Any, ...]
Shape: TypeAlias = tuple[tuple[str, ...], tuple[str, ...]]
Connection: TypeAlias = AsyncConnection[Any]


class MissingRow(IntegrityError):
    """A row was to be changed that is not there, and the change does not say enough to make it."""


def shapes(changes: Mapping[Any, Change]) -> tuple[list[Key], dict[Shape, list[tuple[Key, Change]]]]:
    """The keys to delete first, and the changes to write, apart by the columns that they set and add to."""
    doomed: list[Key] = []
    by_shape: dict[Shape, list[tuple[Key, Change]]] = {}
    known: dict[Shape, Shape] = {}
    for change in changes.values():
        key = change.key
        if change.fresh:
            doomed.append(key)
        if change.gone:
            continue
        named = (tuple(change.set), tuple(change.add))
        shape = known.get(named)
        if shape is None:
            shape = known[named] = (tuple(sorted(change.set)), tuple(sorted(change.add)))
        by_shape.setdefault(shape, []).append((key, change))
    return doomed, by_shape


async def write(connection: Connection, tables: Mapping[str, ReadTable], changes: Changes) -> None:
    """Write them all. Raises psycopg errors, and MissingRow; the transaction is the caller's."""
    for name in sorted(changes.by_table):
        if changes.by_table[name]:
            await _write_table(connection, tables[name], changes.by_table[name])


async def _write_table(connection: Connection, table: ReadTable, changes: Mapping[Any, Change]) -> None:
    doomed, by_shape = shapes(changes)
    if doomed:
        keys = key_columns(table)
        await connection.execute(deleting(table, unnested(keys)), _arrays(keys, doomed), prepare=True)
    for shape, members in by_shape.items():
        columns = columns_of(table, shape)
        statement = table.statements.get(shape)
        if statement is None:
            statement = table.statements[shape] = changing(table, shape, unnested(columns))
        arrays = _arrays(columns, [values(key, change, shape) for key, change in members])
        if table.required.issubset(shape[0]):
            await connection.execute(statement, arrays, prepare=True)
            continue
        async with connection.pipeline():  # its end is when the count is known
            cursor = await connection.execute(statement, arrays, prepare=True)
        met(table, shape, cursor.rowcount, len(members))


def met(table: ReadTable, shape: Shape, found: int, expected: int) -> None:
    """Raise MissingRow when rows were to be changed that are not there."""
    lacking = table.required.difference(shape[0])
    if lacking and found != expected:
        raise MissingRow(
            f"{expected - found} row(s) of {table.name} are not there, "
            f"and making one needs {', '.join(sorted(lacking))}"
        )


def values(key: Key, change: Change, shape: Shape) -> tuple[Any, ...]:
    """What goes into the columns (key, set, add), in the order of the shape."""
    return (*key, *[change.set[name] for name in shape[0]], *[change.add[name] for name in shape[1]])


def _arrays(columns: Sequence[Column], rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    return [column.adapted(members) for column, members in zip(columns, zip(*rows, strict=True), strict=True)]


def unnested(columns: Sequence[Column]) -> str:
    """The rows of a statement's parameters: one array for each column."""
    arrays = ", ".join(f"%b::{column.via}[]" for column in columns)
    names = ", ".join(f"c{at}" for at in range(len(columns)))
    return f"unnest({arrays}) AS u({names})"


def selected(columns: Sequence[Column], origin: str) -> str:
    """The rows of an origin `u(c0, c1, ...)`, each column in its own type."""
    out = ", ".join(
        f"u.c{at}::{column.type}" if column.via == "text" and column.type != "TEXT" else f"u.c{at}"
        for at, column in enumerate(columns)
    )
    return f"SELECT {out} FROM {origin}"


def quoted(table: ReadTable, names: Iterable[str]) -> list[str]:
    return [table.columns[name].quoted for name in names]


def columns_of(table: ReadTable, shape: Shape) -> list[Column]:
    """The columns that a change of this shape gives values for, the key's first."""
    return [table.columns[name] for name in (*table.key, *shape[0], *shape[1])]


def key_columns(table: ReadTable) -> list[Column]:
    return [table.columns[name] for name in table.key]


def deleting(table: ReadTable, origin: str) -> str:
    """SQL that deletes the rows whose keys come from an origin."""
    names = ", ".join(quoted(table, table.key))
    return f"DELETE FROM {table.qualified} WHERE ({names}) IN ({selected(key_columns(table), origin)})"


def changing(table: ReadTable, shape: Shape, origin: str) -> str:
    """SQL that makes or changes the rows from an origin; it answers how many it met."""
    if table.required.issubset(shape[0]):
        return _upsert(table, shape, origin)
    return _update_only(table, shape, origin)


def _ordered(table: ReadTable, shape: Shape, origin: str) -> str:
    """Ordered by key, so that two writers never wait for each other."""
    order = ", ".join(str(at + 1) for at in range(len(table.key)))
    return f"{selected(columns_of(table, shape), origin)} ORDER BY {order}"


def _upsert(table: ReadTable, shape: Shape, origin: str) -> str:
    put, add = shape
    names = ", ".join(quoted(table, (*table.key, *put, *add)))
    target = ", ".join(quoted(table, table.key))
    sets = [f"{name} = excluded.{name}" for name in quoted(table, put)]
    sets += [f"{name} = coalesce(t.{name}, 0) + excluded.{name}" for name in quoted(table, add)]
    found = f"DO UPDATE SET {', '.join(sets)}" if sets else "DO NOTHING"
    return (
        f"INSERT INTO {table.qualified} AS t ({names}) {_ordered(table, shape, origin)} "
        f"ON CONFLICT ({target}) {found}"
    )


def _update_only(table: ReadTable, shape: Shape, origin: str) -> str:
    put, add = shape
    names = ", ".join(quoted(table, (*table.key, *put, *add)))
    sets = [f"{name} = v.{name}" for name in quoted(table, put)]
    sets += [f"{name} = coalesce(t.{name}, 0) + v.{name}" for name in quoted(table, add)]
    # A change of nothing still asks whether the row is there.
    sets = sets or [f"{name} = v.{name}" for name in quoted(table, table.key)]
    matching = " AND ".join(f"t.{name} = v.{name}" for name in quoted(table, table.key))
    return (
        f"WITH v({names}) AS ({_ordered(table, shape, origin)}) "
        f"UPDATE {table.qualified} AS t SET {', '.join(sets)} FROM v WHERE {matching}"
    )
