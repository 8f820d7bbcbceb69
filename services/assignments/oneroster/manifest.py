"""manifest.csv: which version, which files, and whether each is whole or a delta."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.assignments.oneroster.archive import Archive, unfit
from services.assignments.oneroster.reading import Flaw, cells_of
from services.assignments.oneroster.records import FILES

VERSION = "1.2"
MODES = ("absent", "bulk", "delta")


@dataclass(frozen=True, slots=True)
class Manifest:
    """`modes` has every file that is in the zip. `source` is what the sending system calls itself, or ""."""

    modes: Mapping[str, str]
    source: str
    notes: tuple[str, ...]


def read_manifest(archive: Archive) -> Manifest:
    """Raises Problem 422 when it is no manifest of OneRoster 1.2, or names files that are not there."""
    values = _values(archive)
    wrong: dict[str, str] = {}
    for name, expected in (("manifest.version", "1.0"), ("oneroster.version", VERSION)):
        if values.get(name) != expected:
            wrong[f"manifest.csv {name}"] = f"is {values.get(name, 'missing')!r}; this takes {expected!r}"
    notes: list[str] = []
    modes: dict[str, str] = {}
    for name in FILES:
        mode = values.get(f"file.{name}", "")
        there = name in archive.files
        if mode not in MODES:
            if mode or there:
                said = f"is {mode!r}" if mode else "is missing"
                wrong[f"manifest.csv file.{name}"] = f"{said}; write absent, bulk or delta"
            else:
                notes.append(f"manifest.csv has no row file.{name}; taken as absent")
        elif mode != "absent" and not there:
            wrong[f"{name}.csv"] = f"is {mode} by the manifest, but not in the zip; add it or write absent"
        elif mode == "absent" and there:
            notes.append(f"{name}.csv is absent by the manifest and was not opened")
        elif there:
            modes[name] = mode
    if wrong:
        raise unfit("invalid_manifest", "the manifest does not fit; see errors", wrong)
    known = {"manifest.version", "oneroster.version", "source.systemName", "source.systemCode"}
    known.update(f"file.{name}" for name in FILES)
    notes += [
        f"manifest.csv: {name!r} is no property of OneRoster 1.2" for name in values if name not in known
    ]
    return Manifest(modes, values.get("source.systemCode", ""), tuple(notes))


def _values(archive: Archive) -> dict[str, str]:
    with archive.lines("manifest") as text:
        rows = [found for _, found in cells_of("manifest", text)]
    broken = next((row for row in rows if isinstance(row, Flaw)), None)
    if broken is not None:
        raise unfit("invalid_manifest", f"manifest.csv, line {broken.line}: {broken.reason}; {broken.mend}")
    pairs = [[cell.strip() for cell in row] for row in rows if not isinstance(row, Flaw)]
    if not pairs or pairs[0] != ["propertyName", "value"] or any(len(pair) != 2 for pair in pairs):
        raise unfit("invalid_manifest", "manifest.csv has the two columns propertyName and value")
    names = [name for name, _ in pairs[1:]]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise unfit("invalid_manifest", f"manifest.csv says {', '.join(twice)} twice; keep one")
    return {pair[0]: pair[1] for pair in pairs[1:]}
