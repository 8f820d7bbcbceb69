"""Policies and effects: their commands have their effect once, whatever is delivered again."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any

import pytest
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from shared.kernel import faults
from shared.kernel.clock import Clock
from shared.kernel.projection import Effect, Issue, Policy
from shared.kernel.projections import mending
from shared.kernel.projections.acting import ActingRunner
from shared.kernel.projections.checkpoints import Checkpoint
from shared.kernel.projections.issuing import Issuer
from shared.kernel.projections.waiting import Reached
from shared.kernel.recorded import Recorded
from shared.kernel.store import Store
from tests.kernel.projections.specimens import (
    NOON,
    CounterOpened,
    Move,
    Open,
    batch,
    counter,
    counting,
    moved,
    opened,
    rows,
)

Pool = AsyncConnectionPool[AsyncConnection[Any]]
FACTS = "SELECT topic FROM stored_events ORDER BY notification_id"
MIRROR = counter(99)
TOO_FAR = {"broken": 2000}


def mirror(recorded: Recorded[CounterOpened], found: Any) -> Iterator[Issue]:
    """Opens a counter whenever another one is opened, and moves it."""
    yield Issue(counting, MIRROR, Open(MIRROR, "mirror"))
    by = TOO_FAR.get(recorded.fact.name, 1)
    yield Issue(counting, MIRROR, Move(MIRROR, by, recorded.recorded_at))


mirroring = Policy("mirroring", (CounterOpened,), react=mirror)


class Died(BaseException):
    """Stands for the end of the process."""


@pytest.fixture
async def engine(database: str) -> AsyncIterator[AsyncEngine]:
    made = create_async_engine(make_url(database).set(drivername="postgresql+psycopg"))
    yield made
    await made.dispose()


@pytest.fixture
def run(pool: Pool, store: Store, engine: AsyncEngine, database: str) -> Any:
    issuer = Issuer(store, Clock(database), "testland", "mirrors")

    async def start(listener: Policy | Effect, reached: Reached | None = None, **more: Any) -> ActingRunner:
        runner = ActingRunner(pool, listener, "specimens", issuer, engine, reached or Reached(), **more)
        await runner.start()
        return runner

    return start


@pytest.mark.parametrize(
    "point", ["projection.before_commit", "projection.after_commit", "projection.before_ack"]
)
async def test_commands_of_a_policy_have_one_effect_whatever_dies_and_is_delivered_again(
    run: Any, database: str, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    runner = await run(mirroring)
    facts = batch([opened(1), moved(1), opened(2)])

    async def reach(reached: str) -> None:
        if reached == point:
            monkeypatch.undo()
            raise Died

    monkeypatch.setattr(faults, "reach", reach)
    with pytest.raises(Died):
        await runner.apply(facts)
    await runner.apply(facts)
    await runner.apply(facts)
    assert rows(database, FACTS) == [
        ("specimens.CounterOpened.v1",),
        ("specimens.CounterMoved.v1",),
        ("specimens.CounterMoved.v1",),
    ]
    assert rows(database, "SELECT position, parked FROM checkpoints") == [(3, 0)]


async def test_what_is_left_of_a_list_that_grew_shorter_meanwhile_is_done(run: Any, database: str) -> None:
    """As when sessions are cancelled: those that are, are not looked up again."""
    left, dies = [counter(91), counter(92), counter(93)], [True]

    def open_the_rest(recorded: Recorded[Any], found: Any) -> Iterator[Issue]:
        for stream in list(left):
            yield Issue(counting, stream, Open(stream, "rest"))

    class Dying(Issuer):
        async def issue(self, issue: Issue, **more: Any) -> str:
            answer = await super().issue(issue, **more)
            left.remove(issue.stream)
            if dies:
                dies.clear()
                raise Died
            return answer

    runner = await run(Policy("opening", (CounterOpened,), react=open_the_rest))
    runner._issuer = Dying(**{name: getattr(runner._issuer, name) for name in Issuer.__slots__})
    with pytest.raises(Died):
        await runner.apply(batch([opened(1)]))
    await runner.apply(batch([opened(1)]))
    assert rows(database, "SELECT count(DISTINCT originator_id) FROM stored_events") == [(3,)]


async def test_the_cause_and_the_story_are_carried_on(run: Any, store: Store) -> None:
    from shared.kernel import envelope

    [(_, cause)] = facts = batch([opened(1)])
    await (await run(mirroring)).apply(facts)
    [made, _] = [envelope.read(event.state) for event in await store.load(MIRROR)]
    assert (made.actor, made.correlationid) == ("policy:mirroring", "correlation")
    assert made.causationid == str(envelope.read(cause).id)


async def test_a_refusal_is_an_answer(run: Any, database: str) -> None:
    def move_only(recorded: Recorded[Any], found: Any) -> Iterable[Issue]:
        return [Issue(counting, MIRROR, Move(MIRROR, 1, NOON))]

    await (await run(Policy("hasty", (CounterOpened,), react=move_only))).apply(batch([opened(1)]))
    assert rows(database, FACTS) == []
    assert rows(database, "SELECT position, parked FROM checkpoints") == [(1, 0)]


async def test_any_other_failure_parks_the_key_and_a_retry_goes_on_without_doubling(
    run: Any, pool: Pool, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner = await run(mirroring)
    await runner.apply(batch([opened(1, "broken"), opened(2), opened(1)]))
    assert rows(database, "SELECT position, error FROM parked ORDER BY 1") == [
        (1, "ValueError: a fault in the rules"),
        (3, ""),
    ]
    assert len(rows(database, FACTS)) == 2
    dry = await mending.retry(pool, runner, counter(1), dry_run=True)
    assert (dry.done, dry.error, len(rows(database, FACTS))) == (2, "", 2)
    again = await mending.retry(pool, runner, counter(1))
    assert (again.done, again.error) == (0, "ValueError: a fault in the rules")
    assert rows(database, "SELECT attempts FROM parked ORDER BY position") == [(2,), (1,)]
    monkeypatch.delitem(TOO_FAR, "broken")
    mended = await mending.retry(pool, runner, counter(1))
    assert (mended.done, mended.error) == (2, "")
    assert rows(database, "SELECT count(*) FROM parked") == [(0,)]
    assert rows(database, "SELECT parked FROM checkpoints") == [(0,)]
    assert [topic for (topic,) in rows(database, FACTS)].count("specimens.CounterOpened.v1") == 1
    assert len(rows(database, FACTS)) == 4


async def test_an_effect_is_tried_again_when_the_connection_fails_and_never_after_it_succeeded(
    run: Any, database: str
) -> None:
    tried: list[int] = []

    async def perform(recorded: Recorded[Any], found: Any) -> Iterable[Issue]:
        tried.append(recorded.position)
        if len(tried) < 3:
            raise ConnectionResetError("the mail server hung up")
        return [Issue(counting, MIRROR, Open(MIRROR, "sent"))]

    runner = await run(Effect("letters", (CounterOpened,), perform=perform))
    facts = batch([opened(1), opened(2)])
    await runner.apply(facts)
    assert tried == [1, 1, 1, 2]
    await runner.apply(facts)
    assert tried == [1, 1, 1, 2]
    assert rows(database, "SELECT position FROM checkpoints") == [(2,)]


async def test_an_effect_that_can_not_reach_the_world_is_parked_and_the_others_go_on(
    run: Any, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.kernel.projections.acting.ATTEMPTS", 2)

    async def perform(recorded: Recorded[Any], found: Any) -> Iterable[Issue]:
        if recorded.stream == counter(1):
            raise ConnectionRefusedError("nobody there")
        return ()

    await (await run(Effect("letters", (CounterOpened,), perform=perform))).apply(
        batch([opened(1), opened(2)])
    )
    assert rows(database, "SELECT position, error FROM parked") == [
        (1, "ConnectionRefusedError: nobody there")
    ]
    assert rows(database, "SELECT position, parked FROM checkpoints") == [(2, 1)]


async def test_a_policy_looks_into_a_read_model_that_has_seen_the_fact(run: Any, database: str) -> None:
    found: list[Any] = []

    async def look_up(db: Any, recorded: Recorded[Any]) -> Any:
        return (await db.execute(text("SELECT count(*) FROM counters"))).scalar_one()

    def react(recorded: Recorded[Any], looked_up: Any) -> Iterable[Issue]:
        found.append(looked_up)
        return ()

    reached = Reached()
    runner = await run(
        Policy("careful", (CounterOpened,), react=react, look_up=look_up),
        reached,
        projections=lambda source: frozenset({"totals"}) if source == "specimens" else frozenset(),
    )
    applying = asyncio.create_task(runner.apply(batch([opened(1)])))
    for _ in range(20):
        await asyncio.sleep(0)
    assert not applying.done()
    rows_before = found.copy()
    reached.moved("totals", "specimens", Checkpoint(1, 0))
    await applying
    assert (rows_before, found) == ([], [0])
