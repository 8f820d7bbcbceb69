"""The data keys of a seeded agency, put into the keyring in bulk."""

import asyncio
from collections.abc import Collection

from deploy.seed.agency import Agency
from shared.kernel.sealing.keyring import KeyRef
from shared.kernel.sealing.postgres import PostgresKeyring
from shared.kernel.sealing.reaching import KeyringAt

PATIENCE = 60.0


class NotOurs(Exception):
    """The keyring has another key of one of these people: what was told can't be opened with it."""


def keep_keys(at: KeyringAt, agency: Agency, refs: Collection[KeyRef]) -> int:
    """Put the keys in that this agency's facts are sealed with; those that are there already stay. How many.

    Raises NotOurs, and what the keyring raises; SubjectErased when somebody of this seed was erased here.
    """

    async def keep() -> None:
        keyring = PostgresKeyring(at.url, at.epoch_keys, PATIENCE, agency.key)
        try:
            for ref, key in (await keyring.make(sorted(refs))).items():
                if key != agency.key(ref):
                    raise NotOurs(f"the keyring has another key of {ref.subject_id} ({ref.keep})")
        finally:
            await keyring.close()

    asyncio.run(keep())
    return len(refs)
