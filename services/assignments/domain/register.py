"""The English register of schools (GIAS), line by line: what can be taken over, and what is wrong where."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from services.assignments.domain.register_cells import READERS, STATUS_NAME, STATUS_NAMES, Wrong
from services.assignments.domain.school import school_id
from shared.contracts.assignments.school import SchoolDetails

UNREADABLE = "\ufffd"


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with one cell, or with the whole line when `column` is empty. Lines count from 1."""

    line: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the register: a school, or the flaws that keep it out."""

    line: int
    school: SchoolDetails | None
    flaws: tuple[Flaw, ...] = ()


class NotARegister(Exception):
    """The file lacks columns that are needed. `missing` maps each to the nearest name the file has, or ""."""

    def __init__(self, missing: Mapping[str, str]) -> None:
        named = (f"{name} (is it {near!r}?)" if near else name for name, near in missing.items())
        super().__init__(f"the file has no column {', no column '.join(named)}")
        self.missing = missing


def read_register(lines: Iterable[str]) -> Iterator[Row]:
    """Every row below the header. Raises NotARegister when columns are missing."""
    cells = csv.reader(lines, strict=True)
    places = _places(next(cells, []))
    width, seen = places.pop(""), dict[int, int]()
    while True:
        line = cells.line_num + 1
        try:
            found = next(cells)
        except StopIteration:
            return
        except csv.Error as broken:
            yield _whole(line, f"can't be read as CSV ({broken})")
            continue
        if not any(cell.strip() for cell in found):
            continue
        if len(found) != width:
            yield _whole(line, f"has {len(found)} columns where the header has {width}")
            continue
        yield _row(line, {name: found[place].strip() for name, place in places.items()}, seen)


def _places(header: list[str]) -> dict[str, int]:
    """Where each column stands that is read here; the width of the table under ""."""
    names = [name.strip().removeprefix("\ufeff") for name in header]
    missing = {
        name: next(iter(get_close_matches(name, names, 1)), "") for name in READERS if name not in names
    }
    if missing:
        raise NotARegister(missing)
    wanted = [*READERS, STATUS_NAME]
    return {"": len(names), **{name: names.index(name) for name in wanted if name in names}}


def _whole(line: int, reason: str) -> Row:
    return Row(line, None, (Flaw(line, "", "", reason),))


def _row(line: int, cells: Mapping[str, str], seen: dict[int, int]) -> Row:
    found: dict[str, Any] = {}
    flaws = []
    for column, (field, read) in READERS.items():
        try:
            if UNREADABLE in cells[column]:
                raise Wrong("holds a character that is neither UTF-8 nor Windows-1252")
            found[field] = read(cells[column])
        except Wrong as wrong:
            flaws.append(Flaw(line, column, cells[column][:80], str(wrong)))
    flaws += _contradictions(line, cells, found)
    urn = found.get("urn")
    if urn is not None and urn in seen:
        flaws.append(Flaw(line, "URN", str(urn), f"stands on line {seen[urn]} already"))
    if flaws:
        return Row(line, None, tuple(flaws))
    seen[found["urn"]] = line
    return Row(line, SchoolDetails(school_id=school_id(found["urn"]), **found))


def _contradictions(line: int, cells: Mapping[str, str], found: Mapping[str, Any]) -> Iterator[Flaw]:
    """What can't be true together; each cell is fine by itself."""
    code, name = cells["EstablishmentStatus (code)"], cells.get(STATUS_NAME, "")
    if "status" in found and name and name != STATUS_NAMES[code]:
        reason = f"says {name!r}, but the code {code} means {STATUS_NAMES[code]!r}"
        yield Flaw(line, STATUS_NAME, name[:80], reason)
    low, high = found.get("lowest_age"), found.get("highest_age")
    if low is not None and high is not None and low > high:
        yield Flaw(line, "StatutoryHighAge", str(high), f"is below the lowest age, {low}")
    opened, closed = found.get("opened_on"), found.get("closed_on")
    if opened is not None and closed is not None and closed < opened:
        yield Flaw(line, "CloseDate", cells["CloseDate"], f"comes before the school opened, {opened}")
