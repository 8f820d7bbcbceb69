"""A system's keyring: a database and a directory that belong together, and services let in as themselves."""

import asyncio
import shutil
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from deploy.databases import UnfitServer
from deploy.embedded import System
from shared.contracts.words.privacy import Unreadable
from shared.kernel.sealing.keyring import KeyRef, NotGranted
from shared.kernel.sealing.postgres import PostgresKeyring
from tests.deploy.house import stand_in


def test_services_enter_the_keyring_with_what_is_granted_and_a_lost_directory_is_refused(
    data_dir: Path,
) -> None:
    with System(data_dir, only=["training", "audit"], command=stand_in) as made:
        asyncio.run(use(made))
        with (
            psycopg.connect(made.keyring_url("training")) as inside,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            inside.execute("SELECT * FROM data_keys")
        files = list(made.epoch_keys.iterdir())
        assert [(file.name, file.stat().st_mode & 0o777) for file in files] == [("epoch-0001.key", 0o600)]
        assert made.epoch_keys.stat().st_mode & 0o777 == 0o700
    shutil.rmtree(data_dir / "epochs")
    with pytest.raises(UnfitServer, match="there is no key of epoch 1"):
        System(data_dir, only=[]).start()


async def use(made: System) -> None:
    ada = uuid4()
    granted, not_granted = KeyRef(ada, "employment"), KeyRef(ada, "profile")
    training, audit = (
        PostgresKeyring(made.keyring_url(name), made.epoch_keys) for name in ("training", "audit")
    )
    keys = await training.make([granted])
    assert await audit.keys([granted]) == keys
    assert (await training.keys([not_granted]))[not_granted] is Unreadable.WITHHELD
    with pytest.raises(NotGranted):
        await training.make([not_granted])
    with pytest.raises(NotGranted):
        await training.destroy(ada, ["employment"])
    with pytest.raises(NotGranted):
        await audit.make([granted])
    assert (await audit.destroy(ada, ["employment"])).destroyed == {"employment"}
    assert await training.keys([granted]) == {granted: Unreadable.ERASED}
    await training.close()
    await audit.close()
