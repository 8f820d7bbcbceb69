"""The line to the keyring: cut, hanging or never there. Nobody waits beyond its patience, and no key is made twice."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID, uuid4

import pytest

from shared.kernel.sealing.keyring import KeyRef, KeyringUnavailable
from shared.kernel.sealing.postgres import PostgresKeyring
from tests.kernel.sealing.conftest import Ring
from tests.support.cut_line import cut_line


class Freezing:
    """Forwards bytes both ways until it is told to let none through; the connections stay open."""

    def __init__(self) -> None:
        self.flows = asyncio.Event()
        self.flows.set()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            await self.flows.wait()
            writer.write(data)
        writer.close()


@asynccontextmanager
async def freezing(url: str) -> AsyncIterator[tuple[Freezing, str]]:
    parts, line = urlsplit(url), Freezing()

    async def join(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        back_reader, back_writer = await asyncio.open_connection(parts.hostname, parts.port)
        await asyncio.gather(line.carry(reader, back_writer), line.carry(back_reader, writer))

    server = await asyncio.start_server(join, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    yield line, urlunsplit(parts._replace(netloc=f"{parts.username}:{parts.password}@127.0.0.1:{port}"))
    line.flows.set()
    server.close()


async def sooner_or_later(keyring: PostgresKeyring, ref: KeyRef) -> bytes:
    """The key, asked for until it is answered."""
    async with asyncio.timeout(8):
        while True:
            try:
                return (await keyring.make([ref]))[ref]
            except KeyringUnavailable:
                await asyncio.sleep(0.02)


async def test_one_that_does_not_answer_says_so_within_its_patience(ring: Ring, ada: UUID) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        for url in (f"postgresql://x:y@127.0.0.1:{port}/z", "postgresql://x:y@127.0.0.1:1/z"):
            keyring = PostgresKeyring(url, ring.folder, patience=0.1)
            async with asyncio.timeout(1):
                with pytest.raises(KeyringUnavailable):
                    await keyring.keys([KeyRef(ada, "profile")])
                with pytest.raises(KeyringUnavailable):
                    await keyring.make([KeyRef(ada, "profile")])
            silent.close()
            await keyring.close()


async def test_one_that_hangs_in_the_middle_is_given_up_and_reached_again(ring: Ring, ada: UUID) -> None:
    ref = KeyRef(ada, "profile")
    async with freezing(ring.url) as (line, url):
        keyring = PostgresKeyring(url, ring.folder, patience=0.3)
        made = await keyring.make([ref])
        line.flows.clear()
        async with asyncio.timeout(2):
            with pytest.raises(KeyringUnavailable):
                await keyring.keys([ref])
            with pytest.raises(KeyringUnavailable):
                await keyring.keys([ref])
        line.flows.set()
        assert await sooner_or_later(keyring, ref) == made[ref]
        await keyring.close()


async def test_a_key_whose_making_was_not_heard_of_is_not_made_again(ring: Ring, ada: UUID) -> None:
    ref = KeyRef(ada, "profile")
    async with cut_line(ring.url) as (line, url):
        keyring = PostgresKeyring(url, ring.folder)
        await keyring.make([KeyRef(uuid4(), "profile")])  # from now on a statement is one answer
        line.lose_next_answer()
        made = await keyring.make([ref])
        assert line.cuts == 1
        assert len(ring.sql("SELECT wrapped FROM data_keys WHERE subject_id = %s", (ada,))) == 1
        await keyring.close()
    another = ring.keyring()
    assert await another.keys([ref]) == made
    await another.close()


async def test_a_caller_who_goes_away_does_not_spoil_it_for_the_next(ring: Ring, ada: UUID) -> None:
    ref = KeyRef(ada, "profile")
    async with freezing(ring.url) as (line, url):
        keyring = PostgresKeyring(url, ring.folder)
        made = await keyring.make([ref])
        line.flows.clear()
        impatient = asyncio.create_task(keyring.keys([ref]))
        await asyncio.sleep(0)
        impatient.cancel()
        await asyncio.gather(impatient, return_exceptions=True)
        line.flows.set()
        assert await keyring.keys([ref]) == made
        await keyring.close()


async def test_a_session_that_the_server_ends_is_begun_anew_and_nobody_notices(ring: Ring, ada: UUID) -> None:
    ref = KeyRef(ada, "profile")
    keyring = ring.keyring()
    made = await keyring.make([ref])
    ring.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    assert await keyring.keys([ref]) == made
    await keyring.close()
