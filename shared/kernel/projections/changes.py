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
        self._checked: set[tuple[str, type[Row], tuple[str, ...]]] = set()
        self.by_table: dict[str, dict[tuple[Any, ...], Change]] = {name: {} for name in tables}

    def __len__(self) -> int:
        return sum(map(len, self.by_table.values()))

    def take(self, rows: Iterable[Row]) -> None:
        """Fold in the rows of one fact, in their order: all of them, or UnknownRow and none."""
        for table, key, row in [self._place(row) for row in rows]:
            changes = self.by_table[table.name]
            change = changes.get(key)
            if change is None:
                change = changes[key] = Change()
            if type(row) is Put:
                change.put(row.set)
                if table.owned:
                    change.set["projection"] = self._owner
            elif type(row) is Add:
                change.increase(row.by)
            else:
                change.drop()

    def _place(self, row: Row) -> tuple[ReadTable, tuple[Any, ...], Row]:
        table = self._tables.get(row.table)
        if table is None:
            raise UnknownRow(f"{self._owner} does not say that it writes to {row.table}")
        names = tuple(row.set) if type(row) is Put else tuple(row.by) if type(row) is Add else ()
        if (row.table, type(row), names) not in self._checked:
            _check(table, row, names)
            self._checked.add((row.table, type(row), names))
        return table, table.key_of(row.key), row


def _check(table: ReadTable, row: Row, names: Iterable[str]) -> None:
    if not isinstance(row, Put | Add | Drop):
        raise UnknownRow(f"{row!r} is no Put, Add or Drop")
    for name in names:
        column = table.columns.get(name)
        if column is None or name in table.key:
            raise UnknownRow(f"{table.name} has no column {name} that a row could set")
        if isinstance(row, Add) and not column.zero:
            raise UnknownRow(f"{table.name}.{name} is counted, so its default must be 0 or none")
