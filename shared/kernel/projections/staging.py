"""A folded range of facts on its way into tables: copied to temporary tables, then merged part by part."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from psycopg import Connection

from shared.kernel.projections.changes import Change, Changes
from shared.kernel.projections.tables import Adapt, Column, ReadTable
from shared.kernel.projections.writing import (
    Key,
    Shape,
    changing,
    columns_of,
    deleting,
    key_columns,
    met,
    shapes,
    values,
)

Stage: TypeAlias = tuple[str, ReadTable, Shape | None]


class Staging:
    """The temporary tables of one connection. A part is a share of the keys, the same in every process."""

    def __init__(self, connection: Connection[Any], parts: int) -> None:
        self._connection = connection
        self._parts = parts
        self._stages: dict[tuple[str, Shape | None], Stage] = {}
        self._rounds: list[list[tuple[Stage, list[int]]]] = []

    def clear(self) -> None:
        """Forget what is staged."""
        for name, _, _ in self._stages.values():
            self._connection.execute(f"TRUNCATE {name}")
        self._rounds = []

    def stage(self, tables: Mapping[str, ReadTable], changes: Changes) -> None:
        """Copy these changes; they come after those staged before."""
        staged: list[tuple[Stage, list[int]]] = []
        for name in sorted(changes.by_table):
            table = tables[name]
            doomed, by_shape = shapes(changes.by_table[name])
            if doomed:
                staged.append(self._copy(table, None, key_columns(table), ((key, key) for key in doomed)))
            for shape, members in by_shape.items():
                staged.append(self._copy(table, shape, columns_of(table, shape), _rows(members, shape)))
        self._rounds.append(staged)

    def merge(self, part: int) -> None:
        """Write one part into the tables, in the order of staging. Raises MissingRow, psycopg's errors."""
        for number, staged in enumerate(self._rounds):
            for (name, table, shape), counts in staged:
                if not counts[part]:
                    continue
                width = len(table.key) if shape is None else len(columns_of(table, shape))
                columns = ", ".join(f"c{at}" for at in range(width))
                where = f"part = {part} AND round = {number}"
                origin = f"(SELECT {columns} FROM {name} WHERE {where}) AS u({columns})"
                if shape is None:
                    self._connection.execute(deleting(table, origin))
                else:
                    found = self._connection.execute(changing(table, shape, origin)).rowcount
                    met(table, shape, found, counts[part])

    def _copy(
        self,
        table: ReadTable,
        shape: Shape | None,
        columns: Sequence[Column],
        rows: Iterator[tuple[Key, tuple[Any, ...]]],
    ) -> tuple[Stage, list[int]]:
        stage = self._stage(table, shape, columns)
        to_adapt: dict[tuple[type, ...], list[tuple[int, Adapt]]] = {}
        counts, number, parts = [0] * self._parts, len(self._rounds), self._parts
        with self._connection.cursor().copy(f"COPY {stage[0]} FROM STDIN (FORMAT binary)") as copy:
            copy.set_types(["int4", "int4", *[_NAMES.get(column.via, column.via) for column in columns]])
            write = copy.write_row
            for key, row in rows:
                part = hash(key) % parts
                counts[part] += 1
                kinds = tuple(map(type, row))
                todo = to_adapt.get(kinds)
                if todo is None:
                    todo = to_adapt[kinds] = _to_adapt(columns, kinds)
                if todo:
                    adapted = list(row)
                    for at, adapt in todo:
                        adapted[at] = adapt(row[at])
                    row = tuple(adapted)
                write((part, number, *row))
        return stage, counts

    def _stage(self, table: ReadTable, shape: Shape | None, columns: Sequence[Column]) -> Stage:
        known = (table.name, shape)
        if known not in self._stages:
            name = f"stage_{len(self._stages)}"
            listed = ", ".join(f"c{at} {column.via}" for at, column in enumerate(columns))
            self._connection.execute(f"CREATE TEMP TABLE {name} (part int, round int, {listed})")
            self._stages[known] = (name, table, shape)
        return self._stages[known]


def _to_adapt(columns: Sequence[Column], kinds: tuple[type, ...]) -> list[tuple[int, Adapt]]:
    """Which values of a row of these types need adapting: few distinct rows of types come."""
    return [
        (at, column.adapt)
        for at, (column, kind) in enumerate(zip(columns, kinds, strict=True))
        if column.adapt and kind not in column.plain
    ]


_NAMES = {"bigint": "int8", "boolean": "bool"}


def _rows(members: Sequence[tuple[Key, Change]], shape: Shape) -> Iterator[tuple[Key, tuple[Any, ...]]]:
    for key, change in members:
        yield key, values(key, change, shape)
