"""The engines tests and laptops run on are the real ones, with durability on."""

import nats as nats_client
import psycopg

from deploy.engines.nats import greeting


def test_postgres_is_18_and_durable(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        assert connection.info.server_version >= 180000
        for name, value in (("fsync", "on"), ("synchronous_commit", "on"), ("jit", "off")):
            assert connection.execute(f"SHOW {name}").fetchone() == (value,)


def test_a_fresh_database_is_empty_and_its_owner_is_no_superuser(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("CREATE TABLE mine (id int)")
        found = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    assert found == (False,)


async def test_nats_is_2_15_and_keeps_what_it_acknowledged(nats_url: str, region: str) -> None:
    host, port = nats_url.removeprefix("nats://").split(":")
    said = greeting(host, int(port))
    assert str(said["version"]).startswith("2.15")
    assert said["max_payload"] == 8 * 1024 * 1024
    connection = await nats_client.connect(nats_url)
    stream = connection.jetstream()
    await stream.add_stream(name=f"T_{region}", subjects=[f"{region}.>"])
    assert (await stream.publish(f"{region}.hello", b"fact")).seq == 1
    await connection.close()
