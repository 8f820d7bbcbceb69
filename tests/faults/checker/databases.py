"""One service's database, as SQL shows it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import psycopg
from psycopg.rows import dict_row


@dataclass(frozen=True)
class Stored:
    """A row of the event store, with its bytes."""

    position: int
    stream: str
    version: int
    topic: str
    state: bytes

    @cached_property
    def event(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.state)
        return found

    @cached_property
    def data(self) -> dict[str, Any]:
        found = self.event["data"]
        return found if isinstance(found, dict) else {}

    @property
    def id(self) -> str:
        return str(self.event["id"])

    @property
    def cause(self) -> str:
        return str(self.event["causationid"])

    @property
    def actor(self) -> str:
        return str(self.event["actor"])

    @property
    def time(self) -> str:
        return str(self.event["time"])


@dataclass(frozen=True)
class Kept:
    """What a service's database holds. Rows are dicts by column; `now` is the service's own time."""

    head: int
    now: Any
    facts: Sequence[Stored]
    requests: dict[str, dict[str, Any]]
    checkpoints: Sequence[dict[str, Any]]
    parked: Sequence[dict[str, Any]]
    discarded: Sequence[dict[str, Any]]
    due: Sequence[dict[str, Any]]
    due_fired: Sequence[dict[str, Any]]
    claims: Sequence[dict[str, Any]]
    url: str

    def parked_at(self, listener: str, source: str) -> set[int]:
        """Positions that this listener has set aside, or that somebody gave up."""
        return {
            row["position"]
            for row in (*self.parked, *self.discarded)
            if (row["projection"], row["source"]) == (listener, source)
        }

    def rows(self, table: str, columns: str = "*") -> list[dict[str, Any]]:
        """Rows of a read-model table."""
        with psycopg.connect(self.url, row_factory=dict_row) as connection:
            return connection.execute(f"SELECT {columns} FROM public.{table}").fetchall()


def read_database(url: str) -> Kept:
    """Read it in one snapshot."""
    with psycopg.connect(url, row_factory=dict_row) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ

        def rows(query: str) -> list[dict[str, Any]]:
            return connection.execute(query).fetchall()

        facts = [
            Stored(row["notification_id"], str(row["originator_id"]), row["originator_version"], row["topic"],
                   bytes(row["state"]))
            for row in rows("SELECT * FROM stored_events ORDER BY notification_id")
        ]  # fmt: skip
        (now,) = rows("SELECT now() + coalesce((SELECT ahead FROM clock), interval '0') AS now")
        (head,) = rows("SELECT position FROM store_head WHERE name = 'store'")
        return Kept(
            head=head["position"],
            now=now["now"],
            facts=facts,
            requests={row["key"]: row for row in rows("SELECT * FROM requests")},
            checkpoints=rows("SELECT * FROM checkpoints"),
            parked=rows("SELECT * FROM parked"),
            discarded=rows("SELECT * FROM discarded"),
            due=rows("SELECT * FROM due"),
            due_fired=rows("SELECT * FROM due_fired"),
            claims=rows("SELECT key, since::text, until::text, owner::text FROM claims"),
            url=url,
        )
