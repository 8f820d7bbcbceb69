"""After a keyring was restored from a backup: what the records say was destroyed is destroyed again."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from psycopg import AsyncConnection
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from shared.contracts.audit.erasure import KeysDestroyed
from shared.contracts.fact import contract_of
from shared.kernel.envelope import fact_in
from shared.kernel.erasure.forgetting import Order
from shared.kernel.sealing.postgres import PostgresKeyring


@dataclass(frozen=True, slots=True)
class Place:
    """Audit's database, and the keyring as audit's role may enter it."""

    database_url: str
    keyring_url: str
    epoch_keys: Path


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many erasures were gone through, keys destroyed, and parts that were destroyed already."""

    erasures: int
    destroyed: int
    already: int


def place(data: Path) -> Place | None:
    """From the environment, else from the running system's description; services need not run for it."""
    named = [os.environ.get(f"ALONGSIDE_{name}") for name in ("DATABASE_URL", "KEYRING_URL", "EPOCH_KEYS")]
    if named[0] and named[1] and named[2]:
        return Place(named[0], named[1], Path(named[2]))
    try:
        described = json.loads((data / "run.json").read_bytes())
        database = str(described["services"]["audit"]["database_url"])
        keyring = conninfo_to_dict(str(described["keyring_url"]))
        as_audit = make_conninfo(database, dbname=str(keyring["dbname"]))
        return Place(database, as_audit, Path(described["epoch_keys"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


async def replay(at: Place) -> Replayed:
    """Safe to repeat. Raises KeyringUnavailable, and what PostgreSQL raises."""
    keyring = PostgresKeyring(at.keyring_url, at.epoch_keys)
    erasures = destroyed = already = 0
    try:
        for order in await orders(at.database_url):
            erasures += 1
            for person in dict.fromkeys(part.subject_id for part in order.parts):
                classes = [part.keep for part in order.parts if part.subject_id == person]
                found = await keyring.destroy(person, classes)
                destroyed, already = destroyed + len(found.destroyed), already + len(found.already)
    finally:
        await keyring.close()
    return Replayed(erasures, destroyed, already)


async def orders(database_url: str) -> list[Order]:
    """Every erasure whose keys were destroyed, from the store whose facts the ledger proves."""
    query = "SELECT notification_id, state FROM stored_events WHERE topic = %s ORDER BY notification_id"
    async with await AsyncConnection.connect(database_url, autocommit=True) as connection:
        rows = await (await connection.execute(query, (contract_of(KeysDestroyed).topic,))).fetchall()
    found = []
    for position, state in rows:
        fact = fact_in(state)
        assert isinstance(fact, KeysDestroyed)
        found.append(Order.of(fact, position))
    return found
