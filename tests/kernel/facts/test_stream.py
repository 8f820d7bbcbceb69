"""Facts as server-sent events: each as it comes, none left out after a break, nobody held up by a slow reader."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic

import httpx
import pytest

from shared.contracts.assignments.assignment import MentorAssigned
from shared.contracts.assignments.concern import SafeguardingConcernRaised
from shared.contracts.assignments.mentor import MentorEngaged
from shared.contracts.fact import contract_of
from shared.kernel.facts import pages, stream
from tests.kernel.facts.conftest import STAFF, House, serving
from tests.support.examples import example

ASSIGNED = contract_of(MentorAssigned).topic


@pytest.fixture
async def address(house: House) -> AsyncIterator[str]:
    async with serving(house.app) as (url, _):
        yield f"{url}/stream"


class Events:
    """What an event source sees: its events, the place it would come back to, and the comments."""

    def __init__(self, answer: httpx.Response) -> None:
        self._lines = answer.aiter_lines()
        self.last = ""
        self.comments: list[str] = []

    async def next(self) -> tuple[int, str, bytes]:
        """Position, topic and bytes of the next event; StopAsyncIteration at the end."""
        found: dict[str, str] = {}
        async with asyncio.timeout(10):
            async for line in self._lines:
                if not line:
                    self.last = found.get("id", self.last)
                    if "data" in found:
                        return int(self.last), found["event"], found["data"].encode()
                    found = {}
                    continue
                name, _, value = line.partition(":")
                if name:
                    found[name] = value.removeprefix(" ")
                else:
                    self.comments.append(value.strip())
        raise StopAsyncIteration


@asynccontextmanager
async def listening(
    address: str, headers: dict[str, str] = STAFF, last: str = "", **params: str | int
) -> AsyncIterator[Events]:
    sent = {**headers, **({"Last-Event-ID": last} if last else {})}
    async with (
        httpx.AsyncClient(timeout=15, trust_env=False) as client,
        client.stream("GET", address, params=params, headers=sent) as answer,
    ):
        assert answer.status_code == 200, await answer.aread()
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield Events(answer)


async def test_events_are_the_stored_bytes_and_come_again_from_where_they_broke_off(
    house: House, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "AT_ONCE_BYTES", 3000)
    monkeypatch.setattr(pages, "PAGE", 8)
    await house.record(*[example(MentorAssigned)] * 20)
    seen = []
    async with listening(address, after=0) as events:
        seen += [await events.next() for _ in range(7)]
        last = events.last
    house.begin_again()
    async with listening(address, after=0, last=last) as events:  # a browser comes back with the same address
        seen += [await events.next() for _ in range(13)]
        await house.record(*[example(MentorEngaged)] * 3)
        seen += [await events.next() for _ in range(3)]
    kept = await house.store.read(0)
    assert seen == [(one.position, one.topic, one.state) for one in kept]
    async with listening(address) as events:  # who says nothing hears what is new
        await house.record(example(MentorAssigned))
        assert (await events.next())[0] == 24


async def test_only_what_was_granted_and_asked_for_comes_and_the_place_moves_on_all_the_same(
    house: House, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT_SECONDS", 0.05)
    acme = house.grant("acme", ASSIGNED)
    async with listening(address, acme, after=0) as events, listening(address, types=ASSIGNED) as staffs:
        await house.record(example(MentorAssigned), example(MentorAssigned))
        await house.record(example(SafeguardingConcernRaised))
        await house.record(*[example(MentorEngaged)] * 3)
        for _ in range(2):
            assert (await events.next())[1] == ASSIGNED
            await staffs.next()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await events.next()
        assert events.last == "6"
        assert "here" in events.comments


async def test_a_grant_that_ends_ends_the_stream(house: House, address: str) -> None:
    acme, other = house.grant("acme", ASSIGNED), house.grant("other", ASSIGNED)
    async with listening(address, acme) as gone, listening(address, other) as rotated:
        await house.record(example(MentorAssigned))
        assert (await gone.next())[0] == (await rotated.next())[0] == 1
        house.revoke("acme")
        house.grant("other", ASSIGNED, token="two")
        await house.record(example(MentorAssigned))
        for ended in (gone, rotated):
            with pytest.raises(StopAsyncIteration):
                await ended.next()


async def test_a_place_that_cannot_be_is_told(house: House, address: str) -> None:
    async with httpx.AsyncClient(trust_env=False, headers=STAFF) as client:
        for headers, params, status, field in (
            ({"Last-Event-ID": "yesterday"}, {}, 422, "Last-Event-ID"),
            ({"Last-Event-ID": "7"}, {}, 409, "Last-Event-ID"),
            ({}, {"after": 7}, 409, "after"),
        ):
            answer = await client.get(address, headers=headers, params=params)
            assert answer.status_code == status, answer.text
            assert answer.json()["errors"][0]["field"] == field
    assert len(house.listeners) == 0


async def test_only_so_many_listen_and_who_left_makes_room(house: House, address: str) -> None:
    async with listening(address):
        house.listeners.most = 1
        async with httpx.AsyncClient(trust_env=False, headers=STAFF) as client:
            refused = await client.get(address)
        assert refused.status_code == 503
        assert refused.json()["code"] == "too_many_listeners"
        assert "retry-after" in refused.headers
    async with asyncio.timeout(5):
        while len(house.listeners):
            await asyncio.sleep(0.01)
    async with listening(address):
        assert len(house.listeners) == 1


async def test_many_who_listen_cost_the_store_one_reader(house: House, address: str) -> None:
    reads = []
    states = house.store.states

    async def counted(after: int, limit: int = 5000) -> list[tuple[int, bytes]]:
        reads.append(after)
        return await states(after, limit)

    house.store.states = counted  # type: ignore[method-assign]
    many = 40
    async with httpx.AsyncClient(
        timeout=15, trust_env=False, headers=STAFF, limits=httpx.Limits(max_connections=100)
    ) as client:
        answers = [await client.send(client.build_request("GET", address), stream=True) for _ in range(many)]
        listening = [Events(answer) for answer in answers]
        for count in range(1, 6):
            await house.record(example(MentorAssigned))
            assert {(await one.next())[0] for one in listening} == {count}
        for answer in answers:
            await answer.aclose()
    assert len(reads) <= 6


async def test_who_does_not_read_is_waited_for_and_nobody_else(house: House, address: str) -> None:
    """Nothing is read ahead for them: a window of the network is all that they have of the process."""
    url = httpx.URL(address)
    stuck = socket.socket()
    stuck.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    await asyncio.to_thread(stuck.connect, (url.host, url.port))
    head = f"GET {url.path}?after=0 HTTP/1.1\r\nHost: here\r\nAuthorization: {STAFF['Authorization']}\r\n\r\n"
    stuck.sendall(head.encode())
    while not listeners_of(house):
        await asyncio.sleep(0.01)
    told: dict[int, int] = {}
    next_ = stream._next

    async def noted(log: object, asked: object, position: int, head: int) -> tuple[bytes, int, int]:
        chunk, last, upto = await next_(log, asked, position, head)  # type: ignore[arg-type]
        told[id(asyncio.current_task())] = told.get(id(asyncio.current_task()), 0) + len(chunk)
        return chunk, last, upto

    stream._next = noted
    try:
        many = 2_000
        async with listening(address, after=0) as events:
            await house.record(*[example(MentorAssigned)] * many)
            for _ in range(many):
                await events.next()
    finally:
        stream._next = next_
    theirs, mine = sorted(told.values())
    assert mine > 1_500_000
    assert theirs < 300_000, f"{theirs} bytes were made for a client that reads nothing"
    stuck.close()
    async with asyncio.timeout(5):
        while listeners_of(house):
            await asyncio.sleep(0.01)


def listeners_of(house: House) -> int:
    found = getattr(house.app.state, "fact_listeners", None)
    return 0 if found is None else len(found)


async def test_when_the_process_stops_streams_end_as_if_there_was_nothing_more_to_say(house: House) -> None:
    async with serving(house.app) as (url, server), listening(f"{url}/stream") as events:
        await house.record(example(MentorAssigned))
        await events.next()
        began = monotonic()
        server.should_exit = True
        with pytest.raises(StopAsyncIteration):
            await events.next()
        assert monotonic() - began < 2
