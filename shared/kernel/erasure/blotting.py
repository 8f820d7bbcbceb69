"""Blotting out: what read models show of a person, wherever a column says whose it is and what it is kept for."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection, sql
from sqlalchemy import MetaData, String, Table

from shared.contracts.words.privacy import RetentionClass, Unreadable
from shared.kernel.projection import Projection, RawProjection
from shared.kernel.projections import replayed
from shared.kernel.projections.standby import schema_of


@dataclass(frozen=True, slots=True)
class Marked:
    """Columns of one table that belong to the same column of owners and are kept for the same."""

    table: str
    owner: str
    keep: RetentionClass
    columns: tuple[tuple[str, bool], ...]
    """Each with whether it takes a text."""


def marked(metadata: MetaData) -> Iterator[Marked]:
    """What a read model's columns say about themselves: `info={"personal": owner column, "keep": class}`."""
    for table in metadata.sorted_tables:
        found: dict[tuple[str, RetentionClass], list[tuple[str, bool]]] = {}
        for column in table.columns:
            if column.info:
                text = isinstance(column.type, String)
                found.setdefault((column.info["personal"], column.info["keep"]), []).append(
                    (column.name, text)
                )
        for (owner, keep), columns in found.items():
            yield Marked(table.name, owner, keep, tuple(columns))


async def blot_out(
    connection: AsyncConnection[Any],
    metadata: MetaData,
    projections: Sequence[Projection | RawProjection],
    subjects: Collection[UUID],
    classes: Collection[RetentionClass],
) -> dict[str, int]:
    """Put `erased` where a text of theirs was and nothing where anything else was, in the caller's transaction.

    In the live tables and in those beside them; a replay that is being compared is given up. How many rows of
    which table there were; done again, none.
    """
    found: dict[str, int] = {}
    for projection in projections:
        await replayed.drop(connection, projection)
    schemas = await _schemas(connection, metadata, projections)
    for mark in marked(metadata):
        for schema in schemas[mark.table] if mark.keep in classes else ():
            cursor = await connection.execute(_statement(mark, schema), {"subjects": list(subjects)})
            if cursor.rowcount:
                name = mark.table if schema == "public" else f"{schema}.{mark.table}"
                found[name] = found.get(name, 0) + cursor.rowcount
    return found


def _statement(mark: Marked, schema: str) -> sql.Composed:
    sets, readable = [], []
    for name, text in mark.columns:
        column, erased = sql.Identifier(name), sql.Literal(Unreadable.ERASED.value)
        # What was empty stays so: it does not say that there was something.
        blank = sql.SQL("CASE WHEN {c} IS NULL THEN NULL ELSE {e} END").format(c=column, e=erased)
        sets.append(sql.SQL("{} = {}").format(column, blank if text else sql.NULL))
        still = "{c} IS NOT NULL AND {c} <> {e}" if text else "{c} IS NOT NULL"
        readable.append(sql.SQL(still).format(c=column, e=erased))
    return sql.SQL("UPDATE {} SET {} WHERE {} = ANY(%(subjects)s) AND ({})").format(
        sql.Identifier(schema, mark.table),
        sql.SQL(", ").join(sets),
        sql.Identifier(mark.owner),
        sql.SQL(" OR ").join(readable),
    )


async def _schemas(
    connection: AsyncConnection[Any],
    metadata: MetaData,
    projections: Sequence[Projection | RawProjection],
) -> dict[str, list[str]]:
    """Table -> the schemas that have it: the live one, and that of a rebuild."""
    found: dict[str, list[str]] = {name: ["public"] for name in map(_name, metadata.sorted_tables)}
    for projection in projections:
        for table in projection.tables:
            if table not in found:
                continue
            beside = f'"{schema_of(projection)}"."{table}"'
            cursor = await connection.execute("SELECT to_regclass(%s) IS NOT NULL", (beside,))
            row = await cursor.fetchone()
            if row and row[0]:
                found[table].append(schema_of(projection))
    return found


def _name(table: Table) -> str:
    return table.name
