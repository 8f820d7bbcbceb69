"""What every keyring does, whichever it is: the one of a system and the one that tests of services are given."""

from collections.abc import AsyncIterator, Callable
from uuid import UUID, uuid4

import pytest

from shared.contracts.words.privacy import Unreadable
from shared.kernel.sealing.derived import DerivedKeyring
from shared.kernel.sealing.keyring import KeyRef, Keyring, KeyringUnavailable, SubjectErased
from shared.kernel.sealing.postgres import PostgresKeyring
from tests.kernel.sealing.conftest import Ring

MAKERS: dict[str, Callable[[Ring], Keyring]] = {
    "postgres": lambda ring: ring.keyring(),
    "derived": lambda ring: DerivedKeyring(b"a secret of tests"),
}
SILENT: dict[str, Callable[[Ring], Keyring]] = {
    "postgres": lambda ring: PostgresKeyring("postgresql://x:y@127.0.0.1:1/z", ring.folder),
    "derived": lambda ring: DerivedKeyring(b"a secret of tests", silent=True),
}


@pytest.fixture(params=MAKERS)
async def port(request: pytest.FixtureRequest, ring: Ring) -> AsyncIterator[Keyring]:
    found = MAKERS[request.param](ring)
    yield found
    await found.close()


async def test_one_key_for_each_person_and_class(port: Keyring, ada: UUID) -> None:
    refs = [KeyRef(ada, "profile"), KeyRef(ada, "casework"), KeyRef(uuid4(), "profile")]
    made = await port.make(refs)
    assert {len(key) for key in made.values()} == {32}
    assert len(set(made.values())) == 3
    assert await port.make(refs) == made == await port.keys(refs)
    assert await port.check()


async def test_what_is_destroyed_is_erased_and_never_made_again(port: Keyring, ada: UUID) -> None:
    gone, kept = KeyRef(ada, "profile"), KeyRef(ada, "casework")
    made = await port.make([gone, kept])
    assert (await port.destroy(ada, ["profile"])).destroyed == {"profile"}
    assert (await port.destroy(ada, ["profile"])).already == {"profile"}
    assert await port.keys([gone, kept]) == {gone: Unreadable.ERASED, kept: made[kept]}
    assert gone in await port.tombstones()
    assert kept not in await port.tombstones()
    with pytest.raises(SubjectErased) as erased:
        await port.make([gone, kept])
    assert erased.value.refs == {gone}


@pytest.mark.parametrize("name", SILENT)
async def test_one_that_does_not_answer_says_so(name: str, ring: Ring, ada: UUID) -> None:
    port, refs = SILENT[name](ring), [KeyRef(ada, "profile")]
    for asked in (
        port.keys(refs),
        port.make(refs),
        port.destroy(ada, ["profile"]),
        port.tombstones(),
        port.check(),
    ):
        with pytest.raises(KeyringUnavailable):
            await asked
    await port.close()
