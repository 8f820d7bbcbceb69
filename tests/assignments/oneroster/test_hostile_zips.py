"""A zip is not trusted: bombs, folders, links, lies about sizes, foreign encodings, missing files."""

import io
import zipfile
from collections.abc import Callable

import pytest

from services.assignments.oneroster import archive
from services.assignments.oneroster.rosters import read_roster
from shared.kernel.problems import Problem
from tests.assignments.oneroster.rosters import manifest, packed, sheet, small, zipped

ORGS = sheet("orgs", small()["orgs"])
MANIFEST = manifest({"orgs": "bulk"})


def refusal(body: bytes) -> tuple[str, dict[str, str]]:
    with pytest.raises(Problem) as found:
        read_roster(io.BytesIO(body))
    problem = found.value
    assert problem.status == 422
    return problem.code, {error["field"]: error["detail"] for error in problem.errors}


def entry(change: Callable[[zipfile.ZipInfo], None], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A roster whose orgs.csv is an odd entry."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", method) as made:
        made.writestr("manifest.csv", MANIFEST)
        info = zipfile.ZipInfo("orgs.csv")
        info.compress_type = method
        change(info)
        made.writestr(info, ORGS)
    return body.getvalue()


@pytest.mark.parametrize(
    "name",
    ["../orgs.csv", "/orgs.csv", "roster/orgs.csv", "..\\orgs.csv", "C:orgs.csv", "roster/", "~/orgs.csv"],
)
def test_nothing_lies_in_a_folder(name: str) -> None:
    code, errors = refusal(packed({"manifest.csv": MANIFEST, "orgs.csv": ORGS, name: ORGS}))
    assert code == "invalid_zip"
    assert errors == {name: "lies in a folder; put the files at the root of the zip"}


def test_what_a_desktop_leaves_behind_is_passed_by() -> None:
    body = packed(
        {"manifest.csv": MANIFEST, "orgs.csv": ORGS, "__MACOSX/._orgs.csv": b"x", ".DS_Store": b"x"}
    )
    assert read_roster(io.BytesIO(body)).notes == []


def test_a_bomb_is_not_unpacked() -> None:
    code, errors = refusal(packed({"manifest.csv": MANIFEST, "orgs.csv": ORGS + b"\n" * 30_000_000}))
    assert code == "invalid_zip"
    assert "zip bomb" in errors["orgs.csv"]


def test_a_file_that_says_it_is_small_is_read_no_further(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "LARGEST_FILE", len(ORGS) - 1)
    monkeypatch.setattr(archive, "_amiss", lambda entry, seen: "")
    assert refusal(zipped({"orgs": small()["orgs"]}))[0] == "invalid_zip"


def test_links_other_methods_and_passwords_are_named() -> None:
    def link(info: zipfile.ZipInfo) -> None:
        info.external_attr = 0o120777 << 16

    assert "is a link" in refusal(entry(link))[1]["orgs.csv"]
    assert "RFC 1951" in refusal(entry(lambda _: None, zipfile.ZIP_LZMA))[1]["orgs.csv"]
    locked = bytearray(entry(lambda _: None))
    where = locked.rindex(b"PK\x01\x02") + 8
    locked[where] |= 1
    assert "is encrypted" in refusal(bytes(locked))[1]["orgs.csv"]


def test_a_damaged_zip_is_a_problem_not_a_fault() -> None:
    whole = zipped(small())
    assert (
        refusal(b"")[0]
        == refusal(b"PK\x03\x04rubbish")[0]
        == refusal(whole[: len(whole) // 2])[0]
        == "invalid_zip"
    )
    broken = bytearray(whole)
    start = broken.index(b"users.csv") + 40
    broken[start : start + 20] = bytes(20)
    assert refusal(bytes(broken))[0] == "invalid_zip"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_stands_there_once() -> None:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as made:
        for name, text in (("manifest.csv", MANIFEST), ("orgs.csv", ORGS), ("orgs.csv", ORGS)):
            made.writestr(name, text)
    assert refusal(body.getvalue())[1] == {"orgs.csv": "stands in the zip twice; keep one"}


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252"])
def test_another_encoding_than_utf_8_is_refused(encoding: str) -> None:
    text = ORGS.decode().replace("Willow", "Wéllow").encode(encoding)
    code, errors = refusal(packed({"manifest.csv": MANIFEST, "orgs.csv": text}))
    assert code == "invalid_encoding"
    assert "is no UTF-8" in errors["orgs.csv"]


def test_the_manifest_has_to_fit() -> None:
    assert refusal(packed({"Manifest.csv": MANIFEST}))[1] == {
        "manifest.csv": "this file is missing (is it Manifest.csv?)"
    }
    older = manifest({"orgs": "bulk"}, oneroster_version="1.1")
    assert refusal(packed({"manifest.csv": older, "orgs.csv": ORGS}))[1] == {
        "manifest.csv oneroster.version": "is '1.1'; this takes '1.2'"
    }
    assert refusal(packed({"manifest.csv": MANIFEST})) == (
        "invalid_manifest",
        {"orgs.csv": "is bulk by the manifest, but not in the zip; add it or write absent"},
    )
    odd = manifest({"orgs": "Bulk"})
    assert refusal(packed({"manifest.csv": odd, "orgs.csv": ORGS}))[1] == {
        "manifest.csv file.orgs": "is 'Bulk'; write absent, bulk or delta"
    }


def test_a_missing_column_is_named_with_its_nearest() -> None:
    text = ORGS.replace(b"parentSourcedId", b"parent").replace(b"name", b"Name", 1)
    code, errors = refusal(packed({"manifest.csv": MANIFEST, "orgs.csv": text}))
    assert (code, errors) == ("invalid_header", {"orgs.csv name": "this column is missing (is it 'Name'?)"})
    twice = ORGS.replace(b"identifier", b"name", 1)
    assert (
        "stands there twice"
        in refusal(packed({"manifest.csv": MANIFEST, "orgs.csv": twice}))[1]["orgs.csv name"]
    )
    empty = packed({"manifest.csv": MANIFEST, "orgs.csv": b""})
    assert refusal(empty)[0] == "invalid_header"
