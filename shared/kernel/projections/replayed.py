"""A read model replayed from facts that somebody else kept, beside a copy of the live one, and what differs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from psycopg import AsyncConnection, sql
from sqlalchemy import MetaData, Table

from shared.contracts.words.privacy import Unreadable
from shared.kernel.projections import checkpoints
from shared.kernel.projections.declared import read_tables
from shared.kernel.projections.folds import AnyProjection
from shared.kernel.projections.runner import Pool, ProjectionRunner
from shared.kernel.projections.tables import ReadTable, quote
from shared.kernel.recorded import Arrival
from shared.kernel.sealing.sealer import Sealer

LISTED = 20
"""Rows of a table that are shown with what differs in them; all are counted."""
PERSONAL = "(personal)"


def schema_of(projection: AnyProjection) -> str:
    """The schema of the replayed tables, and of the copies (`live_...`) that they are compared with."""
    return f"replayed_{projection.name}"


def name_of(projection: AnyProjection) -> str:
    """The name under which the replay has checkpoints and parked facts."""
    return f"{projection.name}@replayed"


async def drop(connection: AsyncConnection[Any], projection: AnyProjection) -> None:
    """Leave nothing of a replay: its tables are copies, and whoever was forgotten is not to live on in them."""
    await connection.execute(f"DROP SCHEMA IF EXISTS {quote(schema_of(projection))} CASCADE")
    for table in ("parked", "checkpoints"):
        query = sql.SQL("DELETE FROM {} WHERE projection = %s").format(sql.Identifier(table))
        await connection.execute(query, (name_of(projection),))


@dataclass(frozen=True)
class Replayed:
    """One replay: begun, fed, compared, removed. The live tables go on meanwhile, and nothing waits for it."""

    pool: Pool
    metadata: MetaData
    projection: AnyProjection
    sealer: Sealer | None = None

    async def begin(self) -> dict[str, dict[str, int]]:
        """Copy the live tables as they are at one moment; up to which position of each source they go then."""
        schema = quote(schema_of(self.projection))
        await self.remove()
        async with self.pool.connection() as connection, connection.transaction():
            await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            await connection.execute(f"CREATE SCHEMA {schema}")
            live = {
                source: await checkpoints.find(connection, self.projection.name, source)
                for source in sorted(self.projection.sources)
            }
            for name in self.projection.tables:
                like = f"(LIKE public.{quote(name)} INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING INDEXES)"
                await connection.execute(f"CREATE UNLOGGED TABLE {schema}.{quote(name)} {like}")
                where = (
                    sql.SQL(" WHERE projection = {}").format(self.projection.name) if name == "due" else ""
                )
                copied = sql.SQL("CREATE UNLOGGED TABLE {} AS SELECT * FROM {}{}").format(
                    sql.Identifier(schema_of(self.projection), f"live_{name}"),
                    sql.Identifier("public", name),
                    where or sql.SQL(""),
                )
                await connection.execute(copied)
            for source in live:
                await checkpoints.make(connection, name_of(self.projection), source)
        return {source: {"until": found.position, "parked": found.parked} for source, found in live.items()}

    async def take(self, source: str, batch: Sequence[Arrival]) -> int:
        """Apply these facts, as the live path does; up to which position it has come. Raises Gap, Lost."""
        runner = ProjectionRunner(
            self.pool,
            self.projection,
            source,
            self._tables,
            name=name_of(self.projection),
            sealer=self.sealer,
        )
        await runner.apply(batch)
        async with self.pool.connection() as connection:
            return (await checkpoints.find(connection, name_of(self.projection), source)).position

    async def compare(self) -> dict[str, Any]:
        """Every table: rows on both sides, and those that differ, by key. `equal` when none does."""
        async with self.pool.connection() as connection:
            found = [
                await self._differences(connection, self._declared(name), table)
                for name, table in self._tables.items()
            ]
            cursor = await connection.execute(
                "SELECT source, position, parked FROM checkpoints WHERE projection = %s ORDER BY source",
                (name_of(self.projection),),
            )
            sources = [
                {"source": source, "position": position, "parked": parked}
                for source, position, parked in await cursor.fetchall()
            ]
        return {"equal": not any(one["differ"] for one in found), "tables": found, "sources": sources}

    async def remove(self) -> None:
        """Leave nothing of it."""
        async with self.pool.connection() as connection, connection.transaction():
            await drop(connection, self.projection)

    @property
    def _tables(self) -> Mapping[str, ReadTable]:
        return read_tables(self.metadata, self.projection.tables, schema_of(self.projection))

    def _declared(self, name: str) -> Table | None:
        return self.metadata.tables.get(name)

    async def _differences(
        self, connection: AsyncConnection[Any], declared: Table | None, table: ReadTable
    ) -> dict[str, Any]:
        personal = (
            {column.name for column in declared.columns if column.info} if declared is not None else set()
        )
        compared = [
            name
            for name in table.columns
            if name not in table.key and not (table.owned and name == "projection")
        ]
        live = f"{quote(table.schema)}.{quote('live_' + table.name)}"
        on = " AND ".join(f"l.{quote(name)} = r.{quote(name)}" for name in table.key)
        first = quote(table.key[0])
        differs = [
            f"{_told('l', one, personal)} IS DISTINCT FROM {_told('r', one, personal)}" for one in compared
        ]
        where = " OR ".join([f"l.{first} IS NULL", f"r.{first} IS NULL", *differs])
        both = f"FROM {live} l FULL JOIN {table.qualified} r ON {on}"
        cursor = await connection.execute(
            f"SELECT count(l.{first}), count(r.{first}), count(*) FILTER (WHERE {where}) {both}"
        )
        counts = await cursor.fetchone()
        assert counts is not None
        found: dict[str, Any] = {
            "table": table.name,
            "live": counts[0],
            "replayed": counts[1],
            "differ": counts[2],
        }
        cursor = await connection.execute(
            f"SELECT to_jsonb(l)::text, to_jsonb(r)::text {both} WHERE {where} LIMIT {LISTED}"
        )
        rows = [_row(table, compared, personal, *row) for row in await cursor.fetchall()]
        return {**found, "rows": rows}


def _told(side: str, name: str, personal: set[str]) -> str:
    """A column as it is compared: what was erased is the same, whether a word or nothing says so."""
    column = f"{side}.{quote(name)}"
    return f"NULLIF({column}::text, '{Unreadable.ERASED.value}')" if name in personal else column


def _row(
    table: ReadTable, compared: Sequence[str], personal: set[str], live: str | None, replayed: str | None
) -> dict[str, Any]:
    """One row that differs: its key, and of each side what differs. Nothing personal is shown."""
    ours, theirs = (orjson.loads(text) if text else None for text in (live, replayed))
    whole: Mapping[str, Any] = ours or theirs or {}
    key = {name: whole[name] for name in table.key}
    if ours is None or theirs is None:
        return {"key": key, "only": "replayed" if ours is None else "live"}
    return {
        "key": key,
        "differ": {
            name: [PERSONAL, PERSONAL] if name in personal else [ours[name], theirs[name]]
            for name in compared
            if ours[name] != theirs[name]
        },
    }
