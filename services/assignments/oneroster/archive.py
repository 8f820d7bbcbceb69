"""The zip of a roster, which somebody sent: looked at before it is opened, never unpacked to a disk."""

import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from io import RawIOBase, TextIOWrapper
from typing import IO, cast

from services.assignments.oneroster.records import FILES
from shared.kernel.problems import Problem

LARGEST_ZIP = 100_000_000
LARGEST_FILE = 400_000_000
LARGEST_TOGETHER = 1_000_000_000
MOST_SQUEEZED = 200
"""How many bytes one packed byte may become: rosters shrink to a tenth, bombs to a thousandth."""
SMALL = 1_000_000
MOST_FILES = 64
KNOWN = {"manifest.csv", *(f"{name}.csv" for name in FILES)}
LEFT_BEHIND = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


def unfit(code: str, message: str, errors: Mapping[str, str] | None = None) -> Problem:
    """Nothing of it can be taken over. `errors` name a file or column each, and the mend."""
    told = [{"field": field, "detail": detail} for field, detail in (errors or {}).items()]
    return Problem(422, code, message, errors=told)


@dataclass(frozen=True)
class Archive:
    """An opened zip that passed every look from outside. `notes` tell what is not used."""

    zip: zipfile.ZipFile
    files: frozenset[str]
    notes: tuple[str, ...]

    @contextmanager
    def lines(self, name: str) -> Iterator[IO[str]]:
        """The file's text. Raises Problem 422 when it is no UTF-8 or is larger than it said."""
        try:
            with self.zip.open(f"{name}.csv") as packed:
                counted = cast(IO[bytes], _Counted(packed, name))
                with TextIOWrapper(counted, "utf-8-sig", newline="") as text:
                    yield text
        except UnicodeDecodeError as found:
            raise unfit(
                "invalid_encoding",
                f"{name}.csv is no UTF-8; export it as UTF-8 (CSV UTF-8 in a spreadsheet)",
                {f"{name}.csv": f"byte 0x{found.object[found.start]:02x} is no UTF-8"},
            ) from None
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as broken:
            message = f"{name}.csv can't be unpacked; zip the files anew"
            raise unfit("invalid_zip", message, {f"{name}.csv": str(broken)}) from None


class _Counted(RawIOBase):
    """Reads no more than a file may have, whatever its zip said of it."""

    def __init__(self, packed: IO[bytes], name: str) -> None:
        self._packed, self._name, self._read = packed, name, 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        found = self._packed.read(size)
        self._read += len(found)
        if self._read > LARGEST_FILE:
            raise _too_large(self._name)
        return found

    def read1(self, size: int = -1) -> bytes:
        return self.read(size if size > 0 else 65536)


def open_archive(file: IO[bytes]) -> Archive:
    """Look at the zip. Raises Problem 422, naming each entry that must not be there."""
    try:
        opened = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError) as broken:
        raise unfit(
            "invalid_zip", f"this is no zip that can be read ({broken}); send the zip itself as the body"
        ) from None
    entries = [entry for entry in opened.infolist() if not _left_behind(entry.filename)]
    if len(entries) > MOST_FILES:
        raise unfit("invalid_zip", f"the zip has {len(entries)} files; OneRoster has at most {len(KNOWN)}")
    wrong: dict[str, str] = {}
    seen: set[str] = set()
    for entry in entries:
        if reason := _amiss(entry, seen):
            wrong[entry.filename[:200]] = reason
        seen.add(entry.filename)
    if wrong:
        raise unfit("invalid_zip", "the zip holds what it must not; see errors", wrong)
    if sum(entry.file_size for entry in entries) > LARGEST_TOGETHER:
        raise unfit(
            "invalid_zip", f"unpacked it is larger than {LARGEST_TOGETHER:,} bytes; send less at once"
        )
    if "manifest.csv" not in seen:
        raise unfit(
            "invalid_manifest",
            "there is no manifest.csv, which OneRoster 1.1 and 1.2 begin with; put the files at the root of the zip",
            {"manifest.csv": "this file is missing" + _near("manifest.csv", seen)},
        )
    unknown = tuple(
        f"{name} is no file of OneRoster 1.2 and was not opened{_near(name, KNOWN)}"
        for name in sorted(seen - KNOWN)
    )
    return Archive(opened, frozenset(name.removesuffix(".csv") for name in seen & KNOWN), unknown)


def _left_behind(name: str) -> bool:
    return name.startswith(LEFT_BEHIND) or name.endswith("/.DS_Store")


def _amiss(entry: zipfile.ZipInfo, seen: set[str]) -> str:
    name = entry.filename
    if entry.is_dir() or "/" in name or "\\" in name or name.startswith(("..", "~")) or ":" in name:
        return "lies in a folder; put the files at the root of the zip"
    if name in seen:
        return "stands in the zip twice; keep one"
    if entry.flag_bits & 0x1:
        return "is encrypted; send the zip without a password"
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "is packed by another method than deflate (RFC 1951); zip it anew"
    if (entry.external_attr >> 16) & 0o170000 == 0o120000:
        return "is a link; put the file itself into the zip"
    if entry.file_size > LARGEST_FILE:
        return f"is larger than {LARGEST_FILE:,} bytes; send fewer schools at once"
    if entry.file_size > max(SMALL, entry.compress_size * MOST_SQUEEZED):
        return f"would unpack to more than {MOST_SQUEEZED} times its size; it looks like a zip bomb"
    return ""


def _near(name: str, known: set[str]) -> str:
    near = get_close_matches(name, known, 1)
    return f" (is it {near[0]}?)" if near else ""


def _too_large(name: str) -> Problem:
    message = f"{name}.csv unpacks to more than {LARGEST_FILE:,} bytes"
    return unfit("invalid_zip", message, {f"{name}.csv": "is larger than the zip said"})
