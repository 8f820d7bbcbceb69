"""Facts followed, forwarded and looked up from outside, as the verbs `listen` and `events` do."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
import typer
from standardwebhooks import Webhook
from typer.testing import CliRunner

from deploy.following import forwarding
from deploy.following.asked import moment
from deploy.following.forwarding import Forwarder
from deploy.following.house import House as Followed
from deploy.following.house import Unanswered
from deploy.following.looking import Lookup
from deploy.following.stream import following
from deploy.following.told import Told
from deploy.following.topics import chosen
from deploy.verbs.events import events
from deploy.verbs.listen import listen
from deploy.verbs.trigger import trigger
from shared.contracts.assignments.assignment import MentorAssigned
from shared.contracts.assignments.mentor import MentorEngaged
from shared.kernel.cli import NOTHING_RUNS, USAGE, as_app
from tests.kernel.facts.conftest import House, database_url, house, serving  # noqa: F401  (fixtures)
from tests.support.examples import example
from tests.support.served import REGION

ASSIGNED = "assignments.MentorAssigned.v1"


def seen_from_outside(url: str, token: str = f"dev:operator:{REGION}:cli") -> Followed:
    return Followed({"assignments": url.removesuffix("/facts")}, REGION, token)


async def test_a_line_that_breaks_is_taken_up_again_and_nothing_is_left_out(house: House) -> None:  # noqa: F811
    said: list[str] = []

    async def take(facts: AsyncIterator[Told], many: int) -> list[Told]:
        async with asyncio.timeout(15):
            return [await anext(facts) for _ in range(many)]

    async with serving(house.app) as (url, _):
        port = urlsplit(url).port or 0
        await house.record(*[example(MentorAssigned)] * 3)
        wanted = {"assignments": [ASSIGNED]}
        lines = following(seen_from_outside(url), wanted, 0, lambda _, now: said.append(now))
        facts = await lines.__aenter__()
        came = await take(facts, 3)
    await house.record(*[example(MentorEngaged)] * 2, example(MentorAssigned))
    house.app.state.fact_listeners = None
    async with serving(house.app, port):
        came += await take(facts, 1)
        await house.record(example(MentorAssigned))
        came += await take(facts, 1)
        await lines.__aexit__(None, None, None)
    kept = [(one.position, one.state) for one in await house.store.read(0) if one.topic == ASSIGNED]
    assert [(told.position, told.state) for told in came] == kept
    assert said == ["connected", "not connected; trying again", "connected again"]


async def test_who_may_not_listen_is_told_why_instead_of_trying_for_ever(house: House) -> None:  # noqa: F811
    async with serving(house.app) as (url, _):
        stranger = seen_from_outside(url, "asi_nobody")
        async with following(stranger, {"assignments": []}, None, lambda *_: None) as facts:
            with pytest.raises(Unanswered, match="integrator rotate"):
                await anext(facts)


async def test_a_service_of_which_nothing_was_granted_is_left_out_unless_it_was_named(house: House) -> None:  # noqa: F811
    said: list[tuple[str, str]] = []
    acme = house.grant("acme", ASSIGNED)["Authorization"].removeprefix("Bearer ")
    await house.record(example(MentorAssigned))
    async with serving(house.app) as (url, _), serving(house.app) as (second, _):
        outside = seen_from_outside(url, acme)
        both = Followed({**outside.urls, "sessions": second.removesuffix("/facts")}, REGION, acme)
        async with following(
            both, {"assignments": [], "sessions": []}, 0, lambda *now: said.append(now)
        ) as facts:
            assert {(await anext(facts)).service, (await anext(facts)).service} == {"assignments", "sessions"}
        house.revoke("acme")
        other = house.grant("other", "sessions.SessionApproved.v1")["Authorization"].removeprefix("Bearer ")
        stranger = Followed(both.urls, REGION, other)
        async with following(
            stranger, {"assignments": [], "sessions": []}, 0, lambda *now: said.append(now)
        ) as facts:
            with pytest.raises(Unanswered, match="granted to other"):
                await anext(facts)
    assert [now for _, now in said if "left out" in now] == ["left out: nothing of it may be seen"]


@asynccontextmanager
async def receiving(statuses: Iterator[int]) -> AsyncIterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    """A program that somebody is writing: it keeps what it gets, and answers as it is told."""
    came: list[tuple[dict[str, str], bytes]] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := (await reader.readuntil(b"\r\n\r\n")).decode():
            lines = [line.partition(": ") for line in head.split("\r\n")[1:] if line]
            headers = {name.lower(): value for name, _, value in lines}
            came.append((headers, await reader.readexactly(int(headers["content-length"]))))
            writer.write(b"HTTP/1.1 %d x\r\ncontent-length: 0\r\n\r\n" % next(statuses))

    async def quietly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await answer(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async with await asyncio.start_server(quietly, "127.0.0.1", 0) as server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}/hook", came


async def test_a_forwarded_fact_is_a_webhook_that_the_standards_library_takes(house: House) -> None:  # noqa: F811
    secret = forwarding.secret_of(None)
    await house.record(example(MentorAssigned), example(MentorAssigned))
    facts = [Told("assignments", one.position, one.state) for one in await house.store.read(0)]
    async with receiving(iter([200, 500])) as (url, came):
        forwarder = Forwarder(forwarding.checked(url), secret)
        done = [await forwarder.send(told) for told in facts]
        await forwarder.close()
    assert [(one.status, one.taken) for one in done] == [(200, True), (500, False)]
    assert [body for _, body in came] == [told.state for told in facts]
    for (headers, body), told in zip(came, facts, strict=True):
        Webhook(secret).verify(body, headers)
        assert headers["webhook-id"] == str(told.envelope.id)
        assert headers["content-type"] == "application/cloudevents+json"
    gone = await Forwarder(forwarding.checked(url), secret).send(facts[0])
    assert not gone.taken
    assert gone.why


async def test_facts_are_found_by_place_by_id_and_from_the_newest_on(house: House) -> None:  # noqa: F811
    await house.record(*[example(MentorEngaged)] * 600)
    await house.record(*[example(MentorAssigned)] * 3)
    kept = await house.store.read(0)
    async with serving(house.app) as (url, _):
        outside = seen_from_outside(url)
        async with outside.client() as client:
            lookup = Lookup(outside, client)
            found = await lookup.at("assignments", 17)
            assert found
            assert (found.position, found.state) == (17, kept[16].state)
            assert await lookup.at("assignments", 604) is None
            for one in (kept[0], kept[555], kept[602]):
                id_ = Told("", 0, one.state).envelope.id
                by_id = await lookup.with_id(id_)
                assert by_id
                assert by_id.position == one.position
            assert await lookup.with_id(uuid4()) is None
            newest = [told.position async for told in lookup.backwards("assignments", [ASSIGNED])]
            assert newest == [603, 602, 601]


def test_facts_are_named_in_full_shortly_or_by_service_and_mistakes_are_mended() -> None:
    services = ["assignments", "sessions"]
    assert chosen(None, services) == {"assignments": [], "sessions": []}
    assert chosen(["MentorAssigned, sessions.SessionLogged"], services) == {
        "assignments": [ASSIGNED],
        "sessions": ["sessions.SessionLogged.v1"],
    }
    assert chosen(["sessions.*", "SessionLogged"], services) == {"sessions": []}
    with pytest.raises(typer.BadParameter, match="perhaps MentorAssigned"):
        chosen(["MentorAsigned"], services)
    with pytest.raises(typer.BadParameter, match="no such fact"):
        chosen(["SafeguardingConcernRaised"], services)
    with pytest.raises(typer.BadParameter, match="training"):
        chosen(["training.*"], services)


def test_a_time_is_a_moment_or_how_long_ago() -> None:
    assert moment("2026-09-07") == datetime(2026, 9, 7, tzinfo=UTC)
    ago = moment("2h")
    assert ago
    assert timedelta(hours=2) <= datetime.now(UTC) - ago < timedelta(hours=2, minutes=1)
    with pytest.raises(typer.BadParameter, match="15m"):
        moment("yesterday")


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        (listen, []),
        (events, ["ls"]),
        (events, ["show", "sessions/1"]),
        (events, ["tail"]),
        (events, ["resend", "sessions/1"]),
        (trigger, ["SessionLogged"]),
    ],
    ids=["listen", "ls", "show", "tail", "resend", "trigger"],
)
def test_where_nothing_runs_each_verb_says_so(verb: typer.Typer, words: list[str], tmp_path: Path) -> None:
    done = CliRunner().invoke(as_app("verb", verb), [*words, "--data", str(tmp_path)])
    assert done.exit_code == NOTHING_RUNS
    assert "./alongside up" in done.stderr


def test_words_that_mean_nothing_are_refused_before_anything_is_asked(tmp_path: Path) -> None:
    at = ["--url", "http://127.0.0.1:9", "--data", str(tmp_path)]
    for verb, words in (
        (listen, ["--types", "Sesion", *at]),
        (listen, ["--forward-to", "ftp://here", *at]),
        (listen, ["--secret", "hunter2", "--forward-to", ":3000", *at]),
        (events, ["show", "sessions/x", *at]),
        (events, ["resend", *at]),
        (events, ["ls", "--since", "soon", *at]),
        (trigger, ["SessionLoged", "--data", str(tmp_path)]),
        (trigger, ["assignments.SafeguardingConcernRaised.v1", "--data", str(tmp_path)]),
    ):
        done = CliRunner().invoke(as_app("verb", verb), words)
        assert done.exit_code == USAGE, (words, done.output)
