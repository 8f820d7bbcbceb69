"""A keyring of each test's own, with roles as services have them."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql

from shared.kernel.sealing.epochs import Epochs
from shared.kernel.sealing.grants import EVERY, Grant
from shared.kernel.sealing.keyring import KeyRef
from shared.kernel.sealing.postgres import PostgresKeyring
from shared.kernel.sealing.rotation import rotate
from shared.kernel.sealing.schema import prepare
from tests.support.engines import OWNER, PostgresServer
from tests.support.keys import folder_of_epochs

# One role makes two classes, one only opens one of them, one is granted nothing.
GRANTS = {
    OWNER: Grant(makes=EVERY, destroys=True),
    "test_teller": Grant(makes=frozenset({"profile", "casework"})),
    "test_reader": Grant(opens=frozenset({"profile"})),
}
ROLES = ("test_teller", "test_reader", "test_stranger")


@dataclass(frozen=True)
class Ring:
    """A keyring's database and its directory of epoch keys."""

    url: str
    folder: Path

    @property
    def epochs(self) -> Epochs:
        return Epochs(self.folder)

    def keyring(self, role: str = OWNER, patience: float = 3.0) -> PostgresKeyring:
        return PostgresKeyring(self.as_role(role), self.folder, patience)

    def keys_of(self, subject_id: UUID) -> int:
        """How many rows with keys of this person there are."""
        return int(str(self.sql("SELECT count(*) FROM data_keys WHERE subject_id = %s", (subject_id,))[0][0]))

    def as_role(self, role: str) -> str:
        return self.url.replace(f"//{OWNER}:", f"//{role}:")

    def sql(self, statement: str, values: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
        """A statement of the owner's own, past every function."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            found = connection.execute(statement, values)
            return found.fetchall() if found.description else []


@pytest.fixture(scope="session")
def roles(postgres: PostgresServer) -> tuple[str, ...]:
    """Login roles beside the owner's."""
    with psycopg.connect(postgres.url, autocommit=True) as admin:
        for role in ROLES:
            admin.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'test'").format(sql.Identifier(role)))
    return ROLES


@pytest.fixture(scope="session")
def ring(postgres: PostgresServer, roles: tuple[str, ...]) -> Iterator[Ring]:
    """A keyring that tests share; each has people of its own in it."""
    with postgres.database() as url:
        yield made(url)


@pytest.fixture
def own_ring(database_url: str, roles: tuple[str, ...]) -> Ring:
    """A keyring that a test may harm."""
    return made(database_url)


@pytest.fixture(scope="module")
def rotated(postgres: PostgresServer, roles: tuple[str, ...]) -> Iterator[Ring]:
    """Two keys in the second epoch."""

    async def fill(keyring: PostgresKeyring) -> None:
        await keyring.make([KeyRef(uuid4(), "profile"), KeyRef(uuid4(), "casework")])
        await keyring.close()

    with postgres.database() as url:
        found = made(url)
        asyncio.run(fill(found.keyring()))
        rotate(found.url, found.epochs)
        yield found


def made(url: str) -> Ring:
    found = Ring(url, folder_of_epochs())
    prepare(url, found.epochs, GRANTS)
    return found


@pytest.fixture
async def keyring(ring: Ring) -> AsyncIterator[PostgresKeyring]:
    found = ring.keyring()
    yield found
    await found.close()


@pytest.fixture
def ada() -> UUID:
    return uuid4()
