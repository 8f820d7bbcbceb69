"""A whole roster as read: each file's good rows, and what is wrong with the others."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import IO, Any, TypeVar, cast

from services.assignments.oneroster.archive import Archive, open_archive, unfit
from services.assignments.oneroster.manifest import read_manifest
from services.assignments.oneroster.reading import SHOWN, Flaw, Header, Line, read_records
from services.assignments.oneroster.records import (
    READ,
    REFERENCES,
    Class,
    Enrollment,
    Org,
    Record,
    Role,
    User,
)

R = TypeVar("R", bound=Record)
MOST_ROWS = 400_000
"""Some two kilobytes of memory each; a roster of 10,000 people has 80,000."""
TELL_EVERY = 5_000

Progress = Callable[[str, int], None]
"""Told of the file that is read, and of how many of its rows are."""


def _silent(_: str, __: int) -> None:
    """Nobody wants to know."""


@dataclass
class ReadRoster:
    """`modes` of the files that are there; `rows` counts all of a file, `rejected` those with a flaw."""

    source: str
    modes: Mapping[str, str]
    records: dict[str, dict[str, Line[Any]]] = field(default_factory=dict)
    flaws: list[Flaw] = field(default_factory=list)
    rows: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    def of(self, file: str, _: type[R]) -> Mapping[str, Line[R]]:
        """The good rows of a file by sourcedId; none when it is absent."""
        return cast(Mapping[str, Line[R]], self.records.get(file, {}))

    @property
    def orgs(self) -> Mapping[str, Line[Org]]:
        return self.of("orgs", Org)

    @property
    def users(self) -> Mapping[str, Line[User]]:
        return self.of("users", User)

    @property
    def roles(self) -> Mapping[str, Line[Role]]:
        return self.of("roles", Role)

    @property
    def classes(self) -> Mapping[str, Line[Class]]:
        return self.of("classes", Class)

    @property
    def enrollments(self) -> Mapping[str, Line[Enrollment]]:
        return self.of("enrollments", Enrollment)

    def whole(self, file: str) -> bool:
        """Whether the file says all there is to say."""
        return self.modes.get(file) == "bulk"


def read_roster(file: IO[bytes], progress: Progress = _silent) -> ReadRoster:
    """Read the zip, which is not trusted. Raises Problem 422 when nothing of it can be taken over."""
    archive = open_archive(file)
    with archive.zip:
        manifest = read_manifest(archive)
        roster = ReadRoster(
            manifest.source, {name: mode for name, mode in manifest.modes.items() if name in READ}
        )
        roster.notes += [*archive.notes, *manifest.notes]
        for name, model in READ.items():
            if name in roster.modes:
                _read(roster, archive, name, model, progress)
    _check_references(roster)
    return roster


def _read(roster: ReadRoster, archive: Archive, name: str, model: type[Record], progress: Progress) -> None:
    mode, found = roster.modes[name], dict[str, Line[Any]]()
    flawed: set[int] = set()
    said = 0
    with archive.lines(name) as text:
        for each in read_records(name, model, text, mode):
            if isinstance(each, Header):
                roster.notes += each.notes
                continue
            if isinstance(each, Flaw):
                roster.flaws.append(each)
                flawed.add(each.line)
            else:
                found[each.record.sourced_id] = each
                said += mode == "bulk" and bool(each.record.status)
            roster.rows[name] = len(found) + len(flawed)
            if roster.rows[name] % TELL_EVERY == 0:
                progress(name, roster.rows[name])
            if sum(roster.rows.values()) > MOST_ROWS:
                raise unfit("invalid_zip", f"more than {MOST_ROWS:,} rows; send fewer schools at once")
    progress(name, roster.rows[name])
    roster.records[name], roster.rejected[name] = found, len(flawed)
    if not roster.rows[name]:
        roster.notes.append(f"{name}.csv has no rows; the standard leaves out a file that has none")
    if said:
        roster.notes.append(
            f"{name}.csv is bulk by the manifest, but {said} rows have a status, which only a delta has; "
            "tobedeleted was heeded"
        )


def _check_references(roster: ReadRoster) -> None:
    """In a bulk every row that is named has to be there; in a delta it may have come before."""
    for (name, column), target in REFERENCES.items():
        if not roster.whole(name):
            continue
        if target not in roster.modes:
            roster.notes.append(
                f"{name}.csv is bulk and names rows of {target}.csv, which is not in the zip; a bulk has both"
            )
        if not roster.whole(target):
            continue
        named = attrgetter(_snake(column))
        known, good = roster.records[target], roster.records[name]
        lost = [line for line in good.values() if named(line.record) and named(line.record) not in known]
        mend = f"add the row to {target}.csv, or mend it there, or take this one out"
        for line in lost:
            said = f"names no good row of {target}.csv"
            roster.flaws.append(Flaw(name, line.line, column, named(line.record)[:SHOWN], said, mend))
            del good[line.record.sourced_id]
        roster.rejected[name] += len(lost)


def _snake(column: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in column)
