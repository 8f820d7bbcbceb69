"""What people see of parked facts: a choice of them, by key or one by one; a million of them in pages."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import AsyncConnection, sql

from shared.kernel.projections.parking import Waiting

PAGE = 200
MOST_COUNTED = 10_000


@dataclass(frozen=True)
class Which:
    """A choice of parked facts: everything that is not None must match. `error` and `topic` are parts of it."""

    projection: str | None = None
    source: str | None = None
    stream: UUID | None = None
    position: int | None = None
    topic: str | None = None
    error: str | None = None

    def where(self) -> sql.Composed:
        """The choice as SQL."""
        exact = {name: getattr(self, name) for name in ("projection", "source", "stream", "position")}
        terms: list[sql.Composable] = [
            sql.SQL("{} = {}").format(sql.Identifier(k), v) for k, v in exact.items() if v is not None
        ]
        for name, part in (("topic", self.topic), ("error", self.error)):
            if part is not None:
                terms.append(sql.SQL("strpos({}, {}) > 0").format(sql.Identifier(name), part))
        # The tables beside the live ones keep what they parked to themselves.
        terms.append(sql.SQL("projection NOT LIKE '%@standby'"))
        return sql.SQL(" AND ").join(terms)


class ParkedKey(NamedTuple):
    """One stream that waits: its first fact, why it failed, and how many wait (at most 10,000 are counted)."""

    projection: str
    source: str
    position: int
    stream: UUID
    topic: str
    error: str
    attempts: int
    parked_at: datetime
    waiting: int


async def keys(
    connection: AsyncConnection[Any],
    which: Which,
    after: tuple[str, str, int] | None = None,
    limit: int = PAGE,
) -> list[ParkedKey]:
    """A page of waiting streams by their first fact; the next comes after (projection, source, position)."""
    page = sql.SQL("(projection, source, position) > ({}, {}, {})").format(*(after or ("", "", -1)))
    cursor = await connection.execute(
        sql.SQL(
            "SELECT projection, source, position, stream, topic, error, attempts, parked_at, "
            "(SELECT count(*) FROM (SELECT FROM parked w WHERE w.projection = p.projection "
            "AND w.source = p.source AND w.stream = p.stream LIMIT {most}) counted) "
            "FROM parked p WHERE error <> '' AND {where} AND {page} "
            "ORDER BY projection, source, position LIMIT {limit}"
        ).format(most=MOST_COUNTED, where=which.where(), page=page, limit=limit)
    )
    return [ParkedKey._make(row) for row in await cursor.fetchall()]


async def facts(
    connection: AsyncConnection[Any], which: Which, after: int = 0, limit: int = PAGE
) -> list[Waiting]:
    """A page of parked facts themselves, by position, with their bytes."""
    cursor = await connection.execute(
        sql.SQL(
            "SELECT projection, source, position, stream, topic, state, error, attempts, parked_at, signature "
            "FROM parked "
            "WHERE {where} AND position > {after} ORDER BY projection, source, position LIMIT {limit}"
        ).format(where=which.where(), after=after, limit=limit)
    )
    return [Waiting._make(row) for row in await cursor.fetchall()]
