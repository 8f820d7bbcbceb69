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


def shapes(changes: Mapping[Key, Change]) -> tuple[list[Key], dict[Shape, list[tuple[Key, Change]]]]:
    """The keys to delete first, and the changes to write, apart by the columns that they set and add to."""
    doomed: list[Key] = []
    by_shape: dict[Shape, list[tuple[Key, Change]]] = {}
    known: dict[Shape, Shape] = {}
    for key, change in changes.items():
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


async def _write_table(connection: Connection, table: ReadTable, changes: Mapping[Key, Change]) -> None:
    doomed, by_shape = shapes(changes)
    if doomed:
        keys = [table.columns[name] for name in table.key]
        await connection.execute(_delete(table), _arrays(keys, doomed), prepare=True)
    for shape, members in by_shape.items():
        columns = [table.columns[name] for name in (*table.key, *shape[0], *shape[1])]
        arrays = _arrays(columns, [values(key, change, shape) for key, change in members])
        if table.required.issubset(shape[0]):
            await connection.execute(_upsert(table, shape), arrays, prepare=True)
        else:
            await _update(connection, table, shape, arrays, len(members))


async def _update(
    connection: Connection, table: ReadTable, shape: Shape, arrays: Sequence[Any], expected: int
) -> None:
    cursor = await connection.execute(_update_only(table, shape), arrays, prepare=True)
    row = await cursor.fetchone()
    found = row[0] if row else 0
    if found != expected:
        missing = ", ".join(sorted(table.required - set(shape[0])))
        raise MissingRow(
            f"{expected - found} row(s) of {table.name} are not there, and making one needs {missing}"
        )


def values(key: Key, change: Change, shape: Shape) -> tuple[Any, ...]:
    """What goes into the columns (key, set, add), in the order of the shape."""
    return (*key, *[change.set[name] for name in shape[0]], *[change.add[name] for name in shape[1]])


def _arrays(columns: Sequence[Column], rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    return [
        [column.adapt(value) for value in members] if column.adapt else list(members)
        for column, members in zip(columns, zip(*rows, strict=True), strict=True)
    ]


def unnested(columns: Sequence[Column]) -> str:
    """The rows back out of their arrays, ordered by key so that two writers never wait for each other."""
    out = ", ".join(
        f"u.c{at}::{column.type}" if column.via == "text" and column.type != "TEXT" else f"u.c{at}"
        for at, column in enumerate(columns)
    )
    names = ", ".join(f"c{at}" for at in range(len(columns)))
    arrays = ", ".join(f"%b::{column.via}[]" for column in columns)
    return f"SELECT {out} FROM unnest({arrays}) AS u({names})"


def _delete(table: ReadTable) -> str:
    keys = [table.columns[name] for name in table.key]
    names = ", ".join(column.quoted for column in keys)
    return f"DELETE FROM {table.qualified} WHERE ({names}) IN ({unnested(keys)})"


def on_conflict(table: ReadTable, shape: Shape) -> str:
    """What an insert does when the row is there: set, and add to what it has."""
    put, add = shape
    target = ", ".join(quoted(table, table.key))
    if not put and not add:
        return f"ON CONFLICT ({target}) DO NOTHING"
    sets = [f"{name} = excluded.{name}" for name in quoted(table, put)]
    sets += [f"{name} = coalesce(t.{name}, 0) + excluded.{name}" for name in quoted(table, add)]
    return f"ON CONFLICT ({target}) DO UPDATE SET {', '.join(sets)}"


def quoted(table: ReadTable, names: Iterable[str]) -> list[str]:
    return [table.columns[name].quoted for name in names]


def _upsert(table: ReadTable, shape: Shape) -> str:
    key = ("upsert", shape)
    if key not in table.statements:
        names = (*table.key, *shape[0], *shape[1])
        columns = [table.columns[name] for name in names]
        order = ", ".join(str(at + 1) for at in range(len(table.key)))
        table.statements[key] = (
            f"INSERT INTO {table.qualified} AS t ({', '.join(quoted(table, names))}) "
            f"{unnested(columns)} ORDER BY {order} {on_conflict(table, shape)}"
        )
    return table.statements[key]


def _update_only(table: ReadTable, shape: Shape) -> str:
    key = ("update", shape)
    if key not in table.statements:
        put, add = shape
        names = (*table.key, *put, *add)
        columns = [table.columns[name] for name in names]
        sets = [f"{name} = v.{name}" for name in quoted(table, put)]
        sets += [f"{name} = coalesce(t.{name}, 0) + v.{name}" for name in quoted(table, add)]
        # A change of nothing still asks whether the row is there.
        sets = sets or [f"{name} = v.{name}" for name in quoted(table, table.key)]
        matching = " AND ".join(f"t.{name} = v.{name}" for name in quoted(table, table.key))
        order = ", ".join(str(at + 1) for at in range(len(table.key)))
        table.statements[key] = (
            f"WITH v({', '.join(quoted(table, names))}) AS ({unnested(columns)} ORDER BY {order}), "
            f"done AS (UPDATE {table.qualified} AS t SET {', '.join(sets)} FROM v "
            f"WHERE {matching} RETURNING 1) "
            "SELECT count(*) FROM done"
        )
    return table.statements[key]
