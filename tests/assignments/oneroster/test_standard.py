"""What is read is what OneRoster 1.2.1 publishes: files, columns, what is required, vocabularies, examples."""

from io import BytesIO

import pytest

from services.assignments.oneroster.records import FILES, READ
from services.assignments.oneroster.rosters import ReadRoster, read_roster
from tests.assignments.oneroster import standard
from tests.assignments.oneroster.rosters import HEADERS, MODIFIED, delta, sheet, small, zipped


def read(body: bytes) -> ReadRoster:
    return read_roster(BytesIO(body))


def flaws(read: ReadRoster) -> list[tuple[str, int, str, str]]:
    return [(flaw.file, flaw.line, flaw.column, flaw.reason) for flaw in read.flaws]


def test_the_files_are_those_of_the_standard() -> None:
    assert sorted(FILES) == sorted(standard.FILES)
    assert len(FILES) + 1 == 22


@pytest.mark.parametrize("file", standard.TABLES)
def test_the_columns_are_those_of_the_standard_in_its_order(file: str) -> None:
    columns = standard.TABLES[file].split()
    assert list(HEADERS[file]) == [column.rstrip("!") for column in columns]
    required = {field.alias for field in READ[file].model_fields.values() if field.is_required()}
    assert required == {column.rstrip("!") for column in columns if column.endswith("!")}


@pytest.mark.parametrize(("file", "column"), standard.VOCABULARIES)
def test_every_permitted_term_is_taken_and_no_other(file: str, column: str) -> None:
    for term in standard.VOCABULARIES[file, column].split():
        assert reasons(file, column, term) == []
        assert reasons(file, column, term.upper() if term.islower() else term.lower()) == [
            "is none of the permitted values"
        ]
    extended = [] if (file, column) in standard.EXTENDED else ["is none of the permitted values"]
    assert reasons(file, column, "ext:mentor") == extended
    assert reasons(file, column, "ext:") == ["is none of the permitted values"]
    assert reasons(file, column, "") == ["is none of the permitted values"]


def reasons(file: str, column: str, value: str) -> list[str]:
    sheets = small()
    sheets[file][0][column] = value
    return [flaw.reason for flaw in read(zipped(sheets)).flaws if flaw.column == column]


def test_the_published_examples_are_read() -> None:
    sheets = small()
    sheets["users"][0] |= {"userIds": standard.USER_IDS, "pronouns": standard.PRONOUNS}
    sheets["classes"][0] |= {"periods": standard.LIST_OF_STRINGS, "termSourcedIds": "term1,term2"}
    sheets["enrollments"][0] |= {"beginDate": standard.DATE}
    assert flaws(read(zipped(sheets))) == []
    sheets = {name: delta(rows) for name, rows in sheets.items()}
    sheets["orgs"][0]["dateLastModified"] = standard.MOMENT
    found = read(zipped(sheets, "delta"))
    assert flaws(found) == []
    moment = found.orgs["la1"].record.date_last_modified
    assert moment is not None
    assert moment.isoformat(timespec="milliseconds") == standard.MOMENT.replace("Z", "+00:00")


def test_a_byte_order_mark_quotes_and_columns_of_ones_own_are_read() -> None:
    sheets = small()
    text = sheet("orgs", sheets["orgs"]).decode().replace("Willow Bank School", '"Willow ""Bank"", School"')
    lines = text.splitlines()
    text = "\r\n".join(
        [f"{lines[0]},metadata.region,favourite", *(f"{line},north,blue" for line in lines[1:])]
    )
    found = read(zipped(sheets, orgs=b"\xef\xbb\xbf" + text.encode()))
    assert found.orgs["s1"].record.name == 'Willow "Bank", School'
    assert (flaws(found), found.notes) == (
        [],
        ["orgs.csv: column 'favourite' is no column of OneRoster 1.2 and was not read"],
    )


def test_a_delta_says_of_each_row_what_became_of_it_and_when() -> None:
    sheets = {"orgs": delta(small()["orgs"])}
    sheets["orgs"][0]["status"] = ""
    sheets["orgs"][1]["dateLastModified"] = "yesterday"
    assert flaws(read(zipped(sheets, "delta"))) == [
        ("orgs", 2, "status", "is empty, and this file is a delta"),
        ("orgs", 3, "dateLastModified", "is no time in UTC"),
    ]
    assert MODIFIED.endswith("Z")


def test_bad_rows_are_told_by_file_line_and_column_and_the_good_ones_stay() -> None:
    sheets = small()
    sheets["users"][1]["familyName"] = ""
    sheets["users"][2]["email"] = "no address"
    sheets["users"][4]["sourcedId"] = "tom;"
    sheets["orgs"].append(sheets["orgs"][0])
    sheets["enrollments"][0]["beginDate"] = "07/09/2026"
    sheets["classes"][1]["title"] = "one\rto one"
    found = read(zipped(sheets))
    assert flaws(found)[:6] == [
        ("orgs", 4, "sourcedId", "stands on line 2 already"),
        ("users", 3, "familyName", "is empty"),
        ("users", 4, "email", "is no e-mail address"),
        ("users", 6, "sourcedId", "is no GUID"),
        ("classes", 3, "title", "holds a line break or a control character"),
        ("enrollments", 2, "beginDate", "is no day"),
    ]
    assert all(flaw.mend for flaw in found.flaws)
    assert set(found.users) == {"ada", "grace", "may"}


def test_a_row_that_names_one_that_is_not_there_is_told_across_files() -> None:
    sheets = small()
    del sheets["users"][3]
    sheets["orgs"][1]["parentSourcedId"] = "nowhere"
    found = read(zipped(sheets))
    lost = [
        (file, line, column) for file, line, column, said in flaws(found) if "names no good row of" in said
    ]
    assert lost[:3] == [
        ("orgs", 3, "parentSourcedId"),
        ("roles", 5, "userSourcedId"),
        ("roles", 2, "orgSourcedId"),
    ]
    assert ("enrollments", 7, "classSourcedId") in lost
    assert sum(found.rejected.values()) == len({(flaw.file, flaw.line) for flaw in found.flaws})


def test_lines_that_are_no_csv_or_of_another_width_are_told() -> None:
    sheets = small()
    text = sheet("users", sheets["users"]).decode().splitlines()
    text[1], text[2] = text[1] + ",more", text[2].replace("Ben", '"Be"n')
    found = read(zipped(sheets, users="\r\n".join(text).encode()))
    assert [reason for _, line, _, reason in flaws(found) if line in (2, 3)][:2] == [
        "has 23 cells where the header has 22",
        "can't be read as CSV (',' expected after '\"')",
    ]
