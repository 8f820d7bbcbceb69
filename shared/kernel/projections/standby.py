"""The tables beside the live ones: made, switched with them, removed. One schema for each projection."""

from typing import Any

from psycopg import AsyncConnection, sql

from shared.kernel.projections.folds import AnyProjection
from shared.kernel.projections.tables import quote

_SWAP = "swapping"


def schema_of(projection: AnyProjection) -> str:
    """The schema of its standby tables."""
    return f"standby_{projection.name}"


def name_of(projection: AnyProjection) -> str:
    """The name under which its standby has checkpoints and parked facts."""
    return f"{projection.name}@standby"


async def make(connection: AsyncConnection[Any], projection: AnyProjection) -> None:
    """Empty tables like the live ones, and nothing left of an earlier standby.

    Indexes that keep nothing unique are made by `index` when the tables are full: that takes a third of the time.
    """
    schema = quote(schema_of(projection))
    async with connection.transaction():
        await remove(connection, projection)
        await connection.execute(f"CREATE SCHEMA {schema}")
        for table in projection.tables:
            like = f"(LIKE public.{quote(table)} INCLUDING ALL)"
            await connection.execute(f"CREATE TABLE {schema}.{quote(table)} {like}")
            for name, _ in await _indexes(connection, f"{schema}.{quote(table)}"):
                await connection.execute(f"DROP INDEX {name}")
        await connection.execute(
            f"CREATE TABLE {schema}.progress "
            "(source text, part int, position bigint NOT NULL, PRIMARY KEY (source, part))"
        )


async def index(connection: AsyncConnection[Any], projection: AnyProjection) -> None:
    """Make the indexes that the live tables have and these have not; may be repeated."""
    schema = quote(schema_of(projection))
    for table in projection.tables:
        beside = f"{schema}.{quote(table)}"
        there = {kind for _, kind in await _indexes(connection, beside)}
        for _, kind in await _indexes(connection, f"public.{quote(table)}"):
            if kind not in there:
                await connection.execute(f"CREATE INDEX ON {beside} USING {kind}")


async def _indexes(connection: AsyncConnection[Any], table: str) -> list[tuple[str, str]]:
    """The indexes of a table that keep nothing unique: name with schema, and what they are on."""
    cursor = await connection.execute(
        "SELECT indexrelid::regclass::text, split_part(pg_get_indexdef(indexrelid), ' USING ', 2) "
        "FROM pg_index WHERE indrelid = %s::regclass AND NOT indisunique ORDER BY 1",
        (table,),
    )
    return [(str(name), str(kind)) for name, kind in await cursor.fetchall()]


async def remove(connection: AsyncConnection[Any], projection: AnyProjection) -> None:
    """Drop it with its checkpoints, its parked facts and its rebuild."""
    await connection.execute(f"DROP SCHEMA IF EXISTS {quote(schema_of(projection))} CASCADE")
    for table in ("parked", "checkpoints"):
        query = sql.SQL("DELETE FROM {} WHERE projection = %s").format(sql.Identifier(table))
        await connection.execute(query, (name_of(projection),))
    await connection.execute("DELETE FROM rebuilds WHERE projection = %s", (projection.name,))


async def swap(connection: AsyncConnection[Any], projection: AnyProjection) -> None:
    """Live and standby change places with their positions; the caller holds the live checkpoints' locks."""
    schema = quote(schema_of(projection))
    await connection.execute("SET LOCAL lock_timeout = '5s'")
    await connection.execute(f"CREATE SCHEMA {_SWAP}")
    for table in projection.tables:
        if table == "due":
            await _swap_due(connection, projection)
            continue
        name = quote(table)
        await connection.execute(f"ALTER TABLE public.{name} SET SCHEMA {_SWAP}")
        await connection.execute(f"ALTER TABLE {schema}.{name} SET SCHEMA public")
        await connection.execute(f"ALTER TABLE {_SWAP}.{name} SET SCHEMA {schema}")
    await connection.execute(f"DROP SCHEMA {_SWAP}")
    live, beside = projection.name, name_of(projection)
    for before, after in ((live, _SWAP), (beside, live), (_SWAP, beside)):
        await connection.execute("UPDATE parked SET projection = %s WHERE projection = %s", (after, before))
    await connection.execute(
        "UPDATE checkpoints c SET position = o.position, parked = o.parked, updated_at = now() "
        "FROM checkpoints o "
        "WHERE c.source = o.source AND (c.projection, o.projection) IN ((%(l)s, %(b)s), (%(b)s, %(l)s))",
        {"l": live, "b": beside},
    )


async def _swap_due(connection: AsyncConnection[Any], projection: AnyProjection) -> None:
    """`due` is shared, so only the rows of this projection change places."""
    beside = f"{quote(schema_of(projection))}.due"
    await connection.execute(f"CREATE TABLE {_SWAP}.due (LIKE public.due)")
    await connection.execute(
        f"WITH before AS (DELETE FROM public.due WHERE projection = %s RETURNING *) "
        f"INSERT INTO {_SWAP}.due SELECT * FROM before",
        (projection.name,),
    )
    await connection.execute(
        "INSERT INTO public.due (kind, key, due_at, payload, projection, fired_for) "
        "SELECT d.kind, d.key, d.due_at, d.payload, d.projection, f.due_at "
        f"FROM {beside} d LEFT JOIN due_fired f ON (f.kind, f.key, f.due_at) = (d.kind, d.key, d.due_at)"
    )
    await connection.execute(f"TRUNCATE {beside}")
    await connection.execute(f"INSERT INTO {beside} SELECT * FROM {_SWAP}.due")
    await connection.execute(f"DROP TABLE {_SWAP}.due")


async def differences(
    connection: AsyncConnection[Any], projection: AnyProjection, table: str
) -> dict[str, Any]:
    """How many rows only one side has, and some of their keys; in the caller's transaction."""
    columns, where = "t::text AS row", ""
    if table == "due":
        columns = "concat_ws(' ', t.kind, t.key, t.due_at, t.payload) AS row"
        where = sql.SQL(" WHERE t.projection = {}").format(projection.name).as_string(connection)
    name, beside = quote(table), f"{quote(schema_of(projection))}.{quote(table)}"
    sides = {"live": f"public.{name}", "standby": beside}
    found: dict[str, Any] = {"table": table}
    for side, of in sides.items():
        row = await (await connection.execute(f"SELECT count(*) FROM {of} t{where}")).fetchone()
        found[f"{side}_rows"] = row[0] if row else 0
    for side, other in (("live", "standby"), ("standby", "live")):
        this, that = (f"SELECT {columns} FROM {sides[name]} t{where}" for name in (side, other))
        query = f"SELECT count(*) FROM ({this} EXCEPT ALL {that}) d"
        row = await (await connection.execute(query)).fetchone()
        found[f"only_{side}"] = row[0] if row else 0
    return found
