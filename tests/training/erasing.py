"""A mentor is erased: first the keys, then the service hears of it and forgets."""

from datetime import UTC, datetime

from shared.contracts.audit.erasure import KeysDestroyed
from shared.kernel.sealing.derived import DerivedKeyring
from shared.kernel.sealing.sealer import Sealer
from tests.support.examples import example
from tests.support.people import MENTOR
from tests.support.served import SECRET, Served


def own_keys() -> tuple[DerivedKeyring, Sealer]:
    """A keyring that opens what others sealed, and whose destroyed keys are gone in this test alone."""
    keyring = DerivedKeyring(SECRET)
    return keyring, Sealer(keyring)


async def erase(training: Served, keyring: DerivedKeyring, sealer: Sealer) -> None:
    """What is kept of the mentor's employment, as audit orders it."""
    await keyring.destroy(MENTOR, ["employment"])
    sealer.forget(MENTOR)
    told = {"child_id": None, "mentor_id": MENTOR, "recipient_ids": (), "classes": ("employment",)}
    order = example(KeysDestroyed).model_copy(update={**told, "ordered_at": datetime(2026, 1, 6, tzinfo=UTC)})
    await training.hear("audit", order)
