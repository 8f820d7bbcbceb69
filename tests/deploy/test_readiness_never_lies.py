"""What is dead, frozen or cut off shows at every process of its service, and stops showing when it is mended."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx
import psycopg
import pytest

from deploy.embedded import System
from shared.kernel.cli import DONE, NOT_READY
from tests.deploy.operator import alongside, draft, ready, status
from tests.support.bus import bus_of
from tests.support.engines import engine_folder
from tests.support.waiting import eventually

# Nothing may be wrong for longer than this before /ready says so.
SOON = 20


@pytest.fixture(scope="module")
def house() -> Iterator[System]:
    """Training in a process for each of its parts, and assignments, whose facts it listens to."""
    parts = {"training": ["api", "relay", "projector", "due"]}
    with (
        engine_folder() as folder,
        System(folder, only=["training", "assignments"], parts=parts, ready_seconds=90) as made,
    ):
        yield made


@pytest.fixture(autouse=True)
def ready_before_and_after(house: System) -> Iterator[None]:
    house.wait_ready(seconds=60)
    yield
    house.wait_ready(seconds=60)


@contextmanager
def without(house: System, name: str) -> Iterator[None]:
    house.stop_one(name)
    try:
        yield
    finally:
        house.start_one(name)


@contextmanager
def frozen(house: System, name: str) -> Iterator[None]:
    house.kill(name, signal.SIGSTOP)
    try:
        yield
    finally:
        house.kill(name, signal.SIGCONT)


def tells(house: System, *checks: str, unit: str = "training") -> dict[str, str]:
    """Wait until /ready of that process answers 503 for one of these checks; every reason it gives."""

    def found() -> dict[str, str]:
        code, wrong = ready(house.unit_urls[unit])
        return wrong if code == 503 and any(name in wrong for name in checks) else {}

    return eventually(found, SOON)


def is_well(house: System, unit: str = "training") -> None:
    eventually(lambda: ready(house.unit_urls[unit])[0] == 200, 30)


def projection(house: System, name: str) -> dict[str, Any]:
    told = status(house.urls["training"])["projections"]
    return next(one for one in told if one["name"] == name and one["source"] == "training")


def test_every_process_tells_how_the_whole_service_is(house: System) -> None:
    _, position = draft(house.urls["training"], "Whole")
    for unit in ("training", "training.relay", "training.projector", "training.due"):

        def is_told(unit: str = unit) -> bool:
            told = status(house.unit_urls[unit])
            courses = [one for one in told["projections"] if one["name"] == "courses"]
            return (
                told["relay"]["position"] >= position
                and courses[0]["position"] >= position
                and told["due"] is not None
                and told["ready"]
            )

        eventually(is_told)


def test_a_stopped_nats_server_shows_everywhere_until_it_is_back(house: System) -> None:
    with without(house, "nats"):
        for unit in house.units:
            assert "has not answered" in tells(house, "bus", unit=unit)["bus"]
        said = alongside(house.data, "status")
        assert said.code == NOT_READY
        assert "training bus: stream EV_UK_LONDON_" in said.out
    for unit in house.units:
        is_well(house, unit)
    assert alongside(house.data, "status").code == DONE


def test_dead_parts_show_at_the_process_that_is_left(house: System) -> None:
    checks = {"relay": "relay", "projector": "courses<training", "due": "due"}
    with ExitStack() as stopped:
        for part in checks:
            stopped.enter_context(without(house, f"training.{part}"))
        for check in checks.values():
            assert "no process of this service has done it for" in tells(house, check)[check]
        said = alongside(house.data, "status")
        assert said.code == NOT_READY
        assert all(f"training {check}: no process of this service" in said.out for check in checks.values())
    is_well(house)


def test_frozen_parts_show_by_what_stands_still(house: System) -> None:
    with frozen(house, "training.relay"), frozen(house, "training.projector"):
        draft(house.urls["training"], "Neither in the stream nor applied")
        assert "no progress for" in tells(house, "courses<training")["courses<training"]
        told = projection(house, "courses")
        assert (told["lag_facts"], told["lag_seconds"] > 5) == (1, True)
        assert "behind for" in tells(house, "relay")["relay"]
        assert status(house.urls["training"])["relay"]["lag_facts"] == 1
    is_well(house)
    assert projection(house, "courses")["lag_facts"] == 0


def test_due_times_that_nobody_fires_show_as_late(house: System) -> None:
    """The process is there and frozen; a row that fell due long ago stays open."""
    late = (
        "INSERT INTO due (kind, key, due_at) VALUES ('clearance_lapse', 'nobody', now() - interval '1 day')"
    )
    with (
        psycopg.connect(house.database_url("training"), autocommit=True) as connection,
        frozen(house, "training.due"),
    ):
        connection.execute(late)
        eventually(lambda: status(house.urls["training"])["due"]["late_seconds"] > 2)
        assert status(house.urls["training"])["due"]["waiting"] == 1
        connection.execute("DELETE FROM due WHERE key = 'nobody'")
    eventually(lambda: status(house.urls["training"])["due"] == {"waiting": 0, "late_seconds": 0.0})


def test_a_parked_fact_shows_and_leaves_the_service_ready(house: System) -> None:
    with psycopg.connect(house.database_url("training"), autocommit=True) as connection:
        connection.execute("ALTER TABLE courses ADD CONSTRAINT no_waffle CHECK (title <> 'Waffle') NOT VALID")
        stream, _ = draft(house.urls["training"], "Waffle")
        eventually(lambda: projection(house, "courses")["parked"] == 1)
        connection.execute("ALTER TABLE courses DROP CONSTRAINT no_waffle")
    assert ready(house.urls["training"])[0] == 200
    told = status(house.urls["training"])["checks"]["courses<training"]
    assert told["detail"].endswith("1 parked")
    assert alongside(house.data, "parked", "retry", "--stream", stream).code == DONE
    eventually(lambda: projection(house, "courses")["parked"] == 0)


def test_a_durable_that_somebody_deleted_is_made_again_and_facts_go_on(house: System) -> None:
    def applied() -> int:
        told = status(house.urls["training"])["projections"]
        return next(int(one["position"]) for one in told if one["source"] == "assignments")

    asyncio.run(delete_durable(house, "EV_UK_LONDON_ASSIGNMENTS", "training-mentors"))
    before = applied()
    with psycopg.connect(house.database_url("assignments")) as connection:
        (head,) = connection.execute("SELECT position FROM store_head").fetchone() or (0,)
    engage_mentor(house)
    eventually(lambda: applied() > max(before, head), SOON)
    is_well(house)


async def delete_durable(house: System, stream: str, durable: str) -> None:
    connection = await bus_of(house)
    assert await connection.jetstream().delete_consumer(stream, durable)
    await connection.close()


def engage_mentor(house: System) -> None:
    """A fact of assignments that training listens to."""
    header = {"Authorization": "Bearer dev:coordinator:uk-london:cora", "Idempotency-Key": "a-mentor"}
    body = {"name": "Ada", "email": "ada@example.org", "engaged_on": "2026-09-01"}
    answer = httpx.post(f"{house.urls['assignments']}/mentors", json=body, headers=header, trust_env=False)
    answer.raise_for_status()
