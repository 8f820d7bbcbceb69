"""What falls due fires once for each time it is set to, whoever leads and whatever dies."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.types.json import Jsonb
from pydantic import SecretStr

from shared.kernel import faults
from shared.kernel.clock import Clock
from shared.kernel.due import loop
from shared.kernel.due.loop import DueLoop
from shared.kernel.projection import DueRow, Issue
from shared.kernel.service import Service
from shared.kernel.settings import Settings
from shared.kernel.store import Store
from tests.kernel.projections import specimens
from tests.kernel.projections.specimens import Move, counter, counting, rows

FIRED = "SELECT key, due_at, outcome FROM due_fired ORDER BY due_at, key"
FACTS = "SELECT originator_id FROM stored_events WHERE topic LIKE '%Moved%' ORDER BY notification_id"


def move(row: DueRow) -> Issue:
    stream = UUID(row.payload["counter"])
    return Issue(counting, stream, Move(stream, row.payload.get("by", 1), row.due_at))


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    specimens.prepare(database_url)
    async with await Store.open(database_url) as opened:
        await opened.create()
        await specimens.record(opened, specimens.opened(1), specimens.opened(2))
        yield opened


def put(database_url: str, key: str, due_at: datetime, n: int = 1, by: int = 1) -> None:
    """As a projection puts it: only time and payload."""
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "INSERT INTO due (kind, key, due_at, payload) VALUES ('move', %s, %s, %s) "
            "ON CONFLICT (kind, key) DO UPDATE SET due_at = excluded.due_at, payload = excluded.payload",
            (key, due_at, Jsonb({"counter": str(counter(n)), "by": by})),
        )


@asynccontextmanager
async def leading(store: Store, clock: Clock | None = None) -> AsyncIterator[DueLoop]:
    """A due loop of its own, as one process has it."""
    service = Service("specimens", (), specimens.metadata, None, due={"move": move})
    settings = Settings(database_url=SecretStr(store.database_url), region="testland", profile="dev")
    made = DueLoop(service, settings, store, clock or Clock(store.database_url))
    task = asyncio.create_task(made.run())
    try:
        yield made
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(true: Callable[[], Any], seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.01)


def now() -> datetime:
    return datetime.now(UTC)


async def test_it_fires_at_its_time_not_before_and_less_than_a_second_late(
    store: Store, database_url: str
) -> None:
    due_at = now() + timedelta(seconds=0.7)
    put(database_url, "soon", due_at)
    put(database_url, "later", now() + timedelta(days=1))
    async with leading(store) as due:
        await until(lambda: rows(database_url, FIRED))
        late = (rows(database_url, "SELECT fired_at FROM due_fired")[0][0] - due_at).total_seconds()
        assert 0 <= late < 1
        await until(lambda: due.state.waiting == 1)
    assert rows(database_url, FIRED) == [("soon", due_at, "done")]
    assert rows(database_url, FACTS) == [(counter(1),)]


async def test_two_leaders_and_a_death_after_the_command_fire_it_once(
    store: Store, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Died(Exception):
        """Stands for the end of the process."""

    async def reach(point: str) -> None:
        if point == "due.before_commit":
            monkeypatch.undo()
            raise Died

    monkeypatch.setattr(faults, "reach", reach)
    for n in range(20):
        put(database_url, f"{n:02}", now() - timedelta(seconds=n))
    async with leading(store):
        await until(lambda: rows(database_url, FACTS))
    async with leading(store), leading(store):
        await until(lambda: len(rows(database_url, FIRED)) == 20)
    assert len(rows(database_url, FACTS)) == 20
    assert [row[0] for row in rows(database_url, FIRED)] == [f"{n:02}" for n in reversed(range(20))]


async def test_a_restart_fires_nothing_again_even_when_the_rows_were_rebuilt(
    store: Store, database_url: str
) -> None:
    due_at = now()
    put(database_url, "once", due_at)
    async with leading(store):
        await until(lambda: rows(database_url, FIRED))
    with psycopg.connect(database_url) as connection:
        connection.execute("DELETE FROM due")
    put(database_url, "once", due_at)
    put(database_url, "new", now())
    async with leading(store) as due:
        await until(lambda: len(rows(database_url, FIRED)) == 2)
        await until(lambda: due.state.waiting == 0)
    assert len(rows(database_url, FACTS)) == 2


async def test_a_row_set_to_another_time_fires_again_and_a_dropped_one_does_not(
    store: Store, database_url: str
) -> None:
    put(database_url, "moved", now() - timedelta(hours=1))
    async with leading(store):
        await until(lambda: rows(database_url, FIRED))
        put(database_url, "moved", now() - timedelta(minutes=30))
        put(database_url, "dropped", now() + timedelta(seconds=0.4))
        with psycopg.connect(database_url) as connection:
            connection.execute("DELETE FROM due WHERE key = 'dropped'")
        await until(lambda: len(rows(database_url, FIRED)) == 2)
        put(database_url, "last", now())
        await until(lambda: len(rows(database_url, FIRED)) == 3)
    assert [row[0] for row in rows(database_url, FIRED)] == ["moved", "moved", "last"]


async def test_a_clock_that_jumps_is_noticed_within_a_second(store: Store, database_url: str) -> None:
    put(database_url, "next year", now() + timedelta(days=365))
    async with leading(store) as due:
        await until(lambda: due.state.waiting == 1)
        elsewhere = Clock(database_url)
        began = now()
        await elsewhere.move_to(now() + timedelta(days=366))
        await until(lambda: rows(database_url, FIRED))
    assert now() - began < timedelta(seconds=1.5)
    [(made_at,)] = rows(
        database_url, "SELECT convert_from(state, 'UTF8')::json->'data'->>'moved_at' FROM stored_events "
        "WHERE topic LIKE '%Moved%'",
    )  # fmt: skip
    assert datetime.fromisoformat(made_at) == rows(database_url, "SELECT due_at FROM due")[0][0]


async def test_a_failing_row_stays_open_tells_why_and_lets_others_go_on(
    store: Store, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "LATE_SECONDS", 0.5)
    put(database_url, "broken", now() - timedelta(minutes=1), by=5000)
    put(database_url, "fine", now())
    put(database_url, "closed", now(), n=3)
    async with leading(store) as due:
        await until(lambda: len(rows(database_url, FIRED)) == 2)
        await until(lambda: not due.state.ok)
        assert due.state.waiting == 1
        # Late from when it was there to be fired, not from the time it names.
        assert 0.5 < due.state.late_seconds < 60
    outcomes = {row[0]: row[2] for row in rows(database_url, FIRED)}
    assert outcomes == {"fine": "done", "closed": "refused: not_open"}
    assert rows(database_url, "SELECT key, error FROM due WHERE error <> ''") == [
        ("broken", "ValueError: a fault in the rules")
    ]
