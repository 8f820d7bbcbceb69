"""The eventsourcing library's PostgreSQL recorder on our terms: its table, our numbering."""

from collections.abc import Sequence
from typing import Any

from eventsourcing.persistence import IntegrityError
from eventsourcing.persistence import StoredEvent as LibraryEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.conninfo import conninfo_to_dict

from shared.kernel.store.schema import APPEND, TABLES

_NONE = "'{}'"
_INSERT = f"""
SELECT head, stale FROM alongside_append(
    %(streams)s::uuid[], %(expected)s::bigint[],
    %(commands)s::int[], %(versions)s::bigint[], %(topics)s::text[], %(states)s::bytea[],
    {", ".join([_NONE] * 13)})
"""


class Recorder(PostgresApplicationRecorder):
    """Makes the store's tables, and lets any application of the library write to the same dense log."""

    @classmethod
    def open(cls, database_url: str) -> "Recorder":
        """A recorder on this database. Close it with `recorder.datastore.close()`."""
        parts = conninfo_to_dict(database_url)
        datastore = PostgresDatastore(
            dbname=str(parts.get("dbname", "postgres")),
            host=str(parts.get("host", "")),
            port=str(parts.get("port", 5432)),
            user=str(parts.get("user", "postgres")),
            password=str(parts.get("password", "")),
        )
        return cls(datastore)

    def create_table(self) -> None:
        """The library's table and ours; safe to repeat."""
        super().create_table()
        with self.datastore.transaction(commit=True) as cursor:
            cursor.execute(TABLES, prepare=False)
            cursor.execute(APPEND, prepare=False)

    def insert_events(self, stored_events: Sequence[LibraryEvent], **_: Any) -> Sequence[int]:
        """All of these events or none. Raises IntegrityError when a stream has moved on.

        The library's own retry is left out on purpose: after a lost acknowledgement it reports a conflict for
        events that were stored.
        """
        first: dict[Any, int] = {}
        for event in stored_events:
            first.setdefault(event.originator_id, event.originator_version - 1)
        number = {stream: n for n, stream in enumerate(first, start=1)}
        with self.datastore.get_connection() as connection, connection.transaction():
            row = connection.execute(
                _INSERT,
                {
                    "streams": list(first),
                    "expected": list(first.values()),
                    "commands": [number[event.originator_id] for event in stored_events],
                    "versions": [event.originator_version for event in stored_events],
                    "topics": [event.topic for event in stored_events],
                    "states": [event.state for event in stored_events],
                },
            ).fetchone()
            assert row is not None
            if row["stale"]:
                raise IntegrityError("a stream has moved on")
        return range(row["head"] + 1, row["head"] + 1 + len(stored_events))
