"""Looking for words everywhere that something is kept: rows and statistics, files, streams."""

from collections.abc import Collection, Iterator
from pathlib import Path

import psycopg
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from psycopg import sql

from deploy.embedded import System
from tests.support.bus import bus_of

_TABLES = """
SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
"""


def in_databases(admin_url: str, words: Collection[str]) -> dict[str, set[str]]:
    """Word -> where it is: every row of every table, byte for byte, and what the planner knows of columns."""
    found: dict[str, set[str]] = {}
    with psycopg.connect(admin_url, autocommit=True) as admin:
        databases = [row[0] for row in admin.execute("SELECT datname FROM pg_database WHERE datallowconn")]
    for database in databases:
        with psycopg.connect(admin_url, dbname=database, autocommit=True) as connection:
            tables = [*connection.execute(_TABLES).fetchall(), ("pg_catalog", "pg_statistic")]
            for schema, table in tables:
                name = f"{database}.{table}" if schema == "public" else f"{database}.{schema}.{table}"
                for word in _words_in(b"".join(_rows(connection, schema, table)), words):
                    found.setdefault(word, set()).add(name)
    return found


def _rows(connection: psycopg.Connection[tuple[object, ...]], schema: str, table: str) -> Iterator[bytes]:
    """As text, which shows days, and as bytes, which shows what is in bytes; statistics travel as text alone."""
    for form in ("text",) if table == "pg_statistic" else ("text", "binary"):
        query = sql.SQL("COPY {} TO STDOUT (FORMAT {})").format(sql.Identifier(schema, table), sql.SQL(form))
        with connection.cursor().copy(query) as copy:
            yield from map(bytes, copy)


def in_files(folder: Path, words: Collection[str]) -> dict[str, set[str]]:
    """Word -> files; but PostgreSQL's own, whose pages and journal are overwritten in their own time."""
    found: dict[str, set[str]] = {}
    for path in folder.rglob("*"):
        inside = path.relative_to(folder)
        if path.is_file() and inside.parts[0] != "postgres":
            for word in _words_in(path.read_bytes(), words):
                found.setdefault(word, set()).add(str(inside))
    return found


async def in_streams(system: System, words: Collection[str]) -> dict[str, set[str]]:
    """Word -> streams: every message of every stream, with its headers."""
    found: dict[str, set[str]] = {}
    client = await bus_of(system, part="canary")
    try:
        js = client.jetstream()
        for stream in await js.streams_info():
            name, left = str(stream.config.name), stream.state.messages
            config = ConsumerConfig(
                deliver_policy=DeliverPolicy.ALL,
                ack_policy=AckPolicy.NONE,
                mem_storage=True,
                inactive_threshold=30,
            )
            pull = await js.pull_subscribe("", stream=name, config=config)
            while left > 0:
                for message in await pull.fetch(min(500, left), timeout=5):
                    left -= 1
                    content = message.data + str(message.headers).encode()
                    for word in _words_in(content, words):
                        found.setdefault(word, set()).add(name)
    finally:
        await client.close()
    return found


def _words_in(content: bytes, words: Collection[str]) -> list[str]:
    return [word for word in words if word.encode() in content]
