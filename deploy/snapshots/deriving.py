"""Tables of how things stand, made from a snapshot's own files: so they stand at exactly its position."""

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeAlias

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from deploy.snapshots import folder as rounds
from deploy.snapshots import manifest
from deploy.snapshots.columns import columns_of
from deploy.snapshots.manifest import Manifest, NotASnapshot
from deploy.snapshots.pseudonyms import pseudonyms
from deploy.snapshots.states import STATES, State
from deploy.snapshots.tables import wanted

FOLDER = "current"
NOBODYS = pseudonyms("nobody", b"")

Parts: TypeAlias = dict[str, list[Path]]
"""The files of each fact, `service.Fact`, over all rounds."""


class NeedsParquet(Exception):
    """How things stand is made from Parquet alone."""


def derive(folder: Path) -> tuple[Path, dict[str, int]]:
    """Write `current/<round>/<state>.parquet`; where, and how many rows each has. The same facts are the same bytes.

    Raises NotASnapshot, NeedsParquet.
    """
    places = rounds.rounds(folder)
    found = [manifest.read(place / manifest.FILE)[0] for place in places]
    if found[-1].files != "parquet":
        raise NeedsParquet(f"{folder} was taken as {found[-1].files}: take it as parquet for this")
    parts = _parts(places, found)
    made = folder / FOLDER / f".new-{places[-1].name}"
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True)
    rows = {}
    for state in STATES:
        table = stand(state, parts)
        if table is not None:
            rows[state.name] = table.num_rows
            pa.parquet.write_table(table, made / f"{state.name}.parquet", compression="zstd")
    whole = folder / FOLDER / places[-1].name
    shutil.rmtree(whole, ignore_errors=True)
    made.rename(whole)
    return whole, rows


def stand(state: State, parts: Parts) -> pa.Table | None:
    """The rows of one state, in the order of their first facts; None when there is no fact of it."""
    spans = [_events(parts, state.service, fact, state.key, word) for fact, word in state.status.items()]
    events = _ordered(spans)
    if events is None:
        return None
    base = events.group_by("key", use_threads=False).aggregate(
        [
            ("value", "last"),
            ("position", "first"),
            ("position", "last"),
            ("recorded_at", "first"),
            ("recorded_at", "last"),
        ]
    )
    columns = {
        state.key: base["key"],
        "status": base["value_last"],
        "since_position": base["position_first"],
        "at_position": base["position_last"],
        "since": base["recorded_at_first"],
        "status_since": base["recorded_at_last"],
    }
    for name, sources in state.columns.items():
        newest = _newest(state, sources, parts)
        if newest is None:
            columns[name] = pa.nulls(base.num_rows, type_of(state, sources[0]))
        else:
            places = pc.index_in(base["key"], value_set=newest["key"].combine_chunks())
            columns[name] = newest["value_last"].take(places)
    return pa.table(columns).sort_by([("since_position", "ascending"), (state.key, "ascending")])


def source_of(state: State, source: str) -> tuple[str, str, str]:
    """Service, fact and field of a column's source: `Fact.field`, with its service before it if it is another."""
    *service, fact, name = source.split(".")
    return service[0] if service else state.service, fact, name


def type_of(state: State, source: str) -> pa.DataType:
    """The type of a source by its contract. LookupError when there is no such field that leaves."""
    service, fact, name = source_of(state, source)
    for contract in wanted((f"{service}.{fact}.v*",)):
        for column in columns_of(contract, NOBODYS)[0]:
            if column.name == name:
                return column.type
    raise LookupError(f"{service}.{fact} has no {name} that leaves")


def _newest(state: State, sources: Iterable[str], parts: Parts) -> pa.Table | None:
    """The newest value of one column by key."""
    spans = []
    for source in sources:
        service, fact, name = source_of(state, source)
        spans.append(_values(parts, service, fact, state.key, name))
    values = _ordered(spans)
    if values is None:
        return None
    newest_whatever = pc.ScalarAggregateOptions(skip_nulls=False, min_count=0)
    return values.group_by("key", use_threads=False).aggregate([("value", "last", newest_whatever)])


def _ordered(spans: Iterable[Iterator[pa.Table]]) -> pa.Table | None:
    """Of several facts of one service, by position."""
    tables = [table for span in spans for table in span]
    return pa.concat_tables(tables).sort_by([("position", "ascending")]) if tables else None


def _events(parts: Parts, service: str, fact: str, key: str, word: str) -> Iterator[pa.Table]:
    for path in parts.get(f"{service}.{fact}", ()):
        read = pa.parquet.read_table(path, columns=[key, "position", "recorded_at"]).rename_columns(
            ["key", "position", "recorded_at"]
        )
        yield read.append_column("value", pa.repeat(pa.scalar(word), read.num_rows))


def _values(parts: Parts, service: str, fact: str, key: str, name: str) -> Iterator[pa.Table]:
    for path in parts.get(f"{service}.{fact}", ()):
        if name in pa.parquet.read_schema(path).names:
            read = pa.parquet.read_table(path, columns=[key, "position", name])
            yield read.rename_columns(["key", "position", "value"])


def _parts(places: Iterable[Path], found: Iterable[Manifest]) -> Parts:
    """Raises NotASnapshot when a file is not there."""
    parts: Parts = {}
    for place, one in zip(places, found, strict=True):
        for held in one.tables:
            if not (place / held.file).is_file():
                raise NotASnapshot(f"{place / held.file} is missing; ./alongside snapshot verify tells more")
            parts.setdefault(held.topic.rsplit(".v", 1)[0], []).append(place / held.file)
    return parts
