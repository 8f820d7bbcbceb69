"""Many rows for the same key, folded into the one change that has the same effect."""

from collections.abc import Iterable, Mapping
from typing import Any

from shared.kernel.projections.tables import ReadTable, UnknownRow
from shared.kernel.rows import Add, Drop, Put, Row


class Change:
    """The net effect on one row: `fresh` forgets what was there, `gone` leaves nothing, else set and add."""

    __slots__ = ("add", "fresh", "gone", "key", "set")

    def __init__(self, key: tuple[Any, ...]) -> None:
        self.key = key
        self.fresh = False
        self.gone = False
        self.set: dict[str, Any] = {}
        self.add: dict[str, int] = {}

    def put(self, values: Mapping[str, Any]) -> None:
        self.gone = False
        self.set.update(values)
        if self.add:
            for name in values:
                if name in self.add:
                    del self.add[name]

    def increase(self, numbers: Mapping[str, int]) -> None:
        self.gone = False
        put, add = self.set, self.add
        for name, number in numbers.items():
            if name in add:
                add[name] += number
            elif name in put:
                put[name] = (put[name] or 0) + number
            else:
                add[name] = number

    def drop(self) -> None:
        self.fresh = self.gone = True
        self.set = {}
        self.add = {}


class Changes:
    """The changes of a batch, by table and by what tells their rows apart (see `ReadTable.place`)."""

    def __init__(self, tables: Mapping[str, ReadTable], owner: str) -> None:
        self._tables = tables
        self._owner = owner
        # By table and column names: each combination is checked once, then every row is only looked up.
        self._puts: dict[tuple[str, ...], ReadTable] = {}
        self._adds: dict[tuple[str, ...], ReadTable] = {}
        self.by_table: dict[str, dict[Any, Change]] = {name: {} for name in tables}

    def __len__(self) -> int:
        return sum(map(len, self.by_table.values()))

    def take(self, rows: Iterable[Row]) -> None:
        """Fold in the rows of one fact, in their order: all of them, or UnknownRow and none."""
        placed: list[tuple[ReadTable, Any, Row]] = []
        table: ReadTable | None = None
        key: Any = None
        place: Any = None
        for row in rows:
            if type(row) is Put:
                found = self._puts.get((row.table, *row.set)) or self._check(row, row.set, self._puts)
            elif type(row) is Add:
                found = self._adds.get((row.table, *row.by)) or self._check(row, row.by, self._adds)
            else:
                found = self._check(row, (), {})
            # Rows of one fact are often about the same row, and say so with the same mapping.
            if row.key is not key or found is not table:
                table, key = found, row.key
                place = table.place(key)
            placed.append((table, place, row))
        for table, place, row in placed:
            changes = self.by_table[table.name]
            change = changes.get(place)
            if change is None:
                # Of several columns the key is what tells rows apart; of one it may be its number.
                known = type(place) is tuple
                change = changes[place] = Change(place if known else table.key_of(row.key))
            if type(row) is Put:
                change.put(row.set)
                if table.owned:
                    change.set["projection"] = self._owner
            elif type(row) is Add:
                change.increase(row.by)
            else:
                change.drop()

    def _check(self, row: Row, names: Iterable[str], known: dict[tuple[str, ...], ReadTable]) -> ReadTable:
        if not isinstance(row, Put | Add | Drop):
            raise UnknownRow(f"{row!r} is no Put, Add or Drop")
        table = self._tables.get(row.table)
        if table is None:
            raise UnknownRow(f"{self._owner} does not say that it writes to {row.table}")
        _check(table, row, names)
        known[row.table, *names] = table
        return table


def _check(table: ReadTable, row: Row, names: Iterable[str]) -> None:
    for name in names:
        column = table.columns.get(name)
        if column is None or name in table.key:
            raise UnknownRow(f"{table.name} has no column {name} that a row could set")
        if isinstance(row, Add) and not column.zero:
            raise UnknownRow(f"{table.name}.{name} is counted, so its default must be 0 or none")
