"""From one epoch to the next while services read and write; killed at any step, and nothing is lost or half done."""

import asyncio
import os
import re
import shutil
import signal
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from shared.contracts.words.privacy import Unreadable
from shared.kernel.sealing import examining
from shared.kernel.sealing.epochs import EpochKeyMissing, Epochs
from shared.kernel.sealing.keyring import KeyRef, KeyringUnavailable
from shared.kernel.sealing.postgres import PostgresKeyring
from shared.kernel.sealing.rotation import KeysDamaged, RotationUnderWay, rotate
from tests.kernel.sealing.conftest import Ring
from tests.support.keys import folder_of_epochs

STEPS = ("key made", "epoch begun", "batch wrapped", "batch wrapped", "key destroyed", "epoch over")


def people(count: int) -> list[KeyRef]:
    return [KeyRef(uuid4(), "profile") for _ in range(count)]


async def test_every_key_is_the_same_after_and_the_old_epochs_key_is_gone(own_ring: Ring) -> None:
    keyring, refs = own_ring.keyring(), people(7)
    made = await keyring.make(refs)
    before = await keyring.horizon()
    steps: list[str] = []
    done = rotate(own_ring.url, own_ring.epochs, steps.append, batch=4)
    assert (done.epoch, done.wrapped, done.destroyed) == (2, 7, (1,))
    assert tuple(steps) == STEPS
    assert own_ring.epochs.numbers() == [2]
    assert await keyring.keys(refs) == made
    assert (await keyring.make([*refs, KeyRef(uuid4(), "profile")])).items() > made.items()
    after = await keyring.horizon()
    assert after.epoch == 2
    assert after.at > before.at
    assert examining.verify(own_ring.url, own_ring.epochs) == (8, [])
    await keyring.close()


@pytest.mark.parametrize("visit", range(len(STEPS)))
async def test_a_rotation_killed_after_any_step_is_finished_by_the_next(ring: Ring, visit: int) -> None:
    keyring, refs = ring.keyring(), people(3)
    made = await keyring.make(refs)
    before = examining.status(ring.url)
    live = sum(before.keys.values())
    assert killed_at(visit, ring, batch=-(-live // 2)) == signal.SIGKILL
    assert await keyring.keys(refs) == made
    assert len(await keyring.make(people(1))) == 1
    done = await asyncio.to_thread(rotate, ring.url, ring.epochs)
    assert await keyring.keys(refs) == made
    found = examining.status(ring.url)
    assert not found.unfinished
    assert found.horizon > before.horizon
    assert ring.epochs.numbers() == [done.epoch]
    assert examining.verify(ring.url, ring.epochs) == (live + 1, [])
    await keyring.close()


def killed_at(visit: int, ring: Ring, batch: int) -> int:
    """Rotates in a process of its own, which kills itself after that step; the signal that ended it."""
    steps: list[str] = []

    def die(step: str) -> None:
        steps.append(step)
        if len(steps) == visit + 1:
            os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if child == 0:
        try:
            rotate(ring.url, ring.epochs, die, batch)
        finally:
            os._exit(1)
    return os.WTERMSIG(os.waitpid(child, 0)[1])


async def test_services_read_make_and_destroy_meanwhile(own_ring: Ring) -> None:
    readers, refs = [own_ring.keyring(patience=15) for _ in range(3)], people(60)
    made = dict(await readers[0].make(refs))
    over = asyncio.Event()
    gone: set[KeyRef] = set()

    async def read(keyring: PostgresKeyring) -> None:
        while not over.is_set():
            found = await keyring.keys(refs)
            for ref, key in found.items():
                assert key == made[ref] or (key is Unreadable.ERASED and ref in gone), key

    async def make(keyring: PostgresKeyring) -> None:
        while not over.is_set():
            made.update(await keyring.make(people(1)))

    async def destroy(keyring: PostgresKeyring) -> None:
        for ref in refs[:20]:
            gone.add(ref)
            await keyring.destroy(ref.subject_id, ["profile"])

    async def turn() -> None:
        for _ in range(3):
            await asyncio.to_thread(rotate, own_ring.url, own_ring.epochs, lambda step: None, 10)
        over.set()

    others = [own_ring.keyring(patience=15), own_ring.keyring(patience=15)]
    async with asyncio.timeout(40):
        await asyncio.gather(*map(read, readers), make(others[0]), destroy(others[1]), turn())
    found = await readers[0].keys(made)
    assert found == {ref: Unreadable.ERASED if ref in gone else key for ref, key in made.items()}
    assert own_ring.epochs.numbers() == [4]
    assert examining.verify(own_ring.url, own_ring.epochs) == (len(made) - len(gone), [])
    await asyncio.gather(*(keyring.close() for keyring in [*readers, *others]))


async def test_a_backup_from_before_a_rotation_does_not_open_what_was_erased(
    own_ring: Ring, ada: UUID
) -> None:
    keyring, ref = own_ring.keyring(), KeyRef(ada, "profile")
    made = await keyring.make([ref])
    backup = own_ring.sql("SELECT subject_id, keep, epoch, wrapped, made_at FROM data_keys")
    destroyed = await keyring.destroy(ada, ["profile"])
    restored(own_ring, backup)
    assert await keyring.keys([ref]) == made, (
        "until the epoch is over a backup opens: that is what the horizon says"
    )
    assert (await keyring.horizon()).at < destroyed.at
    own_ring.sql("DELETE FROM data_keys")
    rotate(own_ring.url, own_ring.epochs)
    assert (await keyring.horizon()).at > destroyed.at
    restored(own_ring, backup)
    assert await keyring.keys([ref]) == {ref: Unreadable.UNAVAILABLE}
    findings = examining.verify(own_ring.url, own_ring.epochs)[1]
    assert [f"key of {ada} for profile: the key of epoch 1 can't be had"] == findings[:1]
    await keyring.close()


def restored(ring: Ring, backup: list[tuple[object, ...]]) -> None:
    """The rows as they were, without the tombstones that came after."""
    ring.sql("DELETE FROM tombstones")
    for row in backup:
        ring.sql("INSERT INTO data_keys VALUES (%s, %s, %s, %s, %s)", row)


async def test_a_whole_database_older_than_its_directory_is_not_rotated_and_makes_no_key(
    own_ring: Ring,
) -> None:
    keyring = own_ring.keyring()
    await keyring.make(refs := people(2))
    rotate(own_ring.url, own_ring.epochs)
    own_ring.sql("UPDATE data_keys SET epoch = 1")
    own_ring.sql("DELETE FROM epochs WHERE number = 2")
    own_ring.sql("UPDATE epochs SET state = 'current', destroyed_at = NULL")
    with pytest.raises(EpochKeyMissing):
        rotate(own_ring.url, own_ring.epochs)
    assert own_ring.epochs.numbers() == [2]
    assert await keyring.keys(refs) == dict.fromkeys(refs, Unreadable.UNAVAILABLE)
    with pytest.raises(KeyringUnavailable):
        await keyring.make(people(1))
    await keyring.close()


async def test_a_damaged_key_keeps_the_old_epochs_key_until_it_is_mended(own_ring: Ring) -> None:
    keyring, refs = own_ring.keyring(), people(3)
    made = await keyring.make(refs)
    [(sound,)] = own_ring.sql("SELECT wrapped FROM data_keys WHERE subject_id = %s", (refs[1].subject_id,))
    mend = "UPDATE data_keys SET wrapped = %s WHERE subject_id = %s"
    own_ring.sql(mend, (bytes(56), refs[1].subject_id))
    with pytest.raises(KeysDamaged, match="1 keys can't be unwrapped"):
        rotate(own_ring.url, own_ring.epochs)
    assert own_ring.epochs.numbers() == [1, 2]
    assert examining.status(own_ring.url).unfinished
    assert len(examining.verify(own_ring.url, own_ring.epochs)[1]) == 1
    own_ring.sql(mend, (sound, refs[1].subject_id))
    rotate(own_ring.url, own_ring.epochs)
    assert own_ring.epochs.numbers() == [2]
    assert await keyring.keys(refs) == made
    await keyring.close()


def test_two_rotations_do_not_run_at_once(own_ring: Ring) -> None:
    def second(step: str) -> None:
        if step == "epoch begun":
            with pytest.raises(RotationUnderWay):
                rotate(own_ring.url, own_ring.epochs)

    assert rotate(own_ring.url, own_ring.epochs, second).epoch == 2


BURIED = "INSERT INTO tombstones SELECT subject_id, keep, true FROM data_keys"
Harm = Callable[[Ring], object]


@pytest.mark.parametrize(
    ("harm", "finding"),
    [
        (lambda ring: ring.sql("DELETE FROM data_keys"), "2 keys must be there, 0 are"),
        (
            lambda ring: ring.sql("INSERT INTO tombstones SELECT subject_id, keep, true FROM data_keys"),
            "2 keys .* back",
        ),
        (lambda ring: Epochs(ring.folder).make(1), "epoch 1: its key was destroyed and is back"),
        (lambda ring: os.chmod(ring.folder / "epoch-0002.key", 0o644), "open to others"),
        (lambda ring: (ring.folder / "epoch-0002.key").write_text("rubbish"), "damaged"),
        (lambda ring: shutil.rmtree(ring.folder), "epoch 2: its key is missing"),
    ],
    ids=["rows deleted", "rows back", "key back", "key readable", "key damaged", "no directory"],
)
def test_what_is_wrong_with_a_keyring_is_found(rotated: Ring, harm: Harm, finding: str) -> None:

    assert examining.verify(rotated.url, rotated.epochs) == (2, [])
    kept = (rotated.folder / "epoch-0002.key").read_bytes()
    rows = rotated.sql("SELECT subject_id, keep, epoch, wrapped, made_at FROM data_keys")
    harm(rotated)
    findings = examining.verify(rotated.url, rotated.epochs)[1]
    assert any(re.search(finding, found) for found in findings), findings
    mended(rotated, kept, rows)


def mended(ring: Ring, key: bytes, rows: list[tuple[object, ...]]) -> None:
    """As it was before the harm."""
    shutil.rmtree(ring.folder, ignore_errors=True)
    ring.folder.mkdir(mode=0o700)
    (ring.folder / "epoch-0002.key").touch(mode=0o600)
    (ring.folder / "epoch-0002.key").write_bytes(key)
    ring.sql("DELETE FROM data_keys")
    restored(ring, rows)


def test_two_make_one_epoch_key() -> None:
    folder = folder_of_epochs()
    assert Epochs(folder).make(1) == Epochs(folder).make(1)
    assert [file.name for file in folder.iterdir()] == ["epoch-0001.key"]
    assert (folder / "epoch-0001.key").stat().st_mode & 0o777 == 0o600
