"""Writing a history into a service's store in one transaction: facts, claims, head, and where policies begin."""

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from queue import Queue
from tempfile import SpooledTemporaryFile
from typing import IO, Any

import psycopg
from psycopg import Connection, Cursor

from deploy.seed.history import Held, Line

BLOCK = 1 << 20
_ROW = b"\0\5\0\0\0\x10%b\0\0\0\x08%b%b%b%b%b\0\0\0\x08"
_HEADER = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0"
_END = b"\xff\xff"
_COPY = (
    "COPY stored_events (originator_id, originator_version, topic, state, notification_id) "
    "FROM STDIN (FORMAT binary)"
)
_CLAIM_ROW = b"\0\4%b%b\0\0\0\x08%b\0\0\0\x08%b\0\0\0\x10%b"
_EPOCH, _MICROSECOND = datetime(2000, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
_INFINITY = 2**63 - 1
_CLAIMS = "COPY claims (key, since, until, owner) FROM STDIN (FORMAT binary)"


class NotEmpty(Exception):
    """The store has facts already; the message says which."""


def packed(line: Line) -> bytes:
    """The row of a fact in COPY's binary form, but for its position, which comes last."""
    return _ROW % (
        line.stream,
        line.version.to_bytes(8, "big"),
        len(line.topic).to_bytes(4, "big"),
        line.topic,
        len(line.state).to_bytes(4, "big"),
        line.state,
    )


def packed_claim(claim: Held) -> bytes:
    """The row of a claim in COPY's binary form."""
    key = claim.key.encode()
    return _CLAIM_ROW % (
        len(key).to_bytes(4, "big"),
        key,
        _microseconds(claim.since, -_INFINITY - 1),
        _microseconds(claim.until, _INFINITY),
        claim.owner.bytes,
    )


def _microseconds(at: datetime | None, otherwise: int) -> bytes:
    value = otherwise if at is None else (at - _EPOCH) // _MICROSECOND
    return value.to_bytes(8, "big", signed=True)


@dataclass
class Loader:
    """Fills the store of one service, in a thread of its own; `commit` makes it all true at once, or nothing is.

    Nobody else can append meanwhile: the row of the head is locked.
    """

    service: str
    database_url: str
    facts: int = 0
    size: int = 0
    claims: int = 0
    _base: int = 0
    _error: BaseException | None = None
    _kept: IO[bytes] = field(default_factory=lambda: SpooledTemporaryFile(64 << 20))  # noqa: SIM115
    _waiting: "Queue[Sequence[bytes] | None]" = field(default_factory=lambda: Queue(maxsize=4))

    def open(self) -> int:
        """Lock the store; its head."""
        self._connection: Connection[Any] = psycopg.connect(
            self.database_url, application_name="alongside seed"
        )
        self._connection.execute("SET LOCAL lock_timeout = '10s'; SET LOCAL jit = off")
        row = self._connection.execute(
            "SELECT position FROM store_head WHERE name = 'store' FOR UPDATE"
        ).fetchone()
        self._base = int(row[0]) if row else 0
        return self._base

    def begin(self) -> None:
        self._thread = threading.Thread(target=self._copy, name=f"seed {self.service}", daemon=True)
        self._thread.start()

    def take(self, rows: Sequence[bytes]) -> None:
        """The next facts, in order. Waits when too many wait; raises what the database said."""
        if self._error:
            raise self._error
        self._waiting.put(rows)

    @property
    def head(self) -> int:
        """The store's head when it is committed."""
        return self._base + self.facts

    def finish(self) -> None:
        """Returns when every fact has been taken by the database. Raises what it said."""
        self._waiting.put(None)
        self._thread.join()
        if self._error:
            raise self._error

    def _copy(self) -> None:
        try:
            with self._connection.cursor().copy(_COPY) as copy:
                copy.write(_HEADER)
                while (rows := self._waiting.get()) is not None:
                    for block in self._blocks(rows):
                        copy.write(block)
                copy.write(_END)
        except BaseException as error:
            self._error = error
            while self._waiting.get() is not None:  # whoever feeds us must not wait for ever
                pass

    def _blocks(self, rows: Sequence[bytes]) -> Iterable[bytes]:
        parts: list[bytes] = []
        position, size = self.head, 0
        for row in rows:
            position += 1
            parts += (row, position.to_bytes(8, "big"))
            size += len(row)
            if size >= BLOCK:
                yield b"".join(parts)
                self.size += size
                parts, size = [], 0
        yield b"".join(parts)
        self.size += size
        self.facts += len(rows)

    def keep(self, claims: Sequence[bytes]) -> None:
        """Claims that will not change any more; written by `hold`."""
        self.claims += len(claims)
        self._kept.writelines(claims)

    def hold(self) -> None:
        """Write the claims; after `finish`."""
        self._kept.seek(0)
        with self._connection.cursor().copy(_CLAIMS) as copy:
            copy.write(_HEADER)
            while block := self._kept.read(BLOCK):
                copy.write(block)
            copy.write(_END)

    def skip(self, listeners: Iterable[tuple[str, str]], heads: Mapping[str, int]) -> None:
        """Policies and effects begin after the seeded facts, whose consequences are among the facts."""
        begin_after(self._connection.cursor(), listeners, heads)

    def commit(self) -> None:
        """Everything is there from now on, and who waits for facts is told."""
        self._connection.execute("UPDATE store_head SET position = %s WHERE name = 'store'", (self.head,))
        self._connection.execute("SELECT pg_notify('alongside_store', %s)", (str(self.head),))
        self._connection.commit()

    def close(self) -> None:
        """Whatever was not committed is gone."""
        self._kept.close()
        self._connection.close()


def begin_after(cursor: Cursor[Any], listeners: Iterable[tuple[str, str]], heads: Mapping[str, int]) -> None:
    """Set the checkpoints of these (listener, source) to the heads of their sources, never back."""
    cursor.executemany(
        "INSERT INTO checkpoints (projection, source, position) VALUES (%s, %s, %s) "
        "ON CONFLICT (projection, source) DO UPDATE "
        "SET position = greatest(checkpoints.position, excluded.position), updated_at = now()",
        [(name, source, heads[source]) for name, source in listeners if source in heads],
    )
