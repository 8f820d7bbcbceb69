"""The register as the demo reads it by itself, to hold the import's report against; and a damaged page of it."""

import csv
from dataclasses import dataclass
from io import StringIO

PAGE_ROWS = 12
DAMAGE = {"URN": "12-34", "Postcode": "NOT A POSTCODE", "OpenDate": "31/02/2001"}
"""What is written over one cell of a row each: column and value."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the register by column name, and the line of the file on which it begins (from 1)."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A register: its columns, its rows and the encoding it is written in."""

    columns: list[str]
    lines: list[Line]
    encoding: str

    def line(self, number: int) -> dict[str, str]:
        """The cells of the row that begins on this line; none when no row does."""
        return next((line.cells for line in self.lines if line.number == number), {})


def read(content: bytes) -> Sheet:
    """The rows of a register in UTF-8 or Windows-1252."""
    try:
        text, encoding = content.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        text, encoding = content.decode("cp1252", errors="replace"), "Windows-1252"
    reader = csv.reader(StringIO(text, newline=""))
    columns, lines = next(reader, []), list[Line]()
    before = reader.line_num
    for row in reader:
        if any(row):
            lines.append(Line(before + 1, dict(zip(columns, row, strict=False))))
        before = reader.line_num
    return Sheet(columns, lines, encoding)


def damaged(whole: Sheet) -> tuple[bytes, set[tuple[int, str, str]]]:
    """The first rows with a cell of some spoiled, as UTF-8; and each such cell: line, column, value."""
    chosen = [dict(line.cells) for line in whole.lines[:PAGE_ROWS]]
    spoiled = dict(zip(range(0, len(chosen), 2), DAMAGE.items(), strict=False))
    for place, (column, value) in spoiled.items():
        chosen[place][column] = value
    text = StringIO(newline="")
    writer = csv.DictWriter(text, whole.columns, restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(chosen)
    content = text.getvalue().encode()
    numbers = [line.number for line in read(content).lines]
    return content, {(numbers[place], *cell) for place, cell in spoiled.items()}
