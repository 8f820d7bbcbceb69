"""A file of completions, line by line: what can be recorded, and what is wrong where."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any
from uuid import UUID

UNREADABLE = "\ufffd"
LONGEST = 300
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with one cell, or with the whole line when `column` is empty. Lines count from 1."""

    line: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Completion:
    """Who completed what and when, as the file names them: a mentor by id or e-mail, a course by id or title."""

    line: int
    mentor: UUID | str
    course: UUID | str
    version: int | None
    completed_on: date
    evidence: str


class NotCompletions(Exception):
    """The file lacks columns that are needed. `missing` maps each to the nearest name the file has, or ""."""

    def __init__(self, missing: Mapping[str, str]) -> None:
        named = (f"{name} (is it {near!r}?)" if near else name for name, near in missing.items())
        super().__init__(f"the file has no column {', no column '.join(named)}")
        self.missing = missing


class Wrong(ValueError):
    """A cell that does not hold what its column is for."""


def read_completions(lines: Iterable[str]) -> Iterator[Completion | tuple[Flaw, ...]]:
    """Every row below the header: a completion, or its flaws. Raises NotCompletions when columns are missing."""
    cells = csv.reader(lines, strict=True)
    places, width = _places(next(cells, []))
    while True:
        line = cells.line_num + 1
        try:
            found = next(cells)
        except StopIteration:
            return
        except csv.Error as broken:
            yield (Flaw(line, "", "", f"can't be read as CSV ({broken})"),)
            continue
        if not any(cell.strip() for cell in found):
            continue
        if len(found) != width:
            yield (Flaw(line, "", "", f"has {len(found)} columns where the header has {width}"),)
            continue
        yield _row(line, {name: found[place].strip() for name, place in places.items()})


def _places(header: list[str]) -> tuple[dict[str, int], int]:
    names = [name.strip().removeprefix("\ufeff").casefold() for name in header]
    missing = {
        name: next(iter(get_close_matches(name, names, 1)), "")
        for name in READERS
        if name not in names and name not in OPTIONAL
    }
    if missing:
        raise NotCompletions(missing)
    return {name: names.index(name) for name in READERS if name in names}, len(names)


def _row(line: int, cells: Mapping[str, str]) -> Completion | tuple[Flaw, ...]:
    found: dict[str, Any] = {"version": None}
    flaws = []
    for column, cell in cells.items():
        try:
            if UNREADABLE in cell:
                raise Wrong("holds a character that is neither UTF-8 nor Windows-1252")
            found[column] = READERS[column](cell)
        except Wrong as wrong:
            flaws.append(Flaw(line, column, cell[:80], str(wrong)))
    return tuple(flaws) if flaws else Completion(line, **found)


def _text(cell: str) -> str:
    if not cell:
        raise Wrong("is empty")
    if len(cell) > LONGEST or "\0" in cell:
        raise Wrong(f"has more than {LONGEST} characters, or one that cannot be kept")
    return cell


def _id(cell: str) -> UUID | None:
    try:
        return UUID(cell)
    except ValueError:
        return None


def _mentor(cell: str) -> UUID | str:
    found = _id(_text(cell))
    if found is None and not _EMAIL.fullmatch(cell):
        raise Wrong("is neither a mentor's id nor an e-mail address")
    return found or cell.casefold()


def _course(cell: str) -> UUID | str:
    return _id(_text(cell)) or cell.casefold()


def _version(cell: str) -> int | None:
    if not cell:
        return None
    if not re.fullmatch(r"[1-9][0-9]{0,3}", cell):
        raise Wrong("is no version of a course: a number from 1")
    return int(cell)


def _day(cell: str) -> date:
    try:
        if found := _DAY.fullmatch(cell):
            return date(int(found[3]), int(found[2]), int(found[1]))
        return date.fromisoformat(cell)
    except ValueError:
        raise Wrong("is no day, such as 29/05/2026 or 2026-05-29") from None


READERS: Mapping[str, Callable[[str], Any]] = {
    "mentor": _mentor,
    "course": _course,
    "version": _version,
    "completed_on": _day,
    "evidence": _text,
}
OPTIONAL = frozenset({"version"})
