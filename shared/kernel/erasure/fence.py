"""The fence before a service: nothing is served from a database, or with a keyring, that is older than an erasure."""

import sys
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

import structlog
from psycopg import AsyncConnection

from shared.contracts.words.privacy import Unreadable
from shared.kernel.erasure.erased import Part
from shared.kernel.erasure.forgetting import Forgetter, Order
from shared.kernel.sealing.keyring import KeyRef, Keyring

REFUSED = 5
NOBODY = UUID(int=0)
"""The erasure of what is replayed from the keyring, which knows whose keys are gone and not by which order."""

log = structlog.get_logger(__name__)


class KeyringIsOlder(Exception):
    """The keyring has keys that were destroyed: it was restored from a backup taken before."""

    def __init__(self, parts: int) -> None:
        super().__init__(
            f"refused to start: the keyring is older than the list of erasures. It does not know that {parts} "
            f"part(s) of people's records are erased. Run ./alongside erasure replay, then start again"
        )


@dataclass(frozen=True, slots=True)
class Tombstone:
    """The keyring's word that there is no key of this part, and never will be."""

    part: Part
    destroyed_at: datetime


class Tombstones(Keyring, Protocol):
    """A keyring that tells what it has destroyed."""

    async def tombstones(self) -> list[Tombstone]: ...


async def assert_not_older(forgetter: Forgetter, keyring: Tombstones) -> int:
    """Forget what the keyring knows to be erased and this database does not; how many parts that were.

    Two copies of one list, in two databases: whichever was restored from a backup is found out by the other.
    Raises KeyringIsOlder when it is the keyring, KeyringUnavailable when it does not answer.
    """
    async with await AsyncConnection.connect(forgetter.database_url, autocommit=True) as connection:
        await forgetter.erased.load(connection)
    stones = {stone.part: stone for stone in await keyring.tombstones()}
    if unknown := forgetter.erased.parts() - stones.keys():
        raise KeyringIsOlder(len(unknown))
    behind = stones.keys() - forgetter.erased.parts()
    for part in sorted(behind):
        await forgetter.forget(Order(NOBODY, 0, (part,), stones[part].destroyed_at))
    if behind:
        log.warning("this database was older than the keyring: forgotten again", parts=len(behind))
    return len(behind)


async def still_there(keyring: Keyring, order: Order) -> bool:
    """Whether the keyring has a key, or would make one, of what an order names: then it was restored since."""
    found = await keyring.keys([KeyRef(*part) for part in order.parts])
    return any(key not in (Unreadable.ERASED, Unreadable.WITHHELD) for key in found.values())


def refuse(why: Exception) -> None:
    """End the process with the reason as its last word. It exits 5."""
    print(why, file=sys.stderr, flush=True)
    raise SystemExit(REFUSED)
