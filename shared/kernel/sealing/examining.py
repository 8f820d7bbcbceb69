"""What an operator is told of a keyring: its epochs and how far erasures hold, and whether it is whole."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

from shared.kernel.sealing.epochs import EpochKeyMissing, EpochKeyUnfit, Epochs
from shared.kernel.sealing.keyring import KeyRef
from shared.kernel.sealing.wrapping import NotUnwrapped, unwrap

MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Epoch:
    """One epoch; `keys` are wrapped by it now."""

    number: int
    state: str
    made_at: datetime
    destroyed_at: datetime | None
    keys: int


@dataclass(frozen=True, slots=True)
class Status:
    """`horizon`: what was destroyed before it can't be had from a backup either. `beyond` was destroyed since."""

    epochs: tuple[Epoch, ...]
    keys: Mapping[str, int]
    tombstones: int
    horizon: datetime
    beyond: int

    @property
    def unfinished(self) -> bool:
        """Whether a rotation was begun and not brought to its end."""
        return any(epoch.state == "retiring" for epoch in self.epochs)


def status(owner_url: str) -> Status:
    """How the keyring stands."""
    with psycopg.connect(owner_url) as connection:
        epochs = tuple(Epoch(*row) for row in connection.execute(_EPOCHS))
        keys: dict[str, int] = dict(connection.execute(_BY_CLASS).fetchall())
        horizon = min(epoch.made_at for epoch in epochs if epoch.state != "destroyed")
        row = connection.execute(
            "SELECT count(*), count(*) FILTER (WHERE destroyed_at >= %s) FROM tombstones", (horizon,)
        ).fetchone()
        tombstones, beyond = row or (0, 0)
        return Status(epochs, keys, tombstones, horizon, beyond)


def verify(owner_url: str, epochs: Epochs) -> tuple[int, list[str]]:
    """How many keys were unwrapped, and everything that is wrong with the keyring; nothing is changed."""
    with psycopg.connect(owner_url) as connection, connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        findings = list(_epochs_wrong(connection, epochs))
        good, damaged = _unwrapped(connection, epochs)
        findings += damaged
        findings += _count_wrong(connection)
    return good, findings


_BY_CLASS = "SELECT keep, count(*) FROM data_keys GROUP BY keep ORDER BY keep"
_EPOCHS = """
SELECT number, state, made_at, destroyed_at, (SELECT count(*) FROM data_keys WHERE epoch = number)
FROM epochs ORDER BY number
"""


def _epochs_wrong(connection: psycopg.Connection[Any], epochs: Epochs) -> Iterator[str]:
    for number, state, fingerprint in connection.execute(
        "SELECT number, state, fingerprint FROM epochs ORDER BY 1"
    ):
        try:
            key = epochs.read(number)
        except EpochKeyMissing:
            if state != "destroyed":
                yield f"epoch {number}: its key is missing; this database may be older than its directory"
        except EpochKeyUnfit as unfit:
            yield f"epoch {number}: {unfit}"
        else:
            if state == "destroyed":
                yield f"epoch {number}: its key was destroyed and is back; remove it, it opens what was erased"
            elif key.fingerprint != fingerprint:
                yield f"epoch {number}: its key belongs to another keyring"


def _unwrapped(connection: psycopg.Connection[Any], epochs: Epochs) -> tuple[int, list[str]]:
    good, damaged = 0, []
    with connection.cursor(name="keys") as cursor:
        cursor.itersize = 5_000
        for subject_id, keep, epoch, wrapped in cursor.execute(
            "SELECT subject_id, keep, epoch, wrapped FROM data_keys ORDER BY subject_id, keep"
        ):
            try:
                unwrap(epochs.read(epoch).key, KeyRef(subject_id, keep), wrapped)
                good += 1
            except (EpochKeyMissing, EpochKeyUnfit):
                damaged.append(f"key of {subject_id} for {keep}: the key of epoch {epoch} can't be had")
            except NotUnwrapped as why:
                damaged.append(f"key of {subject_id} for {keep}: {why}")
    more = len(damaged) - MOST_NAMED
    return good, damaged[:MOST_NAMED] + ([f"{more} keys more can't be unwrapped"] if more > 0 else [])


def _count_wrong(connection: psycopg.Connection[Any]) -> Iterator[str]:
    row = connection.execute(
        "SELECT made - destroyed, (SELECT count(*) FROM data_keys) FROM tally"
    ).fetchone()
    if row is None:
        yield "there is no tally of keys"
    elif row[0] != row[1]:
        yield f"{row[0]} keys must be there, {row[1]} are: rows came or went without a command"
    back = connection.execute(
        "SELECT count(*) FROM data_keys JOIN tombstones USING (subject_id, keep)"
    ).fetchone()
    if back and back[0]:
        yield f"{back[0]} keys that were destroyed are back: carry out the erasures of the ledger again"
