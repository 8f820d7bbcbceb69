"""A PostgreSQL and a NATS for one test process: containers where Docker answers, else the wheels."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from deploy import ports
from deploy.engines.nats import Nats, configuration
from deploy.engines.postgres import SETTINGS, Postgres
from deploy.processes import stop_leftovers

OWNER, PASSWORD = "test_owner", "test"
IMAGES = ("postgres:18-alpine", "nats:2.15-alpine")

# Containers end with their test process; the reaper would need one more image than may be reachable.
os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")


@dataclass(frozen=True)
class PostgresServer:
    """A running PostgreSQL; `url` is its superuser's."""

    url: str

    @contextmanager
    def database(self, template: str = "template0") -> Iterator[str]:
        """URL of a new database, empty or a copy, whose owner, like a service's role, is no superuser."""
        name = f"test_{secrets.token_hex(6)}"
        with psycopg.connect(self.url, autocommit=True) as admin:
            named = [sql.Identifier(each) for each in (name, OWNER, template)]
            admin.execute(sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(*named))
        at = psycopg.conninfo.conninfo_to_dict(self.url)
        try:
            yield f"postgresql://{OWNER}:{PASSWORD}@{at['host']}:{at['port']}/{name}"
        finally:
            with psycopg.connect(self.url, autocommit=True) as admin:
                admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@dataclass(frozen=True)
class NatsServer:
    """A running nats-server with JetStream, syncing every write."""

    url: str


def docker_answers() -> bool:
    """ALONGSIDE_TEST_ENGINES=wheels or docker decides; else whether a Docker engine answers and has the images."""
    wish = os.environ.get("ALONGSIDE_TEST_ENGINES", "")
    if wish:
        return wish == "docker"
    if "DOCKER_HOST" not in os.environ and not Path("/var/run/docker.sock").exists():
        return False
    import docker

    try:
        client = docker.from_env(timeout=2)
        return bool(client.ping()) and all(has_image(client, name) for name in IMAGES)
    except (docker.errors.DockerException, OSError):
        return False


def has_image(client: Any, name: str) -> bool:
    """Whether the image is here; an engine may answer where no registry can be reached."""
    import docker

    try:
        client.images.get(name)
    except docker.errors.ImageNotFound:
        return False
    return True


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL 18 of this test process's own."""
    with postgres_container() if docker_answers() else postgres_wheel() as url:
        with psycopg.connect(url, autocommit=True) as admin:
            admin.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(OWNER), PASSWORD))
        yield PostgresServer(url)


@contextmanager
def nats_server() -> Iterator[NatsServer]:
    """A nats-server 2.15 of this test process's own."""
    with nats_container() if docker_answers() else nats_wheel() as url:
        yield NatsServer(url)


@contextmanager
def engine_folder() -> Iterator[Path]:
    """A short path outside pytest's own tree, whose folders another system user may not pass."""
    folder = Path(tempfile.mkdtemp(prefix="alongside-")).resolve()
    try:
        yield folder
    finally:
        stop_leftovers(folder)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def postgres_wheel() -> Iterator[str]:
    with engine_folder() as data:
        engine = Postgres(data, ports.free(["postgres"])["postgres"], secrets.token_hex(8))
        engine.start()
        yield engine.url


@contextmanager
def nats_wheel() -> Iterator[str]:
    with engine_folder() as data:
        chosen = ports.free(["nats", "monitor"])
        engine = Nats(data, chosen["nats"], chosen["monitor"])
        engine.start()
        yield engine.url


@contextmanager
def postgres_container() -> Iterator[str]:
    from testcontainers.community.postgres import PostgresContainer

    settings = [word for name in ("jit", "max_connections") for word in ("-c", f"{name}={SETTINGS[name]}")]
    container = PostgresContainer(IMAGES[0], username="postgres", password="test", dbname="postgres")
    with container.with_command(["postgres", *settings]) as running:
        yield running.get_connection_url(driver=None)


@contextmanager
def nats_container() -> Iterator[str]:
    from testcontainers.core.container import DockerContainer
    from testcontainers.core.wait_strategies import LogMessageWaitStrategy

    config = configuration("0.0.0.0", 4222, 8222, "/data").encode()
    container = (
        DockerContainer(IMAGES[1]).with_exposed_ports(4222).with_command("--config /etc/alongside.conf")
    )
    container = container.with_copy_into_container(config, "/etc/alongside.conf")
    with container.waiting_for(LogMessageWaitStrategy("Server is ready")) as running:
        yield f"nats://{running.get_container_host_ip()}:{running.get_exposed_port(4222)}"
