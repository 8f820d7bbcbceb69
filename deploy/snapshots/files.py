"""Writing the tables of one service's stretch: row groups as they fill, in memory that does not grow with it."""

import json
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from hashlib import file_digest
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from deploy.snapshots.manifest import Files, Held
from deploy.snapshots.tables import Table

MOST_PENDING = 100_000
"""Rows held back, over all tables, until they make a row group: at most this many and one chunk."""


class Rows(Protocol):
    """What a table's file is written with."""

    def write(self, rows: pa.Table) -> None: ...


Open: TypeAlias = Callable[[Path, pa.Schema, ExitStack], Rows]


class Writers:
    """The files of one service. When what waits becomes too much, the table with most rows is written.

    That follows from the facts alone, so the same facts make the same bytes.
    """

    def __init__(self, folder: Path, files: Files, tables: Mapping[str, Table]) -> None:
        self._folder, self._files, self._tables = folder, files, tables
        self._pending: dict[str, list[pa.RecordBatch]] = {}
        self._waiting: dict[str, int] = {}
        self._open: dict[str, Rows] = {}
        self._closing = ExitStack()
        self._first: dict[str, int] = {}
        self._last: dict[str, int] = {}
        self._rows: dict[str, int] = {}

    def add(self, topic: str, batch: pa.RecordBatch) -> None:
        """The next rows of a table."""
        self._pending.setdefault(topic, []).append(batch)
        self._waiting[topic] = self._waiting.get(topic, 0) + batch.num_rows
        self._rows[topic] = self._rows.get(topic, 0) + batch.num_rows
        positions = batch.column(0)
        self._first.setdefault(topic, positions[0].as_py())
        self._last[topic] = positions[-1].as_py()

    def ease(self) -> None:
        """Write while too many rows wait."""
        while sum(self._waiting.values()) > MOST_PENDING:
            self._write(max(sorted(self._waiting), key=lambda topic: self._waiting[topic]))

    def close(self) -> list[Held]:
        """Write what waits; what there is now, by topic."""
        with self._closing:
            for topic in sorted(self._pending):
                self._write(topic)
        return [self._held(topic) for topic in sorted(self._rows)]

    def abandon(self) -> None:
        self._closing.close()

    def _write(self, topic: str) -> None:
        batches = self._pending.pop(topic)
        del self._waiting[topic]
        if topic not in self._open:
            opening = OPENING[self._files]
            self._open[topic] = opening(self._path(topic), self._tables[topic].schema, self._closing)
        self._open[topic].write(pa.Table.from_batches(batches).combine_chunks())

    def _path(self, topic: str) -> Path:
        return self._folder / f"{topic}.{self._files}"

    def _held(self, topic: str) -> Held:
        table, path = self._tables[topic], self._path(topic)
        with path.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
        return Held(
            topic=topic,
            file=f"{self._folder.name}/{path.name}",
            rows=self._rows[topic],
            first=self._first[topic],
            last=self._last[topic],
            bytes=path.stat().st_size,
            sha256=digest,
            schema_sha256=table.digest,
            columns=table.described,
            left_out=table.left_out,
        )


class _Parquet:
    def __init__(self, path: Path, schema: pa.Schema, closing: ExitStack) -> None:
        self._writer = closing.enter_context(
            pa.parquet.ParquetWriter(
                path, schema, compression="zstd", compression_level=3, write_page_checksum=True
            )
        )

    def write(self, rows: pa.Table) -> None:
        self._writer.write_table(rows, row_group_size=rows.num_rows)


class _Csv:
    """Lists and structures are JSON in a cell, as there is nothing else in CSV that every reader takes."""

    def __init__(self, path: Path, schema: pa.Schema, closing: ExitStack) -> None:
        self._schema = flat(schema)
        self._writer = closing.enter_context(pa.csv.CSVWriter(path, self._schema))

    def write(self, rows: pa.Table) -> None:
        columns = [_cells(rows.column(at), field.type) for at, field in enumerate(rows.schema)]
        self._writer.write_table(pa.Table.from_arrays(columns, schema=self._schema))


OPENING: Mapping[Files, Open] = {"parquet": _Parquet, "csv": _Csv}


def flat(schema: pa.Schema) -> pa.Schema:
    """The columns as CSV has them."""
    return pa.schema([field.with_type(pa.string()) if _nested(field.type) else field for field in schema])


def _nested(kind: pa.DataType) -> bool:
    return bool(pa.types.is_nested(kind))


def _cells(column: pa.ChunkedArray, kind: pa.DataType) -> Any:
    if not _nested(kind):
        return column
    said = [None if value is None else json.dumps(value, default=str) for value in column.to_pylist()]
    return pa.array(said, pa.string())
