"""One keyring for each test process: what a service is told of where keys are."""

import atexit
import shutil
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from shared.kernel.sealing.epochs import Epochs
from shared.kernel.sealing.grants import EVERY, Grant
from shared.kernel.sealing.postgres import PostgresKeyring
from shared.kernel.sealing.schema import prepare
from tests.support.engines import OWNER, PASSWORD, PostgresServer

NAME = "test_keyring"
ALLOWED = {OWNER: Grant(makes=EVERY, destroys=True)}


@dataclass(frozen=True)
class KeyringPlace:
    """`url` and `epoch_keys` as in ALONGSIDE_KEYRING_URL and ALONGSIDE_EPOCH_KEYS; every class is granted."""

    url: str
    epoch_keys: Path

    def keyring(self) -> PostgresKeyring:
        """A keyring of the caller's own, which it closes."""
        return PostgresKeyring(self.url, self.epoch_keys)


def keyring_of(postgres: PostgresServer) -> KeyringPlace:
    """The keyring on this server, made at first use."""
    return keyring_beside(postgres.url)


def keyring_beside(database_url: str) -> KeyringPlace:
    """The keyring on the server of this database, made at first use."""
    at = conninfo_to_dict(database_url)
    return _made(f"{at['host']}:{at['port']}", database_url)


_places: dict[str, KeyringPlace] = {}


def _made(server: str, any_url: str) -> KeyringPlace:
    if server not in _places:
        with psycopg.connect(any_url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{NAME}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{NAME}" OWNER "{OWNER}" TEMPLATE template0')
        place = KeyringPlace(f"postgresql://{OWNER}:{PASSWORD}@{server}/{NAME}", folder_of_epochs())
        prepare(place.url, Epochs(place.epoch_keys), ALLOWED)
        _places[server] = place
    return _places[server]


@cache
def _root() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="alongside-epochs-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def folder_of_epochs() -> Path:
    """An empty directory for epoch keys, gone when the tests are over."""
    return Path(tempfile.mkdtemp(dir=_root()))
