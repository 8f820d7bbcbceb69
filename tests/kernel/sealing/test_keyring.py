"""The keyring: one key for each person and class, made once, destroyed for good, and never confused with damage."""

import asyncio
from uuid import UUID, uuid4

import psycopg
import pytest

from shared.contracts.words.privacy import Unreadable
from shared.kernel.sealing.epochs import EpochKeyMissing, EpochKeyUnfit
from shared.kernel.sealing.keyring import KeyRef, KeyringUnavailable, NotGranted, SubjectErased
from shared.kernel.sealing.postgres import PostgresKeyring
from shared.kernel.sealing.schema import prepare
from tests.kernel.sealing.conftest import GRANTS, Ring
from tests.support.keys import folder_of_epochs


async def test_a_key_is_made_once_and_found_again(keyring: PostgresKeyring, ada: UUID) -> None:
    profile, casework = KeyRef(ada, "profile"), KeyRef(ada, "casework")
    made = await keyring.make([profile, casework])
    assert len(made[profile]) == 32
    assert made[profile] != made[casework]
    assert await keyring.make([casework, profile]) == made
    assert await keyring.keys([profile, casework]) == made


async def test_thirty_two_makers_of_one_key_get_the_same(ring: Ring, ada: UUID) -> None:
    makers = [ring.keyring() for _ in range(32)]
    found = await asyncio.gather(*(maker.make([KeyRef(ada, "profile")]) for maker in makers))
    await asyncio.gather(*(maker.close() for maker in makers))
    assert len({made[KeyRef(ada, "profile")] for made in found}) == 1
    assert ring.keys_of(ada) == 1
    assert ring.sql("SELECT made - destroyed = (SELECT count(*) FROM data_keys) FROM tally") == [(True,)]


async def test_a_destroyed_key_reads_erased_and_is_never_made_again(
    keyring: PostgresKeyring, ring: Ring, ada: UUID
) -> None:
    ref = KeyRef(ada, "profile")
    await keyring.make([ref])
    destroyed = await keyring.destroy(ada, ["profile", "contact"])
    assert destroyed.destroyed == {"profile"}
    assert destroyed.unused == {"contact"}
    assert ring.keys_of(ada) == 0
    assert await keyring.keys([ref]) == {ref: Unreadable.ERASED}
    with pytest.raises(SubjectErased) as erased:
        await keyring.make([KeyRef(ada, "casework"), ref])
    assert erased.value.refs == {ref}
    with pytest.raises(SubjectErased):
        await keyring.make([KeyRef(ada, "contact")])
    again = await keyring.destroy(ada, ["profile"])
    assert again.already == {"profile"}
    assert again.at <= destroyed.at


async def test_of_an_erased_and_a_new_key_neither_is_made(
    keyring: PostgresKeyring, ring: Ring, ada: UUID
) -> None:
    await keyring.destroy(ada, ["profile"])
    with pytest.raises(SubjectErased):
        await keyring.make([KeyRef(ada, "profile"), KeyRef(ben := uuid4(), "profile")])
    assert ring.keys_of(ben) == 0


async def test_a_class_that_is_not_granted_reads_withheld_whatever_became_of_it(
    keyring: PostgresKeyring, ring: Ring, ada: UUID
) -> None:
    there, gone, never = KeyRef(ada, "casework"), KeyRef(uuid4(), "casework"), KeyRef(uuid4(), "casework")
    granted = KeyRef(ada, "profile")
    made = await keyring.make([there, gone, granted])
    await keyring.destroy(gone.subject_id, ["casework"])
    reader = ring.keyring("test_reader")
    found = await reader.keys([there, gone, never, granted])
    with pytest.raises(NotGranted):
        await reader.make([granted])
    with pytest.raises(NotGranted):
        await reader.destroy(ada, ["profile"])
    await reader.close()
    assert found == {
        **dict.fromkeys([there, gone, never], Unreadable.WITHHELD),
        granted: made[granted],
    }


@pytest.mark.parametrize("role", ["test_reader", "test_stranger"])
@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM data_keys",
        "SELECT * FROM tombstones",
        "INSERT INTO grants VALUES (session_user, 'casework', true)",
        "UPDATE epochs SET state = 'retiring'",
        "CREATE TABLE public.mine (n int)",
    ],
)
def test_a_service_sees_no_table_and_changes_none(ring: Ring, role: str, statement: str) -> None:
    with (
        psycopg.connect(ring.as_role(role)) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(statement)


async def test_a_stranger_is_told_nothing(ring: Ring, keyring: PostgresKeyring, ada: UUID) -> None:
    await keyring.make([KeyRef(ada, "profile")])
    stranger = ring.keyring("test_stranger")
    assert await stranger.keys([KeyRef(ada, "profile")]) == {KeyRef(ada, "profile"): Unreadable.WITHHELD}
    await keyring.destroy(ada, ["profile"])
    assert KeyRef(ada, "profile") in await keyring.tombstones()
    assert await stranger.tombstones() == {}
    await stranger.close()


async def test_a_key_that_vanished_is_unavailable_and_not_erased(
    keyring: PostgresKeyring, ring: Ring, ada: UUID
) -> None:
    ref = KeyRef(ada, "profile")
    await keyring.make([ref])
    ring.sql("DELETE FROM data_keys WHERE subject_id = %s", (ada,))
    ring.sql("UPDATE tally SET made = made - 1")
    assert await keyring.keys([ref]) == {ref: Unreadable.UNAVAILABLE}


async def test_a_key_in_another_persons_row_is_unavailable(
    keyring: PostgresKeyring, ring: Ring, ada: UUID
) -> None:
    mine, theirs = KeyRef(ada, "profile"), KeyRef(uuid4(), "profile")
    made = await keyring.make([mine, theirs])
    ring.sql(
        "UPDATE data_keys SET wrapped = (SELECT wrapped FROM data_keys WHERE subject_id = %s) WHERE subject_id = %s",
        (mine.subject_id, theirs.subject_id),
    )
    assert await keyring.keys([mine, theirs]) == {mine: made[mine], theirs: Unreadable.UNAVAILABLE}
    with pytest.raises(KeyringUnavailable, match="damaged"):
        await keyring.make([theirs])
    await keyring.destroy(theirs.subject_id, ["profile"])


async def test_a_lost_epoch_key_is_unavailable_and_not_erased(own_ring: Ring, ada: UUID) -> None:
    ref, keyring = KeyRef(ada, "profile"), own_ring.keyring()
    await keyring.make([ref])
    assert await keyring.check() == "epoch 1"
    own_ring.epochs.destroy(1)
    with pytest.raises(KeyringUnavailable):
        await keyring.check()
    assert await keyring.keys([ref]) == {ref: Unreadable.UNAVAILABLE}
    with pytest.raises(KeyringUnavailable):
        await keyring.make([KeyRef(uuid4(), "profile")])
    with pytest.raises(EpochKeyMissing):
        prepare(own_ring.url, own_ring.epochs, GRANTS)
    own_ring.epochs.make(1)
    with pytest.raises(EpochKeyUnfit, match="another keyring"):
        prepare(own_ring.url, own_ring.epochs, GRANTS)
    with pytest.raises(KeyringUnavailable, match="another keyring"):
        await keyring.check()
    with pytest.raises(KeyringUnavailable, match="another keyring"):
        await keyring.make([KeyRef(uuid4(), "profile")])
    await keyring.close()


async def test_preparing_twice_and_by_two_at_once_changes_nothing(
    ring: Ring, keyring: PostgresKeyring, ada: UUID
) -> None:
    made = await keyring.make([KeyRef(ada, "profile")])
    await asyncio.gather(*(asyncio.to_thread(prepare, ring.url, ring.epochs, GRANTS) for _ in range(4)))
    assert await keyring.keys(made) == made
    assert ring.sql("SELECT count(*) FROM epochs WHERE state = 'current'") == [(1,)]


async def test_two_at_once_prepare_a_new_keyring(database_url: str, ada: UUID) -> None:
    ring = Ring(database_url, folder_of_epochs())
    await asyncio.gather(*(asyncio.to_thread(prepare, ring.url, ring.epochs, GRANTS) for _ in range(4)))
    keyring = ring.keyring()
    assert len(await keyring.make([KeyRef(ada, "profile")])) == 1
    await keyring.close()


async def test_whoever_makes_while_another_destroys_leaves_no_key_behind(ring: Ring) -> None:
    makers, destroyer = [ring.keyring() for _ in range(4)], ring.keyring()
    people = [uuid4() for _ in range(25)]
    for person in people:
        await asyncio.gather(
            *(maker.make([KeyRef(person, "profile")]) for maker in makers),
            destroyer.destroy(person, ["profile"]),
            return_exceptions=True,
        )
    left = ring.sql("SELECT count(*) FROM data_keys JOIN tombstones USING (subject_id, keep)")
    buried = ring.sql("SELECT count(*) FROM tombstones WHERE subject_id = ANY (%s)", (people,))
    assert (left, buried) == ([(0,)], [(25,)])
    await asyncio.gather(*(keyring.close() for keyring in [*makers, destroyer]))
