"""Many rows for the same key, folded into the one change that has the same effect."""

from collections.abc import Iterable, Mapping
from typing import Any

from shared.kernel.projections.tables import ReadTable, UnknownRow
from shared.kernel.rows import Add, Drop, Put, Row


class Change:
    """The net effect on one row: `fresh` forgets what was there, `gone` leaves nothing, else set and add."""

    __slots__ = ("add", "fresh", "gone", "set")

    def __init__(self) -> None:
        self.fresh = False
        self.gone = False
        self.set: dict[str, Any] = {}
        self.add: dict[str, int] = {}

    def put(self, values: Mapping[str, Any]) -> None:
        self.gone = False
        self.set.update(values)
        if self.add:
            for name in values:
                self.add.pop(name, None)

    def increase(self, numbers: Mapping[str, int]) -> None:
        self.gone = False
        for name, number in numbers.items():
            if name in self.set:
                self.set[name] = (self.set[name] or 0) + number
            else:
                self.add[name] = self.add.get(name, 0) + number

    def drop(self) -> None:
        self.fresh = self.gone = True
        self.set = {}
        self.add = {}


class Changes:
    """The changes of a batch, by table and key."""

    def __init__(self, tables: Mapping[str, ReadTable], owner: str) -> None:
        self._tables = tables
        self._owner = owner
        self._checked: dict[tuple[str, type[Row], tuple[str, ...]], ReadTable] = {}
        self.by_table: dict[str, dict[tuple[Any, ...], Change]] = {name: {} for name in tables}

    def __len__(self) -> int:
        return sum(map(len, self.by_table.values()))

    def take(self, rows: Iterable[Row]) -> None:
        """Fold in the rows of one fact, in their order: all of them, or UnknownRow and none."""
        placed: list[tuple[ReadTable, Any, Row]] = []
        for row in rows:
            names = tuple(row.set) if isinstance(row, Put) else tuple(row.by) if isinstance(row, Add) else ()
            table = self._checked.get((row.table, type(row), names)) or self._check(row, names)
            # Rows of one fact are often about the same row, and say so with the same mapping.
            same = placed and placed[-1][2].key is row.key and placed[-1][0] is table
            placed.append((table, placed[-1][1] if same else table.key_of(row.key), row))
        before: Any = None
        change = Change()
        for table, key, row in placed:
            if key is not before:
                changes = self.by_table[table.name]
                found = changes.get(key)
                if found is None:
                    found = changes[key] = Change()
                change, before = found, key
            if isinstance(row, Put):
                change.put(row.set)
                if table.owned:
                    change.set["projection"] = self._owner
            elif isinstance(row, Add):
                change.increase(row.by)
            else:
                change.drop()

    def _check(self, row: Row, names: tuple[str, ...]) -> ReadTable:
        table = self._tables.get(row.table)
        if table is None:
            raise UnknownRow(f"{self._owner} does not say that it writes to {row.table}")
        _check(table, row, names)
        self._checked[row.table, type(row), names] = table
        return table


def _check(table: ReadTable, row: Row, names: Iterable[str]) -> None:
    if not isinstance(row, Put | Add | Drop):
        raise UnknownRow(f"{row!r} is no Put, Add or Drop")
    for name in names:
        column = table.columns.get(name)
        if column is None or name in table.key:
            raise UnknownRow(f"{table.name} has no column {name} that a row could set")
        if isinstance(row, Add) and not column.zero:
            raise UnknownRow(f"{table.name}.{name} is counted, so its default must be 0 or none")
