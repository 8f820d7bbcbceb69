"""This run's own PostgreSQL and nats-server, in a directory that goes away afterwards."""

import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from deploy import ports
from deploy.engines.nats import Nats
from deploy.engines.postgres import Postgres
from deploy.processes import stop, stop_leftovers

STOP_SECONDS = 20


@dataclass(frozen=True)
class Engines:
    """Where the engines of this run answer; `postgres_url` is the superuser's, of the database `postgres`."""

    directory: Path
    postgres_url: str
    nats_url: str

    def database_url(self, database: str) -> str:
        return f"{self.postgres_url.rpartition('/')[0]}/{database}"

    def create_database(self, database: str) -> None:
        with psycopg.connect(self.postgres_url, autocommit=True) as connection:
            connection.execute(
                sql.SQL("create database {} template template0").format(sql.Identifier(database))
            )

    def drop_database(self, database: str) -> None:
        with psycopg.connect(self.postgres_url, autocommit=True) as connection:
            connection.execute(
                sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(database))
            )


@contextmanager
def engines(parent: Path | None = None) -> Iterator[Engines]:
    """Both engines, running; stopped and their directory removed on the way out."""
    directory = Path(tempfile.mkdtemp(prefix="alongside-bench-", dir=parent)).resolve()
    chosen = ports.free(["postgres", "nats", "nats-monitor"])
    postgres = Postgres(directory, chosen["postgres"], secrets.token_hex(8))
    nats = Nats(directory, chosen["nats"], chosen["nats-monitor"])
    try:
        postgres.start()
        nats.start()
        yield Engines(directory, postgres.url, nats.url)
    finally:
        stop([nats.child, postgres.child], time.monotonic() + STOP_SECONDS)
        stop_leftovers(directory)
        shutil.rmtree(directory, ignore_errors=True)
