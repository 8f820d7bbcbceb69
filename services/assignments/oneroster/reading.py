"""One CSV file of a roster, line by line: the records it holds, and what is wrong where."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from services.assignments.oneroster.archive import unfit
from services.assignments.oneroster.records import FILES, Record

R = TypeVar("R", bound=Record)
SHOWN = 80
"""How much of a wrong cell is repeated in a report."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with one cell, or with the whole line when `column` is empty. Lines count from 1."""

    file: str
    line: int
    column: str
    value: str
    reason: str
    mend: str


@dataclass(frozen=True, slots=True)
class Line(Generic[R]):
    """One line of a file that could be read."""

    line: int
    record: R


@dataclass(frozen=True, slots=True)
class Header:
    """Where each column stands. `notes` tell what is odd but harmless."""

    names: tuple[str, ...]
    notes: tuple[str, ...]


def cells_of(file: str, text: Iterable[str]) -> Iterator[tuple[int, list[str] | Flaw]]:
    """Each line that is not blank, with the number it begins on; the header is the first."""
    rows = csv.reader(text, strict=True)
    while True:
        line = rows.line_num + 1
        try:
            found = next(rows)
        except StopIteration:
            return
        except csv.Error as broken:
            mend = "write it by RFC 4180: cells with commas or quotes in quotes, quotes doubled"
            yield line, Flaw(file, line, "", "", f"can't be read as CSV ({broken})", mend)
            continue
        if any(cell.strip() for cell in found):
            yield line, found


def header_of(file: str, model: type[Record], found: list[str] | Flaw | None) -> Header:
    """The columns. Raises Problem 422 when one is missing that every row must fill."""
    name = f"{file}.csv"
    if found is None or isinstance(found, Flaw):
        said = "is empty" if found is None else found.reason
        raise unfit("invalid_header", f"{name} has no header: it {said}", {name: "the header is missing"})
    names = [cell.strip() for cell in found]
    twice = sorted({each for each in names if each and names.count(each) > 1})
    if twice:
        wrong = {f"{name} {each}": "this column stands there twice; keep one" for each in twice}
        raise unfit("invalid_header", f"{name} names a column twice: {', '.join(twice)}", wrong)
    needed = ["sourcedId", *(_required(model))]
    missing = {each: _near(each, names) for each in needed if each not in names}
    if missing:
        wrong = {f"{name} {each}": f"this column is missing{near}" for each, near in missing.items()}
        raise unfit("invalid_header", f"{name} has no column {', no column '.join(missing)}", wrong)
    return Header(tuple(names), tuple(_oddities(file, names)))


def _required(model: type[Record]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items() if field.is_required()]


def _oddities(file: str, names: Sequence[str]) -> Iterator[str]:
    columns = FILES[file].columns
    unknown = [each for each in names if each not in columns and not each.startswith("metadata.")]
    for each in unknown:
        yield f"{file}.csv: column {each!r} is no column of OneRoster 1.2 and was not read{_near(each, columns)}"
    known = [each for each in names if each in columns]
    if known != [each for each in columns if each in known]:
        yield f"{file}.csv: the columns do not stand in the standard's order; they were read by name"


def _near(name: str, names: Sequence[str]) -> str:
    near = get_close_matches(name, [each for each in names if each], 1)
    return f" (is it {near[0]!r}?)" if near else ""


def read_records(
    file: str, model: type[R], text: Iterable[str], mode: str
) -> Iterator[Header | Line[R] | Flaw]:
    """The header, then each record or what keeps its row out. Raises Problem 422 as `header_of` does."""
    lines = cells_of(file, text)
    header = header_of(file, model, next(lines, (1, None))[1])
    yield header
    seen: dict[str, int] = {}
    for line, found in lines:
        if isinstance(found, Flaw):
            yield found
            continue
        if len(found) != len(header.names):
            said = f"has {len(found)} cells where the header has {len(header.names)}"
            yield Flaw(file, line, "", "", said, "put cells with commas in quotes; keep empty cells")
            continue
        cells = dict(zip(header.names, (cell.strip() for cell in found), strict=True))
        try:
            record = model.model_validate(cells)
        except ValidationError as invalid:
            yield from _flaws(file, line, cells, invalid)
            continue
        if record.sourced_id in seen:
            said = f"stands on line {seen[record.sourced_id]} already"
            yield Flaw(file, line, "sourcedId", record.sourced_id[:SHOWN], said, "keep one of the two rows")
            continue
        if flaw := _of_delta(file, line, cells, record, mode):
            yield flaw
            continue
        seen[record.sourced_id] = line
        yield Line(line, record)


def _of_delta(file: str, line: int, cells: dict[str, str], record: Record, mode: str) -> Flaw | None:
    """A delta says of each row what became of it, and when."""
    if mode != "delta":
        return None
    for column in ("status", "dateLastModified"):
        if not cells.get(column):
            mend = (
                "write active or tobedeleted"
                if column == "status"
                else "say when, as 2012-04-23T18:25:43.511Z"
            )
            return Flaw(file, line, column, "", "is empty, and this file is a delta", mend)
    return None


def _flaws(file: str, line: int, cells: dict[str, str], invalid: ValidationError) -> Iterator[Flaw]:
    for error in invalid.errors(include_url=False, include_input=False):
        column = str(error["loc"][0]) if error["loc"] else ""
        said: dict[str, Any] = error.get("ctx") or {}
        reason, mend = said.get("reason", error["msg"]), said.get("mend", "mend the cell")
        yield Flaw(file, line, column, cells.get(column, "")[:SHOWN], reason, mend)
