"""What can not be read is a parse error, before anything in it is believed."""

import hashlib
import io
import tarfile

import pytest

from services.audit.bundle.archive import END, entry
from services.audit.ledger.formats.findings import Finding
from services.audit.ledger.formats.leaf import Leaf
from tests.audit.bundle.judging import contents, found, honest, judged, rewritten
from tests.audit.bundle.made import (
    Ledger,
)


@pytest.mark.parametrize("name", [name for name in contents(honest()) if not name.startswith("facts")])
def test_without_any_of_its_entries_it_can_not_be_read(name: str) -> None:
    told = found(rewritten(honest(), name, None) if name != "sha256" else honest()[:-2048] + END)
    assert "PARSE ERROR" in " ".join(told)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"size": 300', b'"size": 3e2'),
        (b'"size": 300', b'"size": 0300'),
        (b'"size": 300', b'"size": 300.0'),
        (b'"size": 300', b'"size": true'),
        (b'"size": 300', b'"size": 100000000000000000000'),
        (b'"size": 300', b'"size": 301'),
        (b'"facts": 300', b'"facts": -1'),
        (b'"size": 300', b'"size":  300'),
        (b'"size": 300', b'"size": 300,\n "size": 300'),
        (b'"format": "alongside-bundle/v1"', b'"format": "alongside-bundle/v2"'),
    ],
)
def test_a_manifest_has_one_spelling(old: bytes, new: bytes) -> None:
    manifest = contents(honest())["manifest.json"]
    assert old in manifest
    (told,) = found(rewritten(honest(), "manifest.json", manifest.replace(old, new, 1)))
    assert told.startswith("PARSE ERROR")


def test_a_leaf_has_one_spelling(ledger: Ledger) -> None:
    old = ledger.leaves[9]
    position = b"\n%d\n" % Leaf.decode(old).position
    new = old.replace(position, b"\n0" + position[1:], 1)
    entries = contents(honest())["tile/entries/000"]
    changed = entries.replace(len(old).to_bytes(2, "big") + old, len(new).to_bytes(2, "big") + new)
    assert changed != entries
    report = judged(rewritten(honest(), "tile/entries/000", changed))
    assert [str(one) for one in report.found] == ["ROOT MISMATCH @9", "PARSE ERROR @9"]
    assert report.exit_code == Finding.PARSE_ERROR.exit_code


def test_an_entry_twice_or_in_another_place() -> None:
    parts = [entry(name, content) for name, content in contents(honest()).items()]
    for order in ([*parts[:3], parts[2], *parts[3:]], [parts[1], parts[0], *parts[2:]]):
        told = found(b"".join(order) + END)
        assert told[-1].startswith("PARSE ERROR")
    assert found(b"".join(parts) + END) == []


def test_nothing_is_hidden_behind_an_entry() -> None:
    log_key = contents(honest())["log.vkey"]
    whole = entry("log.vkey", log_key)
    hiding = whole[:-8] + b"stowaway"
    parts = honest()[: -len(entry("sha256", bytes(65)) + END)].replace(whole, hiding)
    (told,) = found(parts + entry("sha256", f"{hashlib.sha256(parts).hexdigest()}\n".encode()) + END)
    assert told == "PARSE ERROR @log.vkey"


def test_a_bomb_is_refused_before_it_is_opened() -> None:
    import gzip
    import zipfile

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", bytes(10_000_000))
    huge = bytearray(entry("manifest.json", b"x"))
    huge[124:136] = b"77777777777\0"
    for bundle in (
        packed.getvalue(),
        gzip.compress(honest()),
        bytes(huge),
        b"",
        bytes(10_000),
        b"\xff" * 512,
    ):
        (told,) = found(bundle)
        assert told.startswith("PARSE ERROR")


@pytest.mark.parametrize("kind", ["symlink", "outside", "pax", "sparse", "mtime"])
def test_a_tar_that_is_not_written_as_ours_is_none(kind: str) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
        info = tarfile.TarInfo("../../etc/passwd" if kind == "outside" else "manifest.json")
        if kind == "symlink":
            info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
        if kind == "pax":
            info.pax_headers = {"comment": "x"}
        if kind == "sparse":
            info.type = tarfile.GNUTYPE_SPARSE
        info.mtime = 1 if kind == "mtime" else 0
        archive.addfile(info)
    (told,) = found(packed.getvalue())
    assert told.startswith("PARSE ERROR")


def test_the_end_cut_off_or_something_behind_it() -> None:
    bundle = honest()
    for bad in (bundle[:-1], bundle[:-1024], bundle[: len(bundle) // 2], bundle + b"\0", bundle + bundle):
        assert judged(bad).exit_code == Finding.PARSE_ERROR.exit_code
