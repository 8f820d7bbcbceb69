"""A system starts its services, starts a fallen one again, keeps databases apart and stops in time."""

import smtplib
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

import httpx
import psycopg
import pytest

from deploy import running
from deploy.embedded import System
from deploy.engines.postgres import EngineFailed
from deploy.foundation import Given
from deploy.processes import leftovers
from deploy.readiness import NotReady
from deploy.services import command
from deploy.supervision import Event
from tests.deploy.house import stand_in
from tests.support.engines import NatsServer, PostgresServer
from tests.support.waiting import eventually


@contextmanager
def system(data: Path, *names: str, **env: str) -> Iterator[tuple[System, list[Event]]]:
    said: list[Event] = []
    with System(
        data, only=names, command=stand_in, say=said.append, extra_env=dict.fromkeys(names, env)
    ) as made:
        yield made, said


def test_services_start_are_described_and_stop(data_dir: Path) -> None:
    with system(data_dir, "sessions", "training") as (made, _):
        found = running.find(data_dir)
        assert found is not None
        assert found.state == "ready"
        assert found.urls == made.urls
        assert all(httpx.get(f"{url}/ready").status_code == 200 for url in found.urls.values())
        assert stat.S_IMODE((data_dir / "run.json").stat().st_mode) == 0o600
        assert stat.S_IMODE((data_dir / "credentials.json").stat().st_mode) == 0o600
        folders = [path for path in data_dir.iterdir() if path.is_dir()]
        assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}
    assert running.find(data_dir) is None
    assert leftovers(data_dir) == []


async def test_a_system_serves_async_tests_too(data_dir: Path) -> None:
    async with System(data_dir, only=["sessions"], command=stand_in) as made, httpx.AsyncClient() as client:
        assert (await client.get(f"{made.urls['sessions']}/ready")).status_code == 200


def test_a_fallen_service_is_started_again_and_that_is_said(data_dir: Path) -> None:
    with system(data_dir, "sessions") as (made, said):
        before = made.process("sessions").pid
        made.kill("sessions")
        eventually(lambda: [event.kind for event in said[-3:]] == ["ended", "restarted", "ready"])
        assert "sessions.log" in said[-3].text
        assert made.process("sessions").pid not in (None, before)
        assert said[-1].text == "sessions is ready again"


def test_a_service_that_keeps_falling_is_started_later_each_time(data_dir: Path) -> None:
    with system(data_dir, "sessions") as (made, said):
        made.process("sessions").command = ["false"]
        made.kill("sessions")
        eventually(lambda: sum(event.kind == "ended" for event in said) >= 3)
    pauses = [event.details["again_in_seconds"] for event in said if event.kind == "ended"]
    assert pauses[:3] == [0.25, 0.5, 1.0]


def test_what_was_stopped_on_purpose_stays_down(data_dir: Path) -> None:
    with system(data_dir, "sessions", "training") as (made, said):
        made.stop_one("sessions")
        made.kill("training")
        eventually(lambda: said[-1].text == "training is ready again")
        assert made.process("sessions").pid is None
        made.start_one("sessions")
        made.wait_ready("sessions")


def test_a_service_split_over_processes_loses_only_the_one_killed(data_dir: Path) -> None:
    said: list[Event] = []
    split = {"sessions": ["api,projector,due", "relay"]}
    with System(data_dir, only=["sessions"], parts=split, command=stand_in, say=said.append) as made:
        first = made.process("sessions").pid
        made.kill("sessions.relay")
        eventually(lambda: said[-1].text == "sessions.relay is ready again")
        assert made.process("sessions").pid == first
        assert made.urls.keys() == {"sessions"}
        assert command(made.units["sessions.relay"])[-2:] == ["--parts", "relay"]
        assert command(made.units["sessions"])[-3:] == ["--prepare", "--parts", "api,projector,due"]


@pytest.mark.parametrize("engine", ["postgres", "nats", "mail"])
def test_a_killed_engine_comes_back_with_its_data(data_dir: Path, engine: str) -> None:
    with system(data_dir, "sessions") as (made, said):
        with psycopg.connect(made.database_url("sessions")) as connection:
            connection.execute("INSERT INTO stand_in VALUES (1)")
        made.kill(engine)
        eventually(lambda: any(event.kind == "restarted" and event.name == engine for event in said))
        made.foundation.check_postgres()
        made.foundation.check_nats()
        made.foundation.check_mail()
        with psycopg.connect(made.database_url("sessions")) as connection:
            assert connection.execute("SELECT id FROM stand_in").fetchall() == [(1,)]


def test_a_service_cannot_enter_another_services_database(data_dir: Path) -> None:
    with system(data_dir, "sessions", "training") as (made, _):
        own, other = made.database_url("sessions"), made.database_url("training")
        psycopg.connect(own).close()
        foreign = own.rpartition("/")[0] + "/" + other.rpartition("/")[2]
        for forbidden in (foreign, own.rpartition("/")[0] + "/postgres"):
            with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
                psycopg.connect(forbidden)


def test_a_deaf_service_is_killed_and_stopping_still_ends_in_time(data_dir: Path) -> None:
    with system(data_dir, "sessions", STAND_IN_DEAF="yes") as (_, said):
        began = time.monotonic()
    assert time.monotonic() - began < 5
    assert said[-1].kind == "killed"
    assert leftovers(data_dir) == []


def test_a_service_that_does_not_get_ready_is_named_with_its_last_words(data_dir: Path) -> None:
    broken = System(
        data_dir,
        only=["sessions"],
        command=lambda unit: ["sh", "-c", "echo the reason; exit 1"],
        ready_seconds=1,
    )
    with pytest.raises(NotReady, match=r"sessions: no answer[^$]*the reason"):
        broken.start()
    assert leftovers(data_dir) == []


def test_given_servers_are_used_and_none_of_ours_is_started(
    data_dir: Path, postgres: PostgresServer, nats: NatsServer
) -> None:
    given = Given(postgres_url=postgres.url, nats_url=nats.url, smtp_url="smtp://127.0.0.1:1")
    with System(data_dir, only=["sessions"], command=stand_in, given=given) as made:
        assert made.foundation.children == []
        psycopg.connect(made.database_url("sessions")).close()


def test_a_silent_given_server_is_named(data_dir: Path) -> None:
    given = Given(nats_url="nats://127.0.0.1:1")
    with pytest.raises(EngineFailed, match=r"no NATS answers at 127\.0\.0\.1:1"):
        System(data_dir, only=[], given=given).start()
    assert leftovers(data_dir) == []


def test_mail_is_kept_as_it_came(data_dir: Path) -> None:
    with system(data_dir) as (made, _):
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = (
            "house@example.org",
            "ada@example.org",
            "Überfällig",
        )
        message.set_content("A session is due.")
        with smtplib.SMTP("127.0.0.1", made.ports["mail"]) as server:
            server.send_message(message)
        (kept,) = (data_dir / "mail").glob("*.eml")
        assert b"X-Envelope-To: ada@example.org" in kept.read_bytes()
        assert b"A session is due." in kept.read_bytes()
