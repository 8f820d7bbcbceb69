"""From one epoch to the next: every live key is wrapped anew, then the old epoch's key is destroyed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg

from shared.kernel.sealing.epochs import EpochKey, Epochs
from shared.kernel.sealing.keyring import KeyRef
from shared.kernel.sealing.wrapping import NotUnwrapped, unwrap, wrap

BATCH = 1_000
# Any number, the same in every process: one rotation at a time.
_ONE_AT_A_TIME = 4_120_733_908

_NEXT = """
SELECT subject_id, keep, epoch, wrapped FROM data_keys
WHERE epoch < %s AND (subject_id, keep) > (%s, %s) ORDER BY subject_id, keep LIMIT %s FOR UPDATE
"""
_REPLACE = """
UPDATE data_keys k SET epoch = %s, wrapped = new.wrapped
FROM unnest(%s::uuid[], %s::text[], %s::bytea[]) AS new(subject_id, keep, wrapped)
WHERE k.subject_id = new.subject_id AND k.keep = new.keep
"""

Step = Callable[[str], None]
"""Told of each step when it is done and durable; a rotation may die after any of them and be begun again."""


class RotationUnderWay(Exception):
    """Another process is at it."""


class KeysDamaged(Exception):
    """Some keys can't be unwrapped, so the old epoch's key was kept; the message says how many."""


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a rotation did: the epoch now current, keys wrapped anew by this run, epochs whose keys it destroyed."""

    epoch: int
    wrapped: int
    destroyed: tuple[int, ...]


def rotate(owner_url: str, epochs: Epochs, done: Step = lambda step: None, batch: int = BATCH) -> Rotated:
    """Begin a new epoch, or finish one that an earlier run began, while services read and write.

    Raises RotationUnderWay, KeysDamaged, and EpochKeyMissing when this database is older than its directory (a backup
    was restored): then nothing is changed.
    """
    with _alone(owner_url) as connection:
        current = _begin(connection, epochs, done)
        wrapped, damaged = _wrap_anew(connection, epochs, current, done, batch)
        if damaged:
            raise KeysDamaged(
                f"{damaged} keys can't be unwrapped, so the old epoch's key stays."
                " './alongside keyring verify' names them: restore those rows or erase them, then rotate again"
            )
        connection.execute("VACUUM data_keys")
        return Rotated(current.number, wrapped, tuple(_destroy_old(connection, epochs, done)))


@contextmanager
def _alone(owner_url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(owner_url, autocommit=True) as connection:
        row = connection.execute("SELECT pg_try_advisory_lock(%s)", (_ONE_AT_A_TIME,)).fetchone()
        if row is None or not row[0]:
            raise RotationUnderWay("another rotation of this keyring is under way")
        yield connection


def _begin(connection: psycopg.Connection[Any], epochs: Epochs, done: Step) -> EpochKey:
    """The epoch to wrap with: a new one, unless an earlier run left one that is not finished."""
    live = connection.execute("SELECT number, state FROM epochs WHERE state <> 'destroyed'").fetchall()
    current = next(number for number, state in live if state == "current")
    wrapping = connection.execute("SELECT DISTINCT epoch FROM data_keys").fetchall()
    for number in {current, *(number for (number,) in wrapping)}:
        epochs.read(number)  # what can't be unwrapped can't be wrapped anew
    if len(live) > 1:
        return epochs.read(current)
    key = epochs.make(current + 1)
    done("key made")
    with connection.transaction():
        # Makers of keys share this row meanwhile: after the commit none of them can still wrap with the old key.
        connection.execute("SELECT FROM gate FOR UPDATE")
        connection.execute("UPDATE epochs SET state = 'retiring' WHERE state = 'current'")
        connection.execute(
            "INSERT INTO epochs (number, state, fingerprint) VALUES (%s, 'current', %s)",
            (key.number, key.fingerprint),
        )
    done("epoch begun")
    return key


def _wrap_anew(
    connection: psycopg.Connection[Any], epochs: Epochs, to: EpochKey, done: Step, batch: int
) -> tuple[int, int]:
    """How many keys were wrapped anew, and how many can't be."""
    wrapped = damaged = 0
    after: tuple[UUID, str] = (UUID(int=0), "")
    while True:
        with connection.transaction():
            rows = connection.execute(_NEXT, (to.number, *after, batch)).fetchall()
            found = []
            for subject_id, keep, epoch, old in rows:
                after, ref = (subject_id, keep), KeyRef(subject_id, keep)
                try:
                    found.append((ref, wrap(to.key, ref, unwrap(epochs.read(epoch).key, ref, old))))
                except NotUnwrapped:
                    damaged += 1
            connection.execute(
                _REPLACE,
                (
                    to.number,
                    [ref.subject_id for ref, _ in found],
                    [ref.keep for ref, _ in found],
                    [new for _, new in found],
                ),
            )
        wrapped += len(found)
        if not rows:
            return wrapped, damaged
        done("batch wrapped")


def _destroy_old(connection: psycopg.Connection[Any], epochs: Epochs, done: Step) -> Iterator[int]:
    """Destroy the keys of epochs that wrap nothing any more: the file first, then it is said."""
    retiring = connection.execute(
        "SELECT number FROM epochs WHERE state = 'retiring' ORDER BY number"
    ).fetchall()
    for (number,) in retiring:
        left = connection.execute("SELECT count(*) FROM data_keys WHERE epoch = %s", (number,)).fetchone()
        if left is None or left[0]:
            raise KeysDamaged(f"{left and left[0]} keys are still wrapped by epoch {number}")
        epochs.destroy(number)
        done("key destroyed")
        connection.execute(
            "UPDATE epochs SET state = 'destroyed', destroyed_at = clock_timestamp() WHERE number = %s",
            (number,),
        )
        done("epoch over")
        yield number
