"""The keyring's own database, made and brought up to date by whoever owns it."""

from collections.abc import Mapping
from typing import Any

import psycopg

from shared.kernel.sealing.epochs import EpochKeyUnfit, Epochs
from shared.kernel.sealing.grants import GRANTS, Grant
from shared.kernel.sealing.statements import FUNCTIONS, TABLES

# Any number, the same in every process: two of them never prepare one keyring at once.
_ONE_AT_A_TIME = 4_120_733_907


def role_of(service: str) -> str:
    """The database role that a service logs in with."""
    return f"alongside_{service}"


def prepare(owner_url: str, epochs: Epochs, grants: Mapping[str, Grant] | None = None) -> None:
    """Make the tables, the functions and the first epoch, and carry out the grants (by role); safe to repeat.

    `owner_url` is the database owner's, who alone sees the tables. A service may log in when CONNECT is granted to
    it. Raises EpochKeyMissing and EpochKeyUnfit when the directory is not the one that belongs to this database.
    """
    by_role = grants if grants is not None else {role_of(name): grant for name, grant in GRANTS.items()}
    with psycopg.connect(owner_url) as connection, connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_ONE_AT_A_TIME,))
        connection.execute("SET LOCAL client_min_messages = warning")
        connection.execute(TABLES)
        connection.execute(FUNCTIONS)
        _grant(connection, by_role)
        _begin(connection, epochs)


def _grant(connection: psycopg.Connection[Any], by_role: Mapping[str, Grant]) -> None:
    connection.execute("DELETE FROM grants")
    connection.execute("DELETE FROM destroyers")
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO grants VALUES (%s, %s, %s)",
            [
                (role, keep, keep in grant.makes)
                for role, grant in by_role.items()
                for keep in sorted(grant.reads)
            ],
        )
        cursor.executemany(
            "INSERT INTO destroyers VALUES (%s)",
            [(role,) for role, grant in by_role.items() if grant.destroys],
        )


def _begin(connection: psycopg.Connection[Any], epochs: Epochs) -> None:
    """The first epoch of a new keyring."""
    row = connection.execute("SELECT number, fingerprint FROM epochs WHERE state = 'current'").fetchone()
    if row is not None:
        if epochs.read(row[0]).fingerprint != row[1]:
            raise EpochKeyUnfit(f"the key of epoch {row[0]} belongs to another keyring")
        return
    first = epochs.make(1)
    connection.execute(
        "INSERT INTO epochs (number, state, fingerprint) VALUES (%s, 'current', %s)",
        (first.number, first.fingerprint),
    )
