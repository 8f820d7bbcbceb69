"""An effect on several facts at a time keeps what one at a time promises."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from shared.kernel import faults
from shared.kernel.clock import Clock
from shared.kernel.projection import Effect, Issue
from shared.kernel.projections.abreast import AHEAD, Abreast
from shared.kernel.projections.acting import ActingRunner
from shared.kernel.projections.issuing import Issuer
from shared.kernel.projections.listening import Heard
from shared.kernel.projections.waiting import Reached
from shared.kernel.recorded import Recorded
from shared.kernel.store import Store, StoreUnavailable
from tests.kernel.projections.specimens import (
    CounterMoved,
    CounterOpened,
    batch,
    counter,
    moved,
    opened,
    rows,
)

CHECKPOINT = "SELECT position, parked FROM checkpoints"
Perform = Callable[[Recorded[Any]], Awaitable[None]]


class Died(BaseException):
    """Stands for the end of the process."""


@pytest.fixture
async def run(
    pool: AsyncConnectionPool[AsyncConnection[Any]], store: Store, database: str
) -> AsyncIterator[Any]:
    engine: AsyncEngine = create_async_engine(make_url(database).set(drivername="postgresql+psycopg"))
    issuer = Issuer(store, Clock(database), "testland", "mirrors")

    async def start(perform: Perform, at_once: int = 4) -> ActingRunner:
        async def do(recorded: Recorded[Any], found: Any) -> Iterable[Issue]:
            await perform(recorded)
            return ()

        effect = Effect("letters", (CounterOpened, CounterMoved), perform=do, at_once=at_once)
        runner = ActingRunner(pool, effect, "specimens", issuer, engine, Reached())
        await runner.start()
        return runner

    yield start
    await engine.dispose()


async def test_facts_of_different_streams_are_under_way_together(run: Any, database: str) -> None:
    together = asyncio.Barrier(3)

    async def perform(recorded: Recorded[Any]) -> None:
        async with asyncio.timeout(5):
            await together.wait()

    await (await run(perform, 3)).apply(batch([opened(1), opened(2), opened(3)]))
    assert rows(database, CHECKPOINT) == [(3, 0)]


async def test_one_at_a_time_means_one_at_a_time(run: Any) -> None:
    under_way, most = 0, 0

    async def perform(recorded: Recorded[Any]) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0)
        under_way -= 1

    await (await run(perform, 1)).apply(batch([opened(n) for n in range(5)]))
    assert most == 1


async def test_facts_of_one_stream_keep_their_order(run: Any) -> None:
    under_way: Counter[UUID] = Counter()
    seen: dict[UUID, list[int]] = {}

    async def perform(recorded: Recorded[Any]) -> None:
        under_way[recorded.stream] += 1
        assert under_way[recorded.stream] == 1
        seen.setdefault(recorded.stream, []).append(recorded.position)
        await asyncio.sleep(0.001 * (recorded.position % 3))
        under_way[recorded.stream] -= 1

    await (await run(perform, 8)).apply(batch([moved(n % 4) for n in range(40)]))
    assert all(positions == sorted(positions) for positions in seen.values())
    assert sum(len(positions) for positions in seen.values()) == 40


async def test_the_checkpoint_waits_for_the_first_that_is_not_done(run: Any, database: str) -> None:
    first, others = asyncio.Event(), asyncio.Event()
    done: list[int] = []

    async def perform(recorded: Recorded[Any]) -> None:
        if recorded.position == 2:
            await first.wait()
        done.append(recorded.position)
        if len(done) == 4:
            others.set()

    runner = await run(perform)
    applying = asyncio.create_task(runner.apply(batch([opened(n) for n in range(5)])))
    await asyncio.wait_for(others.wait(), 5)
    assert rows(database, CHECKPOINT) in ([(0, 0)], [(1, 0)])
    first.set()
    await applying
    assert rows(database, CHECKPOINT) == [(5, 0)]
    assert sorted(done) == [1, 2, 3, 4, 5]


async def test_what_was_done_beside_a_failure_is_not_done_again(run: Any, database: str) -> None:
    tried: Counter[int] = Counter()
    beside = asyncio.Event()

    async def perform(recorded: Recorded[Any]) -> None:
        tried[recorded.position] += 1
        if recorded.position == 1 and tried[1] == 1:
            await beside.wait()
            raise StoreUnavailable("away")
        if recorded.position == 3:
            beside.set()

    runner = await run(perform, 3)
    facts = batch([opened(n) for n in range(6)])
    with pytest.raises(StoreUnavailable):
        await runner.apply(facts)
    assert rows(database, CHECKPOINT) == [(0, 0)]
    await runner.apply(facts)
    assert rows(database, CHECKPOINT) == [(6, 0)]
    assert tried == {1: 2, 2: 1, 3: 1, 4: 1, 5: 1, 6: 1}


async def test_a_checkpoint_that_could_not_be_moved_costs_no_second_performance(
    run: Any, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: Counter[int] = Counter()

    async def perform(recorded: Recorded[Any]) -> None:
        tried[recorded.position] += 1
        if recorded.stream == counter(1):
            raise ValueError("no such address")

    async def reach(point: str) -> None:
        if point == "projection.before_commit":
            monkeypatch.undo()
            raise OSError("the database went away")

    monkeypatch.setattr(faults, "reach", reach)
    runner = await run(perform)
    facts = batch([opened(1), opened(2), moved(1)])
    with pytest.raises(OSError, match="went away"):
        await runner.apply(facts)
    await runner.apply(facts)
    assert tried == {1: 1, 2: 1}
    assert rows(database, CHECKPOINT) == [(3, 2)]
    assert rows(database, "SELECT position, error FROM parked ORDER BY 1") == [
        (1, "ValueError: no such address"),
        (3, ""),
    ]


@pytest.mark.parametrize("point", ["projection.before_commit", "projection.after_commit"])
async def test_whatever_dies_everything_is_done_and_little_twice(
    run: Any, database: str, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    tried: Counter[int] = Counter()

    async def perform(recorded: Recorded[Any]) -> None:
        tried[recorded.position] += 1

    async def reach(reached: str) -> None:
        if reached == point:
            monkeypatch.undo()
            raise Died

    monkeypatch.setattr(faults, "reach", reach)
    facts = batch([opened(n) for n in range(30)])
    with pytest.raises(Died):
        await (await run(perform)).apply(facts)
    ((checkpoint, _),) = rows(database, CHECKPOINT)
    assert set(range(1, checkpoint + 1)) <= set(tried)
    await (await run(perform)).apply(facts)
    assert set(tried) == set(range(1, 31))
    assert not [position for position, times in tried.items() if position <= checkpoint and times > 1]


async def test_a_runner_that_is_stopped_leaves_nothing_under_way(run: Any, database: str) -> None:
    begun, stopped = asyncio.Barrier(3), []

    async def perform(recorded: Recorded[Any]) -> None:
        try:
            await begun.wait()
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            stopped.append(recorded.position)
            raise

    applying = asyncio.create_task((await run(perform, 2)).apply(batch([opened(1), opened(2), opened(3)])))
    await begun.wait()
    applying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await applying
    assert sorted(stopped) == [1, 2]
    assert rows(database, CHECKPOINT) == [(0, 0)]


def heard(position: int, stream: int) -> Heard:
    return Heard(position, counter(stream), "topic", b"")


def test_none_is_begun_far_ahead_of_the_first_that_is_not_done() -> None:
    line = Abreast([heard(n, n) for n in range(1, 3 * AHEAD)], {})
    first = line.begin()
    begun = 1
    while fact := line.begin():
        line.finish(fact, None)
        begun += 1
    assert begun == AHEAD
    assert line.reached() == (0, [])
    assert first
    line.finish(first, None)
    assert line.reached() == (AHEAD, [])
    line.passed(AHEAD)
    assert line.begin()


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 3), max_size=40), st.data())
def test_in_whatever_order_they_end_none_is_left_out_and_no_stream_is_in_two_hands(
    streams: list[int], data: st.DataObject
) -> None:
    facts = [heard(at, stream) for at, stream in enumerate(streams, start=1)]
    line = Abreast(facts, {})
    under_way: list[Heard] = []
    finished: set[int] = set()
    parked: list[int] = []
    checkpoint = 0
    while True:
        while len(under_way) < 3 and (fact := line.begin()):
            assert fact.stream not in {found.stream for found in under_way}
            assert all(earlier.position in finished for earlier in facts[: fact.position - 1]
                       if earlier.stream == fact.stream)  # fmt: skip
            under_way.append(fact)
        if not under_way:
            break
        ended = under_way.pop(data.draw(st.integers(0, len(under_way) - 1)))
        line.finish(ended, ended.parked("no") if ended.position % 5 == 0 else None)
        finished.add(ended.position)
        position, found = line.reached()
        if position and data.draw(st.booleans()):
            assert set(range(1, position + 1)) <= finished
            line.passed(position)
            parked += [fact.position for fact in found]
            checkpoint = position
    position, found = line.reached()
    assert max(position, checkpoint) == len(facts)
    assert parked + [fact.position for fact in found] == list(range(5, len(facts) + 1, 5))
