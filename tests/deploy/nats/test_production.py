"""The same declaration as operator, accounts and users with JWTs, believed by a real server."""

import asyncio
import json
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import nats
import pytest
from nats.aio.client import Client

from deploy import ports
from deploy.engines.binaries import nats_server
from deploy.nats import jwts, production, provisioning
from deploy.nats.declaration import durable_of
from deploy.nats.users import declared, new_seed, public_key
from shared.kernel.bus.connection import connect
from shared.kernel.integrators import Integrator
from tests.deploy.nats.house import APPROVED, LOCKED, PREFIX, REGION, SESSIONS, asked
from tests.support.engines import engine_folder

SEED = new_seed()
ACME = Integrator(
    "acme",
    frozenset({APPROVED}),
    frozenset({REGION}),
    public_key(SEED),
    None,
    datetime(2026, 9, 1, tzinfo=UTC),
)


@pytest.fixture(scope="module")
def place() -> Iterator[tuple[Path, str]]:
    """Folder and address of a server that knows one operator, one region and acme."""
    with engine_folder() as folder:
        production.write(folder, declared(REGION, [ACME]))
        (port,) = ports.free(["nats"]).values()
        text = f'listen: "127.0.0.1:{port}"\njetstream {{ store_dir: "{folder}" }}\ninclude "accounts.conf"\n'
        (folder / "test.conf").write_text(text)
        log = (folder / "log").open("w")
        server = subprocess.Popen([str(nats_server()), "--config", str(folder / "test.conf")], stderr=log)
        try:
            yield folder, f"nats://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(10)


def shown(folder: Path, who: str) -> str:
    """What they connect with."""
    if who == "acme":
        return jwts.credentials((folder / "creds" / "integrator-acme.jwt").read_text().strip(), SEED)
    return (folder / "creds" / f"{who}.creds").read_text()


@asynccontextmanager
async def entered(place: tuple[Path, str], who: str) -> AsyncIterator[Client]:
    folder, url = place
    async with asyncio.timeout(20):
        client = await connect(url, who, shown(folder, who))
    try:
        yield client
    finally:
        await client.close()


async def test_the_house_works_with_credentials_and_an_integrator_reads_its_fact(
    place: tuple[Path, str],
) -> None:
    folder, url = place
    seed = shown(folder, "provisioner")
    await asyncio.to_thread(provisioning.provision, url, seed, declared(REGION), ["sessions"])
    async with entered(place, "sessions-relay") as relay:
        for topic in (APPROVED, LOCKED):
            await relay.jetstream().publish(f"alongside.{REGION}.open.{topic}.p00", topic.encode())
        with pytest.raises(nats.errors.TimeoutError):
            await relay.jetstream(timeout=0.3).delete_stream(SESSIONS)
    async with entered(place, "acme") as acme:
        subject, body = asked("acme", APPROVED)
        answer = json.loads((await acme.request(subject, json.dumps(body).encode(), timeout=5)).data)
        assert answer["name"] == durable_of("acme", APPROVED)
        pull = await acme.jetstream(prefix=PREFIX).pull_subscribe_bind(answer["name"], SESSIONS)
        (message,) = await pull.fetch(10, timeout=2)
        assert message.data == APPROVED.encode()
        await message.ack_sync(2)
        with pytest.raises(nats.errors.TimeoutError):
            await acme.jetstream(prefix=PREFIX, timeout=0.3).stream_info(SESSIONS)
        with pytest.raises(nats.errors.TimeoutError):
            await acme.jetstream(timeout=0.3).publish(f"alongside.{REGION}.open.{APPROVED}.p00", b"forged")


async def test_a_user_that_another_account_signed_is_not_let_in(place: tuple[Path, str]) -> None:
    folder, url = place
    stranger, theirs = new_seed(0), new_seed()
    user = declared(REGION).accounts[0].users[0]
    forged = jwts.credentials(jwts.user_jwt(stranger, user, public_key(theirs)), theirs)
    (folder / "forged.creds").write_text(forged)
    with pytest.raises(nats.errors.Error):
        await nats.connect(url, user_credentials=str(folder / "forged.creds"), allow_reconnect=False)
