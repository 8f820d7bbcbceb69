"""The feed: every fact once, in order, byte for byte, to whom it was granted, in pages that never change."""

import asyncio
import gzip

import httpx
import orjson
import pytest

from shared.contracts.assignments.assignment import MentorAssigned
from shared.contracts.assignments.concern import SafeguardingConcernRaised
from shared.contracts.assignments.mentor import MentorEngaged
from shared.contracts.fact import contract_of
from shared.kernel.facts import feed, listeners
from tests.kernel.facts.conftest import House
from tests.kernel.facts.mirror import Mirror
from tests.support.examples import example

ASSIGNED, ENGAGED = contract_of(MentorAssigned).topic, contract_of(MentorEngaged).topic
CONCERN = contract_of(SafeguardingConcernRaised).topic
AT = "/assignments/facts"


async def stored(house: House) -> list[bytes]:
    return [event.state for event in await house.store.read(0)]


async def test_a_mirror_equals_the_store_although_facts_are_written_and_both_are_restarted(
    house: House, client: httpx.AsyncClient
) -> None:
    many, mirror = 60, Mirror(limit=7)

    async def write() -> None:
        for _ in range(many // 3):
            await house.record(*[example(MentorAssigned)] * 3)

    writing = asyncio.create_task(write())
    for upto in (10, 33, many):
        await mirror.follow(client, upto)
        house.begin_again()
        mirror_again = Mirror(limit=7, after=mirror.after)
        mirror_again.kept, mirror = mirror.kept, mirror_again
    await writing
    assert mirror.kept == await stored(house)
    assert len(mirror.kept) == many


async def test_whoever_uses_the_same_limit_asks_for_the_same_pages(
    house: House, client: httpx.AsyncClient
) -> None:
    await house.record(*[example(MentorAssigned)] * 40)
    from_start, from_middle = Mirror(limit=10), Mirror(limit=10, after=13)
    await from_start.follow(client, 40)
    await from_middle.follow(client, 40)
    assert from_middle.pages[1:] == from_start.pages[2:]
    assert from_start.kept[13:] == from_middle.kept


async def test_a_full_page_never_changes_and_one_that_is_not_is_asked_for_again(
    house: House, client: httpx.AsyncClient
) -> None:
    """It is kept for ever as soon as it can't be taken for the last one."""
    await house.record(*[example(MentorAssigned)] * 5)
    last = await client.get(AT, params={"limit": 5})
    nothing = await client.get(AT, params={"after": 5, "limit": 5})
    assert last.headers["cache-control"] == nothing.headers["cache-control"] == feed.ASK_AGAIN
    assert nothing.json() == {"facts": [], "positions": [], "after": 5, "head": 5}
    await house.record(example(MentorEngaged))
    full = await client.get(AT, params={"limit": 5}, headers={"If-None-Match": last.headers["etag"]})
    assert full.status_code == 200, "who was told that this is the end must hear that it is not"
    assert full.headers["cache-control"] == feed.FOR_EVER
    assert "immutable" in feed.FOR_EVER
    assert full.json()["facts"] == last.json()["facts"]
    assert full.json()["head"] == 6
    await house.record(example(MentorEngaged))
    for page, params, status in ((full, {"limit": 5}, 304), (nothing, {"after": 5, "limit": 5}, 200)):
        tag = {"If-None-Match": f'"other", {page.headers["etag"]}'}
        again = await client.get(AT, params=params, headers=tag)
        assert again.status_code == status
        assert bool(again.content) == (status == 200)
        assert int(again.headers["alongside-head"]) > 5


async def test_who_asks_after_something_was_recorded_is_told_of_it(
    house: House, client: httpx.AsyncClient
) -> None:
    """Although many ask at once, and share looks at the store."""

    async def one() -> None:
        for _ in range(5):
            position = await house.record(example(MentorAssigned))
            page = (await client.get(AT, params={"after": position - 1, "limit": 1000})).json()
            assert position in page["positions"]

    await asyncio.gather(*[one() for _ in range(8)])


async def test_an_integrator_sees_what_was_granted_and_its_place_moves_past_the_rest(
    house: House, client: httpx.AsyncClient
) -> None:
    await house.record(*[example(MentorEngaged)] * 4)
    await house.record(example(MentorAssigned))
    await house.record(*[example(MentorEngaged)] * 4)
    acme = house.grant("acme", ASSIGNED)
    page = await client.get(AT, params={"limit": 8}, headers=acme)
    found = page.json()
    assert [fact["type"] for fact in found["facts"]] == [ASSIGNED]
    assert (found["positions"], found["after"], found["head"]) == ([5], 8, 9)
    assert page.content.startswith(b'{"facts":[' + (await stored(house))[4] + b"],")
    assert page.headers["cache-control"] == feed.ASK_AGAIN  # more may be granted, and then it holds more
    named = await client.get(AT, params={"limit": 8, "types": ASSIGNED}, headers=acme)
    assert named.headers["cache-control"] == feed.FOR_EVER
    assert named.json() == found
    house.grant("acme", ASSIGNED, ENGAGED)
    known = {**acme, "If-None-Match": page.headers["etag"]}
    assert len((await client.get(AT, params={"limit": 8}, headers=known)).json()["facts"]) == 8


async def test_what_is_not_granted_is_refused_by_name(house: House, client: httpx.AsyncClient) -> None:
    await house.record(example(MentorAssigned))
    acme = house.grant("acme", ASSIGNED)
    other = house.grant("other", "sessions.SessionApproved.v1")
    for headers, types, status, code in (
        (acme, ENGAGED, 403, "not_granted"),
        (acme, CONCERN, 403, "not_granted"),
        (other, None, 403, "not_granted"),
        ({"Authorization": "Bearer asi_nobody"}, None, 401, "not_identified"),
        ({"Authorization": "Bearer dev:integrator:uk-london:unknown"}, None, 403, "not_granted"),
        ({"Authorization": "Bearer dev:operator:uk-north:olu"}, None, 403, "not_allowed"),
        ({"Authorization": "Bearer dev:coordinator:uk-london:ruth"}, None, 403, "not_allowed"),
    ):
        for at in (AT, AT + "/stream"):
            answer = await client.get(at, params={"types": types} if types else {}, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


async def test_restricted_facts_are_shown_to_nobody_here(house: House, client: httpx.AsyncClient) -> None:
    await house.record(example(SafeguardingConcernRaised))
    await house.record(example(MentorAssigned))
    found = (await client.get(AT)).json()
    assert [fact["type"] for fact in found["facts"]] == [ASSIGNED]
    assert found["after"] == 2
    assert (await client.get(AT, params={"types": CONCERN})).status_code == 403


async def test_personal_data_stays_sealed_and_old_facts_in_clear_are_left_out(
    house: House, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.record(example(MentorEngaged))
    fact = (await client.get(AT)).json()["facts"][0]
    assert fact["data"]["name"].startswith("sealed:")
    state = (await stored(house))[0]
    data = {**orjson.loads(state), "data": {**fact["data"], "name": "Grace Okafor"}}

    async def of_old(after: int, limit: int) -> list[tuple[int, bytes]]:
        return [(1, orjson.dumps(data))]

    monkeypatch.setattr(house.store, "states", of_old)
    house.begin_again()
    answer = await client.get(AT)
    assert "Grace" not in answer.text
    assert answer.json()["facts"] == []


async def test_rubbish_is_refused_by_the_name_of_its_field(house: House, client: httpx.AsyncClient) -> None:
    await house.record(example(MentorAssigned))
    for params, field, status in (
        ({"after": "-1"}, "after", 422),
        ({"after": "soon"}, "after", 422),
        ({"after": str(2**63)}, "after", 422),
        ({"after": "2"}, "after", 409),
        ({"limit": "0"}, "limit", 422),
        ({"limit": "100000"}, "limit", 422),
        ({"wait": "-1"}, "wait", 422),
        ({"wait": "nan"}, "wait", 422),
        ({"types": "assignments.MentorAsigned.v1"}, "types", 422),
        ({"types": "sessions.SessionApproved.v1"}, "types", 422),
    ):
        answer = await client.get(AT, params=params)
        assert answer.status_code == status, f"{params}: {answer.text}"
        assert answer.json()["errors"][0]["field"] == field, answer.text
    told = (await client.get(AT, params={"types": "assignments.MentorAsigned.v1"})).json()["detail"]
    assert ASSIGNED in told
    told = (await client.get(AT, params={"after": "2"})).json()
    assert told["code"] == "ahead_of_the_log"
    assert "head of this service, which is 1" in told["detail"]


async def test_a_long_poll_answers_as_soon_as_something_comes_for_the_caller(
    house: House, client: httpx.AsyncClient
) -> None:
    acme = house.grant("acme", ASSIGNED)
    asked = asyncio.create_task(client.get(AT, params={"wait": 30}, headers=acme))
    await house.record(example(MentorEngaged))
    await asyncio.sleep(0.1)
    assert not asked.done()
    await house.record(example(MentorAssigned))
    async with asyncio.timeout(5):
        found = (await asked).json()
    assert [fact["type"] for fact in found["facts"]] == [ASSIGNED]
    assert found["after"] == 2
    nothing = (await client.get(AT, params={"after": 2, "wait": 0.05}, headers=acme)).json()
    assert nothing == {"facts": [], "positions": [], "after": 2, "head": 2}
    assert len(house.listeners) == 0


async def test_who_waits_has_a_place_and_there_are_only_so_many(
    house: House, client: httpx.AsyncClient
) -> None:
    await house.record(example(MentorAssigned))
    acme = house.grant("acme", ASSIGNED)
    await client.get(AT)
    house.listeners.each = 1
    waiting = asyncio.create_task(client.get(AT, params={"after": 1, "wait": 30}, headers=acme))
    while not len(house.listeners):
        await asyncio.sleep(0.01)
    refused = await client.get(AT, params={"after": 1, "wait": 30}, headers=acme)
    assert (refused.status_code, refused.json()["code"]) == (503, "too_many_listeners")
    assert refused.headers["retry-after"] == str(listeners.AGAIN_SECONDS)
    assert (await client.get(AT, params={"after": 1}, headers=acme)).status_code == 200
    house.listeners.most = 1
    assert (await client.get(AT, params={"after": 1, "wait": 1})).status_code == 503
    house.listeners.pages.stop()
    assert (await waiting).json()["after"] == 1


async def test_a_large_page_can_come_packed(house: House, client: httpx.AsyncClient) -> None:
    await house.record(*[example(MentorAssigned)] * 20)
    headers = {"Accept-Encoding": "br, gzip;q=0.5"}
    async with client.stream("GET", AT, headers=headers) as answer:
        raw = b"".join([part async for part in answer.aiter_raw()])
    plain = await client.get(AT, headers={"Accept-Encoding": "gzip;q=0"})
    assert answer.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(raw) == plain.content
    assert answer.headers["etag"] == plain.headers["etag"]
