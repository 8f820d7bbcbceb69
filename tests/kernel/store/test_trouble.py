"""The store when connections break, processes race and the library writes to the same log."""

import asyncio
import sys
from collections.abc import AsyncIterator
from uuid import uuid4

import psycopg
import pytest
from eventsourcing.persistence import IntegrityError
from eventsourcing.persistence import StoredEvent as LibraryEvent

from shared.kernel.decider import Claim
from shared.kernel.store import Append, Request, RequestSeen, Store, StoreUnavailable
from shared.kernel.store.recorder import Recorder
from shared.kernel.store.store import create_tables
from tests.kernel.store.test_append import TOPIC, one
from tests.support.cut_line import CutLine, cut_line


@pytest.fixture
async def line(database_url: str) -> AsyncIterator[tuple[CutLine, Store]]:
    create_tables(database_url)
    async with cut_line(database_url) as (cut, url):
        store = Store(url)
        await store._reader.open()
        store._writer.start()
        try:
            yield cut, store
        finally:
            await store.close()


async def test_a_lost_commit_acknowledgement_is_answered_as_the_success_it_was(
    line: tuple[CutLine, Store],
) -> None:
    cut, store = line
    await store.append(one())
    await store.append(one())  # the statement is prepared by now: the next answer is the commit's
    taken = frozenset([Claim("child:ada", "taken", "is taken")])
    appends = [one(take=taken, request=Request("key", b"", 201, b"{}")), one(), one()]
    cut.lose_next_answer()
    answers = await asyncio.gather(*[store.append(append) for append in appends])
    assert cut.cuts == 1
    assert sorted(answer.position for answer in answers) == [3, 4, 5]
    assert await store.head() == 5
    with pytest.raises(RequestSeen):
        await store.append(one(request=Request("key", b"", 201, b"{}")))


async def test_killed_connections_lose_and_double_nothing(store: Store, database_url: str) -> None:
    async def kill_often() -> None:
        async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
            for _ in range(10):
                await connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s",
                    ("alongside store writer",),
                )
                await asyncio.sleep(0.05)  # let some batches through between two kills

    appends = [one() for _ in range(2000)]
    answers, _ = await asyncio.gather(
        asyncio.gather(*[store.append(append) for append in appends]), kill_often()
    )
    log = await store.read(0)
    assert sorted(answer.position for answer in answers) == [event.position for event in log]
    stored = {event.stream: event for event in log}
    for append, answer in zip(appends, answers, strict=True):
        assert stored[append.stream].position == answer.position
        assert stored[append.stream].state == append.events[0][1]


async def test_a_database_that_is_away_is_said_to_be(database_url: str) -> None:
    create_tables(database_url)
    async with cut_line(database_url) as (_, url):
        pass
    store = Store(url, patience=0.3)
    store._writer.start()
    try:
        with pytest.raises(StoreUnavailable, match="same key"):
            await store.append(one())
    finally:
        await store._writer.close()


WRITE = """
import asyncio, sys
from uuid import uuid4
from shared.kernel.store import Append, Store
async def main():
    async with await Store.open(sys.argv[1]) as store:
        await asyncio.gather(*[store.append(Append(uuid4(), 0, [("tests.Happened.v1", b"x")])) for _ in range(2000)])
asyncio.run(main())
"""


async def test_many_processes_write_one_dense_log_that_a_follower_never_sees_with_a_gap(
    store: Store, database_url: str
) -> None:
    command = [sys.executable, "-c", WRITE, database_url]
    writers = [await asyncio.create_subprocess_exec(*command) for _ in range(3)]
    position = 0
    while position < 6000:
        assert await store.wait_beyond(position, 20.0) > position
        for event in await store.read(position):
            assert event.position == position + 1
            position = event.position
    assert [await writer.wait() for writer in writers] == [0, 0, 0]
    assert await store.head() == 6000


async def test_another_process_wakes_who_waits_for_the_head(store: Store, database_url: str) -> None:
    waiting = asyncio.create_task(store.wait_beyond(0, 30.0))
    async with await Store.open(database_url) as other:
        await other.append(one())
        async with asyncio.timeout(5):
            assert await waiting == 1


async def test_the_library_writes_and_reads_the_same_dense_log(store: Store, database_url: str) -> None:
    await store.append(one())
    recorder = Recorder.open(database_url)
    try:
        stream = uuid4()
        events = [LibraryEvent(stream, version, TOPIC, b"x") for version in (1, 2)]
        assert await asyncio.to_thread(recorder.insert_events, events) == range(2, 4)
        with pytest.raises(IntegrityError):
            recorder.insert_events([LibraryEvent(uuid4(), 1, TOPIC, b"y"), events[1]])
        assert [n.id for n in recorder.select_notifications(1, 10)] == [1, 2, 3]
        assert recorder.max_notification_id() == 3
    finally:
        recorder.datastore.close()
    assert (await store.append(Append(stream, 2, [(TOPIC, b"z")]))).position == 4
