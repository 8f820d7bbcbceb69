"""Rows changed behind everybody's back, as the superuser of a development system; and put back."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from services.audit.bundle.tampering.taking_apart import Unfit

KEPT = "tampered.json"

Row = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """One row as it was and as it is made: None when there is none. Bytes are written `\\x...`, as PostgreSQL does."""

    service: str
    table: str
    before: Row | None
    after: Row | None

    @property
    def undone(self) -> "Change":
        return Change(self.service, self.table, self.after, self.before)


@dataclass(frozen=True)
class Databases:
    """All databases of a system, as its superuser."""

    superuser: str

    @classmethod
    def running(cls, data: Path) -> "Databases":
        """Of the development system on this directory. Raises Unfit when none runs there."""
        try:
            described = json.loads((data / "run.json").read_bytes())
            return cls(described["postgres_url"])
        except (OSError, ValueError, KeyError, TypeError):
            raise Unfit(f"nothing runs on {data}; only a development system can be tampered with") from None

    def connect(self, service: str) -> "psycopg.Connection[tuple[Any, ...]]":
        return psycopg.connect(make_conninfo(self.superuser, dbname=f"alongside_{service}"), autocommit=True)

    def rows(self, service: str, table: str, where: str, *values: object) -> list[Row]:
        """Whole rows; `where` may go on with ORDER BY and LIMIT."""
        asked = f"SELECT to_jsonb({table}) FROM {table} WHERE {where}"
        with self.connect(service) as connection:
            return [row[0] for row in connection.execute(asked.encode(), values)]

    def row(self, service: str, table: str, where: str, *values: object) -> Row:
        """The first one. Raises Unfit when there is none."""
        found = self.rows(service, table, where, *values)
        if not found:
            raise Unfit(f"there is nothing in {service}'s {table} to tamper with yet")
        return found[0]

    def carry_out(self, changes: Iterable[Change]) -> None:
        """All of one database in one transaction; rows that go are gone before others come."""
        changes = list(changes)
        for service in dict.fromkeys(change.service for change in changes):
            mine = [change for change in changes if change.service == service]
            with self.connect(service) as connection, connection.transaction():
                # Stored facts are guarded by a trigger; a superuser goes past it.
                connection.execute("SET LOCAL session_replication_role = replica")
                for change in mine:
                    if change.before is not None:
                        _delete(connection, change.table, change.before)
                for change in mine:
                    if change.after is not None:
                        _insert(connection, change.table, change.after)


def _delete(connection: psycopg.Connection[Any], table: str, row: Row) -> None:
    gone = sql.SQL("DELETE FROM {t} WHERE {t} = jsonb_populate_record(NULL::{t}, %s::jsonb)")
    connection.execute(gone.format(t=sql.Identifier(table)), [json.dumps(row)])


def _insert(connection: psycopg.Connection[Any], table: str, row: Row) -> None:
    here = sql.SQL("INSERT INTO {t} SELECT * FROM jsonb_populate_record(NULL::{t}, %s::jsonb)")
    connection.execute(here.format(t=sql.Identifier(table)), [json.dumps(row)])


def bytes_in(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("\\x"))


def written(content: bytes) -> str:
    return f"\\x{content.hex()}"


def keep(data: Path, changes: Iterable[Change]) -> None:
    """Remember how to put back what was changed, beside what is to be put back already."""
    kept = [*(asdict(change) for change in kept_in(data)), *(asdict(change) for change in changes)]
    (data / KEPT).write_text(json.dumps(kept))


def kept_in(data: Path) -> list[Change]:
    try:
        found: list[Mapping[str, Any]] = json.loads((data / KEPT).read_text())
    except FileNotFoundError:
        return []
    return [Change(**one) for one in found]


def put_back(databases: Databases, data: Path) -> int:
    """Undo everything, the last first; how many rows."""
    changes = kept_in(data)
    databases.carry_out(change.undone for change in reversed(changes))
    (data / KEPT).unlink(missing_ok=True)
    return len(changes)
