"""A region is replayed in the background: it can be watched, put down, killed and taken up, and answers the same."""

import asyncio
import os
import signal
import sys
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import orjson
import pytest
from psycopg import AsyncConnection
from sqlalchemy.ext.asyncio import create_async_engine

from services.audit.main import service
from services.audit.read_model import replays
from services.audit.read_model.answers import answer
from services.audit.read_model.kinds import Asked
from services.audit.read_model.known import extent
from services.audit.replay.answer import canonical
from services.audit.replay.taking_up import TakingUp
from services.audit.replay.work import work
from services.audit.replay.workers import process_of
from services.audit.subscriptions import SOURCES
from shared.contracts.assignments.assignment import AssignmentEnded, MentorAssigned, PrimaryStoodAside
from shared.contracts.assignments.child import ChildAccepted, ChildActivated, ChildPaused
from shared.contracts.assignments.mentor import MentorEngaged
from shared.contracts.sessions.session import (
    SessionCancelled,
    SessionRescheduled,
    SessionScheduled,
    SessionStarted,
)
from shared.contracts.training.standing import MentorCleared
from shared.kernel.migrations import migrate
from tests.audit.history import Happened, keep
from tests.support.examples import example
from tests.support.served import served

MONDAY = date(2026, 9, 7)
NINE = datetime(2026, 9, 7, 9, tzinfo=UTC)
DAY = timedelta(days=1)
CHILDREN = 6


def of(name: str, number: int) -> UUID:
    return uuid5(UUID(int=7), f"{name} {number}")


def region() -> list[Happened]:
    """Six children: each has a mentor; the last two are without that day, one paused; a session each, one moved."""
    found: list[Happened] = []

    def add(after: int, kind: Any, number: int, **changed: Any) -> None:
        ids = {
            name: of(name, number)
            for name in ("child_id", "mentor_id", "assignment_id", "session_id")
            if name in kind.model_fields
        }
        found.append(
            Happened(
                NINE + after * DAY + timedelta(seconds=len(found)),
                example(kind).model_copy(update=ids | changed),
            )
        )

    for number in range(CHILDREN):
        add(-30, ChildAccepted, number, accepted_on=MONDAY - 30 * DAY)
        add(-29, ChildActivated, number, activated_on=MONDAY - 20 * DAY)
        add(-28, MentorEngaged, number, engaged_on=MONDAY - 40 * DAY)
        add(-27, MentorCleared, number, cleared_on=MONDAY - 25 * DAY)
        add(
            -26,
            MentorAssigned,
            number,
            effective_from=MONDAY - 20 * DAY,
            effective_until=None,
            days=None,
            role="primary",
        )
        starts = NINE + (2 * DAY if number == 0 else timedelta())
        add(
            -25,
            SessionScheduled,
            number,
            starts_at=starts,
            ends_at=starts + timedelta(hours=1),
            time_zone="Europe/London",
        )
    add(
        -3,
        SessionRescheduled,
        0,
        starts_at=NINE,
        ends_at=NINE + timedelta(hours=1),
        time_zone="Europe/London",
    )
    add(-2, SessionCancelled, 3, starts_at=NINE)
    add(-2, PrimaryStoodAside, 4, days=(MONDAY,))
    add(-2, AssignmentEnded, 5, ended_on=MONDAY)
    add(-1, ChildPaused, 3, paused_from=MONDAY)
    add(0, SessionStarted, 1, started_at=NINE)
    add(9, ChildPaused, 1, paused_from=MONDAY)
    return found


async def state(database_url: str, known_at: datetime, on: date = MONDAY) -> dict[str, Any]:
    engine = create_async_engine(database_url.replace("postgresql://", "postgresql+psycopg://"))
    async with engine.connect() as db:
        found = await extent(db, known_at, SOURCES, verified=False)
        told = await answer(db, "region-state", Asked(on=on), found)
    await engine.dispose()
    return told


async def begun(database_url: str, known_at: datetime) -> UUID:
    engine = create_async_engine(database_url.replace("postgresql://", "postgresql+psycopg://"))
    async with engine.connect() as db:
        found = await extent(db, known_at, SOURCES, verified=False)
        replay_id = await replays.begin(db, MONDAY, found, "auditor:ines")
    await engine.dispose()
    return replay_id


async def one(database_url: str, asked: str, *values: Any) -> Any:
    async with await AsyncConnection.connect(database_url, autocommit=True) as connection:
        row = await (await connection.execute(asked, values)).fetchone()
        assert row is not None
        return row[0]


@pytest.fixture
async def filled(database_url: str) -> str:
    migrate(database_url, service.migrations)
    await keep(database_url, region())
    return database_url


async def test_the_region_on_a_day_as_known_at_a_moment(filled: str) -> None:
    told = (await state(filled, NINE + DAY))["state"]
    assert told["counts"] == {
        "children": {"active": 5, "paused": 1},
        "mentors": {"engaged": 6, "deployable": 0},
        "not_deployable": 6,
        "supports": 5,
        "uncovered": 2,
        "sessions": {"all": 6, "cancelled": 1, "planned": 4, "started": 1},
    }
    assert told["uncovered"] == sorted(
        [
            {"child_id": str(of("child_id", 4)), "why": "primary_stood_aside"},
            {"child_id": str(of("child_id", 5)), "why": "no_primary"},
        ],
        key=lambda found: found["child_id"],
    )
    later = (await state(filled, NINE + 10 * DAY))["state"]
    assert later["counts"]["children"] == {"active": 4, "paused": 2}
    before = (await state(filled, NINE - 10 * DAY))["state"]
    assert before["counts"]["sessions"] == {"all": 5, "planned": 5}


async def test_a_replay_answers_what_the_question_answers_and_the_same_again(filled: str) -> None:
    replay_id = await begun(filled, NINE + DAY)
    assert await begun(filled, NINE + DAY) == replay_id
    assert await work(filled, replay_id, size=3) == "done"
    result = bytes(await one(filled, "SELECT result FROM replays WHERE id = %s", replay_id))
    assert result == canonical(await state(filled, NINE + DAY))


async def test_a_replay_that_is_put_down_goes_on_where_it_was(filled: str) -> None:
    replay_id = await begun(filled, NINE + DAY)
    left = iter([True] * 4 + [False])
    assert await work(filled, replay_id, lambda: next(left), size=3) == "folding"
    position = await one(filled, "SELECT position FROM replays WHERE id = %s", replay_id)
    assert position == 5 * 3
    # what lies behind is not read again
    await one(
        filled, "UPDATE facts SET body = '' WHERE source = 'assignments' AND position <= 15 RETURNING 1"
    )
    assert await work(filled, replay_id, size=3) == "done"
    told = orjson.loads(bytes(await one(filled, "SELECT result FROM replays WHERE id = %s", replay_id)))
    assert told["unread"] == {}
    assert told["state"]["counts"]["children"] == {"active": 5, "paused": 1}


async def test_a_killed_replay_is_taken_up(filled: str) -> None:
    replay_id = await begun(filled, NINE + DAY)
    async with await AsyncConnection.connect(filled) as holds:
        # nobody gets at the facts of training meanwhile, so that the process is killed in the middle
        await holds.execute("LOCK TABLE facts IN ACCESS EXCLUSIVE MODE")
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "services.audit.replay.work",
            str(replay_id),
            stdin=asyncio.subprocess.PIPE,
            env=os.environ | {"ALONGSIDE_DATABASE_URL": filled, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        while await one(filled, "SELECT state FROM replays WHERE id = %s", replay_id) != "folding":
            await asyncio.sleep(0.02)
        assert await work(filled, replay_id) == "busy"
        process.send_signal(signal.SIGKILL)
        await process.wait()
    async with served(service, filled, NINE + 2 * DAY) as audit:
        while (await audit.ask(f"/replays/{replay_id}", role="auditor"))["state"] != "interrupted":
            await asyncio.sleep(0.02)
        answer = await audit.command(f"/replays/{replay_id}/resume", role="auditor")
        assert answer.status_code == 202, answer.text
        while (found := await audit.ask(f"/replays/{replay_id}", role="auditor"))["state"] != "done":
            await asyncio.sleep(0.02)
        assert (found["percent"], found["seconds_left"]) == (100.0, None)
        result = await audit.get(f"/replays/{replay_id}/result", role="auditor")
        while process_of(replay_id):
            await asyncio.sleep(0.02)
    assert result.content == canonical(await state(filled, NINE + DAY))
    assert orjson.loads(result.content)["result_sha256"] == found["result_sha256"]


async def test_the_service_takes_up_by_itself_what_was_interrupted(filled: str) -> None:
    replay_id = await begun(filled, NINE + DAY)
    left = iter([True, False])
    assert await work(filled, replay_id, lambda: next(left), size=3) == "folding"
    async with served(service, filled, NINE + 2 * DAY) as audit:
        taking_up = TakingUp(audit.running)
        await taking_up.look()
        assert taking_up.state == (True, "1 interrupted replays taken up")
        while process_of(replay_id):
            await asyncio.sleep(0.02)
        assert (await audit.ask(f"/replays/{replay_id}", role="auditor"))["state"] == "done"


async def test_a_replay_is_cancelled_and_taken_up_again(filled: str) -> None:
    replay_id = await begun(filled, NINE + DAY)
    asked = iter(range(100))

    def cancel_at_once() -> bool:
        return next(asked) < 1

    await work(filled, replay_id, cancel_at_once, size=3)
    async with served(service, filled, NINE + 2 * DAY) as audit:
        found = await audit.done(f"/replays/{replay_id}/cancel", role="auditor")
        assert (found["state"], found["folded"]) == ("cancelled", 6)
        assert await work(filled, replay_id) == "gone"
        assert (await audit.get(f"/replays/{replay_id}/result", role="auditor")).status_code == 409
        assert (await audit.command(f"/replays/{replay_id}/resume", role="mentor")).status_code == 403
    await one(filled, "UPDATE replays SET state = 'waiting' WHERE id = %s RETURNING 1", replay_id)
    assert await work(filled, replay_id) == "done"
