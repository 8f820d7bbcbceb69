"""The fence before a service: nothing is served from a database, or with a keyring, that is older than an erasure."""

import sys

import structlog
from psycopg import AsyncConnection

from shared.kernel.erasure.erased import Part
from shared.kernel.erasure.forgetting import NOBODY, Forgetter, Order
from shared.kernel.sealing.keyring import Keyring

REFUSED = 5

log = structlog.get_logger(__name__)


class KeyringIsOlder(Exception):
    """The keyring has keys that were destroyed: it was restored from a backup taken before."""

    def __init__(self, parts: int) -> None:
        super().__init__(
            f"refused to start: the keyring is older than the list of erasures. It does not know that {parts} "
            f"part(s) of people's records are erased. Run ./alongside erasure replay, then start again"
        )


async def assert_not_older(forgetter: Forgetter, keyring: Keyring) -> int:
    """Forget what the keyring knows to be erased and this database does not; how many parts that were.

    Two copies of one list, in two databases: whichever was restored from a backup is found out by the other.
    Raises KeyringIsOlder when it is the keyring, KeyringUnavailable when it does not answer.
    """
    async with await AsyncConnection.connect(forgetter.database_url, autocommit=True) as connection:
        await forgetter.erased.load(connection)
    stones = {Part(*ref): at for ref, at in (await keyring.tombstones()).items()}
    if unknown := forgetter.erased.parts() - stones.keys():
        raise KeyringIsOlder(len(unknown))
    behind = stones.keys() - forgetter.erased.parts()
    for keep in sorted({part.keep for part in behind}):
        parts = tuple(part for part in behind if part.keep == keep)
        await forgetter.forget(Order(NOBODY, 0, parts, max(stones[part] for part in parts)))
    if behind:
        log.warning("this database was older than the keyring: forgotten again", parts=len(behind))
    return len(behind)


def refuse(why: Exception) -> None:
    """End the process with the reason as its last word. It exits 5."""
    print(why, file=sys.stderr, flush=True)
    raise SystemExit(REFUSED)
