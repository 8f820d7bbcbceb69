"""Whether a snapshot's files are what was exported, each fact once: read again, without the house."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import file_digest
from itertools import pairwise
from pathlib import Path
from typing import Literal, TypeAlias

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from deploy.snapshots import folder as rounds
from deploy.snapshots import manifest
from deploy.snapshots.manifest import Held, Manifest, NotASnapshot

Kind: TypeAlias = Literal["GAP", "OVERLAP", "EDITED", "MISSING", "EXTRA", "UNREADABLE"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with a snapshot: what, in which round, and the detail."""

    kind: Kind
    round: str
    detail: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What was looked at, and what was found."""

    rounds: int
    rows: int
    positions: dict[str, int]
    findings: list[Finding]


def verify(folder: Path, tell: Callable[[int, int], None] = lambda at, total: None) -> Verified:
    """Read every file of every round. Raises NotASnapshot when there is none."""
    places = rounds.rounds(folder)
    findings: list[Finding] = []
    before: Manifest | None = None
    digest: str | None = None
    rows = 0
    for at, place in enumerate(places):
        tell(at, len(places))
        try:
            found, now = manifest.read(place / manifest.FILE)
        except NotASnapshot as unreadable:
            findings.append(Finding("UNREADABLE", place.name, str(unreadable)))
            before, digest = None, None
            continue
        findings += [
            Finding(kind, place.name, detail) for kind, detail in _joined(before, digest, found, place)
        ]
        findings += [Finding(kind, place.name, detail) for kind, detail in _files(place, found)]
        before, digest = found, now
        rows += found.rows
    tell(len(places), len(places))
    return Verified(len(places), rows, before.positions if before else {}, findings)


Wrong: TypeAlias = Iterator[tuple[Kind, str]]


def _joined(before: Manifest | None, digest: str | None, found: Manifest, place: Path) -> Wrong:
    """Whether a round begins where the one before it ended, and counts every position in between."""
    if place.name != rounds.named(found.round):
        yield "EDITED", f"its manifest says that it is round {found.round}"
    if before is None and found.round > 1:
        yield "GAP", f"it is round {found.round} and the one before is not here"
    if before is not None:
        if found.round != before.round + 1:
            yield "GAP", f"it is round {found.round}, and the one before is {before.round}"
        elif found.previous != digest:
            yield "EDITED", "the manifest before is not the one that it was written after"
    for service, stretch in found.services.items():
        ended = before.positions.get(service, 0) if before else 0 if found.round == 1 else stretch.after
        if stretch.after > ended:
            yield "GAP", f"{service}: {ended + 1} to {stretch.after} are in no round"
        if stretch.after < ended:
            yield "OVERLAP", f"{service}: {stretch.after + 1} to {ended} are in a round before too"
        told = sum(held.rows for held in found.tables if held.topic.split(".")[0] == service)
        if told != stretch.rows or stretch.up_to - stretch.after != stretch.rows + stretch.left_out:
            yield "GAP", f"{service}: its rows do not come to what lies between its positions"


def _files(place: Path, found: Manifest) -> Wrong:
    named = {held.file for held in found.tables}
    for path in sorted((place / rounds.FACTS).glob("*")):
        if f"{rounds.FACTS}/{path.name}" not in named:
            yield "EXTRA", f"{rounds.FACTS}/{path.name} is not in the manifest"
    seen: dict[str, list[pa.Array]] = {}
    for held in found.tables:
        path = place / held.file
        if not path.is_file():
            yield "MISSING", held.file
            continue
        with path.open("rb") as file:
            if file_digest(file, "sha256").hexdigest() != held.sha256:
                yield "EDITED", f"{held.file} is not what was written"
                continue
        try:
            positions = read_positions(path, found)
        except (pa.ArrowException, OSError, KeyError) as broken:
            yield "UNREADABLE", f"{held.file}: {broken}"
            continue
        yield from _rows(held, found, positions)
        seen.setdefault(held.topic.split(".")[0], []).append(positions)
    for service, parts in seen.items():
        whole = pa.concat_arrays(parts)
        if (twice := len(whole) - len(whole.unique())) > 0:
            yield "OVERLAP", f"{service}: {twice} positions are there twice"


def _rows(held: Held, found: Manifest, positions: pa.Array) -> Wrong:
    """Whether a file's positions are as many as told, in order, and of this round."""
    stretch = found.services.get(held.topic.split(".")[0])
    if len(positions) != held.rows:
        yield "GAP", f"{held.file} has {len(positions)} rows, and {held.rows} are told of"
    if not len(positions) or stretch is None:
        return
    ordered = positions.to_pylist()
    if any(one >= two for one, two in pairwise(ordered)):
        yield "OVERLAP", f"{held.file}: positions do not rise from row to row"
    if ordered[0] <= stretch.after or ordered[-1] > stretch.up_to:
        yield "OVERLAP", f"{held.file} has positions of another round"


def read_positions(path: Path, found: Manifest) -> pa.Array:
    """The column `position` of a file."""
    if found.files == "parquet":
        column = pa.parquet.read_table(path, columns=["position"], partitioning=None).column(0)
    else:
        asked = pa.csv.ConvertOptions(include_columns=["position"], column_types={"position": pa.int64()})
        column = pa.csv.read_csv(path, convert_options=asked).column(0)
    return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
