"""The register of schools, line by line: good rows go in, bad ones say where and why."""

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.assignments.domain.register import Flaw, NotARegister, Row, read_register
from services.assignments.domain.register_cells import READERS, STATUS_NAME
from services.assignments.domain.school import school_id

GOOD = {
    "URN": "990001",
    "EstablishmentName": "Fernhollow Primary School",
    "LA (name)": "Eastvale",
    "Town": "Fernhollow",
    "Postcode": "ev1  2ab",
    "PhaseOfEducation (code)": "2",
    "EstablishmentStatus (code)": "1",
    STATUS_NAME: "Open",
    "StatutoryLowAge": "4",
    "StatutoryHighAge": "11",
    "OpenDate": "01-09-1998",
    "CloseDate": "",
    "Head": "nobody reads this",
}


def table(*rows: dict[str, str], without: tuple[str, ...] = ()) -> io.StringIO:
    names = [name for name in GOOD if name not in without]
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerows([names, *([{**GOOD, **row}[name] for name in names] for row in rows)])
    out.seek(0)
    return out


def only(rows: io.StringIO) -> Row:
    (row,) = read_register(rows)
    return row


def flaws(**cells: str) -> list[tuple[str, str]]:
    named = {name.replace("_", " "): value for name, value in cells.items()}
    row = only(table({**GOOD, **named}))
    assert row.school is None
    assert all(flaw.line == 2 for flaw in row.flaws)
    return [(flaw.column, flaw.reason) for flaw in row.flaws]


def test_a_good_row_is_a_school() -> None:
    row = only(table({}))
    assert row.flaws == ()
    assert row.school is not None
    assert row.school.model_dump() == {
        "school_id": school_id(990001),
        "urn": 990001,
        "name": "Fernhollow Primary School",
        "local_authority": "Eastvale",
        "town": "Fernhollow",
        "postcode": "EV1 2AB",
        "phase": "primary",
        "status": "open",
        "lowest_age": 4,
        "highest_age": 11,
        "opened_on": date(1998, 9, 1),
        "closed_on": None,
        "time_zone": "Europe/London",
    }


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("URN", "", "is no URN: six digits"),
        ("URN", "12345", "is no URN: six digits"),
        ("URN", "1e5", "is no URN: six digits"),
        ("URN", "١٣٠٠٠٠", "is no URN: six digits"),
        ("EstablishmentName", "  ", "is empty"),
        ("LA (name)", "", "is empty"),
        ("Postcode", "NOT A CODE", "is no postcode, such as NG8 3AF"),
        ("PhaseOfEducation (code)", "9", "is none of the codes 0 not_applicable, 1 nursery, 2 primary"),
        ("EstablishmentStatus (code)", "", "is none of the codes 1 open, 2 closed"),
        ("StatutoryLowAge", "four", "is no age in years"),
        ("OpenDate", "31/02/1998", "is no day, such as 29/05/1993"),
        ("OpenDate", "1998-09-01", "is no day, such as 29/05/1993"),
        ("CloseDate", "01/09/1990", "comes before the school opened, 1998-09-01"),
        ("StatutoryHighAge", "3", "is below the lowest age, 4"),
        (STATUS_NAME, "Closed", "says 'Closed', but the code 1 means 'Open'"),
        ("Town", "Fern\ufffdhollow", "holds a character that is neither UTF-8 nor Windows-1252"),
    ],
)
def test_a_bad_cell_is_named_with_its_reason(column: str, value: str, reason: str) -> None:
    row = only(table({column: value}))
    assert row.school is None
    (flaw,) = row.flaws
    assert (flaw.line, flaw.column, flaw.value) == (2, column, value.strip())
    assert flaw.reason.startswith(reason)


def test_every_bad_cell_of_a_row_is_named() -> None:
    assert flaws(URN="x", Town="", OpenDate="y", Postcode="z") == [
        ("URN", "is no URN: six digits"),
        ("Postcode", "is no postcode, such as NG8 3AF"),
        ("OpenDate", "is no day, such as 29/05/1993"),
    ]


def test_what_the_register_leaves_out_is_none() -> None:
    row = only(table({"Town": "", "Postcode": "", "StatutoryLowAge": "", "OpenDate": ""}))
    assert row.school is not None
    assert (row.school.town, row.school.postcode, row.school.lowest_age, row.school.opened_on) == (None,) * 4


def test_a_school_stands_in_the_file_once() -> None:
    rows = list(read_register(table({}, {"URN": "990002"}, {})))
    assert [row.school is not None for row in rows] == [True, True, False]
    assert rows[2].flaws == (Flaw(4, "URN", "990001", "stands on line 2 already"),)


def test_a_line_of_another_width_is_rejected_and_the_next_is_read() -> None:
    text = table({}).getvalue() + "990002,too,short\r\n" + table({"URN": "990003"}).getvalue().splitlines()[1]
    rows = list(read_register(io.StringIO(text, newline="")))
    assert [row.school is not None for row in rows] == [True, False, True]
    assert rows[1].flaws == (Flaw(3, "", "", f"has 3 columns where the header has {len(GOOD)}"),)


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    rows = list(read_register(table({"Head": "two\nlines"}, {"URN": "bad"})))
    assert [row.line for row in rows] == [2, 4]


def test_a_quote_that_never_closes_is_told() -> None:
    rows = list(read_register(io.StringIO(table({}).getvalue() + '"990002,half', newline="")))
    assert rows[0].school is not None
    assert rows[1].flaws[0].reason.startswith("can't be read as CSV")


@pytest.mark.parametrize("missing", READERS)
def test_a_file_without_a_needed_column_is_no_register(missing: str) -> None:
    with pytest.raises(NotARegister, match="the file has no column") as refused:
        list(read_register(table({}, without=(missing,))))
    assert list(refused.value.missing) == [missing]


def test_a_misspelt_column_is_guessed_at() -> None:
    text = table({}).getvalue().replace("Postcode", "PostCode", 1)
    with pytest.raises(NotARegister, match=r"no column Postcode \(is it 'PostCode'\?\)"):
        list(read_register(io.StringIO(text)))


def test_an_empty_file_is_no_register() -> None:
    with pytest.raises(NotARegister):
        list(read_register(io.StringIO("")))


@given(st.dictionaries(st.sampled_from(sorted(GOOD)), st.text(max_size=30), max_size=13))
def test_no_cell_can_stop_the_reading(cells: dict[str, str]) -> None:
    rows = list(read_register(table(cells, {"URN": "990099"})))
    assert rows, "at least the last row is told of"
    for row in rows:
        assert (row.school is None) == bool(row.flaws)


def test_the_real_register_is_read(real_register: bytes) -> None:
    rows = list(read_register(io.StringIO(real_register.decode(), newline="")))
    assert len(rows) == 60
    assert sum(row.school is not None for row in rows) == 50
    assert {flaw.reason for row in rows for flaw in row.flaws} == {
        "says 'Open', but the code 2 means 'Closed'"
    }
