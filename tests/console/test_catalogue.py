"""The catalogue's pages; and every fact that a running house has stored is what the catalogue says."""

import json
import re
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path

import httpx
import psycopg
import pytest
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from deploy.contracts.generate import write
from deploy.contracts.judging import judge
from deploy.contracts.releases import House
from deploy.nats.declaration import durable_of
from deploy.nats.permissions import Granted
from deploy.nats.snippets import python
from services.console.app import build
from services.console.catalogue.document import DOCS, catalogue
from services.console.catalogue.snippets import snippets
from services.console.pages import catalogue as pages
from services.console.settings import ConsoleSettings
from tests.console.agency import SERVICES, Agency, Told
from tests.console.test_pages import Outline
from tests.contracts.versions import BOTH, CHANGES, FIRST, SECOND, lantern

HERE = "/console/catalogue"


@pytest.fixture
async def console() -> AsyncIterator[httpx.AsyncClient]:
    """The console by itself: the catalogue asks no service."""
    app = build(ConsoleSettings(region="uk-london", profile="dev"))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://console") as client,
    ):
        yield client


async def listed(client: httpx.AsyncClient, **asked: str) -> list[str]:
    text = (await client.get(HERE, params=asked)).text
    found = re.findall(rf'href="{HERE}/facts/([^"]+)"', text)
    assert f"{len(found)} of " in text
    return found


async def test_every_fact_is_listed_and_every_page_is_whole(console: httpx.AsyncClient) -> None:
    topics = [path.stem for path in sorted((DOCS / "schemas").glob("*.json"))]
    assert sorted(await listed(console)) == topics
    for path in (HERE, *(f"{HERE}/facts/{topic}" for topic in topics)):
        answer = await console.get(path)
        assert answer.status_code == 200, path
        assert "script-src 'self'" in answer.headers["content-security-policy"]
        outline = Outline()
        outline.feed(answer.text)
        tags = [tag for tag, _ in outline.tags]
        assert (tags.count("h1"), tags.count("main")) == (1, 1), path
        assert all(attrs.get("src") for tag, attrs in outline.tags if tag == "script"), path
        assert not [attrs for _, attrs in outline.tags if "style" in attrs], path
        # what scrolls sideways can be reached and scrolled by keyboard
        assert all(attrs.get("tabindex") == "0" for tag, attrs in outline.tags if tag == "pre"), path


async def test_facts_are_found_by_words_and_filters(console: httpx.AsyncClient) -> None:
    assert await listed(console, words="sessionapproved") == ["sessions.SessionApproved.v1"]
    assert "sessions.SessionApproved.v1" in await listed(console, words="contact_minutes ratio")
    assert {topic.split(".")[0] for topic in await listed(console, service="training")} == {"training"}
    sealed, restricted = await listed(console, privacy="sealed"), await listed(console, privacy="restricted")
    assert "assignments.ChildAccepted.v1" in sealed
    assert restricted
    assert not {*sealed} & {*restricted}
    assert all("Cover" in topic for topic in await listed(console, aggregate="cover"))
    read = await listed(console, reader="training", service="assignments")
    assert "assignments.MentorEngaged.v1" in read
    assert "assignments.ChildAccepted.v1" not in read
    assert await listed(console, words="no such thing anywhere") == []


async def test_a_facts_page_tells_all_there_is(console: httpx.AsyncClient) -> None:
    text = unescape((await console.get(f"{HERE}/facts/assignments.ChildAccepted.v1")).text)
    assert "alongside.{region}.sealed.assignments.ChildAccepted.v1.p{partition}" in text
    assert "personal data of <code>child_id</code>, kept as profile" in text
    assert '"name": "sealed:v1:profile:' in text
    assert '"name": "Ada Hartley"' in text.partition("opened with the keys")[2]
    assert "--facts 'assignments.ChildAccepted.v1'" in text
    assert "/assignments/facts?after=0&types=assignments.ChildAccepted.v1" in text
    assert "audit.ledger" in text
    assert (
        "<code>sessions-child_history</code>"
        in (await console.get(f"{HERE}/facts/sessions.SessionApproved.v1")).text
    )


def test_the_program_for_the_bus_is_what_integrator_add_prints() -> None:
    fact = catalogue().find("sessions.SessionApproved.v1")
    assert fact is not None
    printed = python(
        "nats://127.0.0.1:4222",
        "acme",
        Granted("uk-london", fact.topic, "EV_UK_LONDON_SESSIONS", durable_of("acme", fact.topic)),
    )
    shown = snippets(fact, "uk-london", "http://127.0.0.1:8000")[0].text
    differs = {"# pip install 'nats-py[nkeys]'", "            print(message.metadata"}
    for line in printed.splitlines():
        assert line in shown or line.startswith(tuple(differs)), line


async def test_a_restricted_fact_comes_without_a_way_to_get_it(console: httpx.AsyncClient) -> None:
    topic = (await listed(console, privacy="restricted"))[0]
    text = (await console.get(f"{HERE}/facts/{topic}")).text
    assert "It is granted to nobody outside." in text
    assert "integrator add" not in text


async def test_programs_get_the_documents_and_nothing_else(console: httpx.AsyncClient) -> None:
    document = await console.get(f"{HERE}/asyncapi.json")
    assert document.headers["content-type"] == "application/vnd.aai.asyncapi+json;version=3.0.0"
    assert document.json()["asyncapi"] == "3.0.0"
    for name in ("sessions.SessionApproved.v1", "sessions.SessionApproved.v1.json"):
        schema = await console.get(f"{HERE}/schemas/{name}")
        assert schema.headers["content-type"] == "application/schema+json"
        assert schema.json()["$id"] == "urn:alongside:schema:sessions.SessionApproved.v1"
    assert "sessions.SessionApproved.v1" in (await console.get(f"{HERE}/consumers.json")).json()
    for wrong in ("schemas/..%2Fasyncapi", "schemas/sessions.Nothing.v1", "facts/sessions.SessionAproved.v1"):
        assert (await console.get(f"{HERE}/{wrong}")).status_code == 404
    moved = await console.get("/catalogue//elsewhere.example", follow_redirects=False)
    assert moved.headers["location"].startswith(f"{HERE}/")


async def test_versions_are_shown_with_what_differs(
    console: httpx.AsyncClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = House(tmp_path)
    for folder in (house.manifest, house.catalogue):
        folder.parent.mkdir(parents=True)
    write(house, BOTH, lantern, {})
    monkeypatch.setattr(pages, "DOCS", house.asyncapi.parent)
    for topic in (FIRST, SECOND):
        text = unescape((await console.get(f"{HERE}/facts/{topic}")).text)
        assert all(change in text for change in CHANGES)
        assert "Read as the next version: Hours become minutes; nobody looks after it." in text
        other = FIRST if topic == SECOND else SECOND
        assert f'<a href="{HERE}/facts/{other}">' in text
    found = catalogue(house.asyncapi.parent).find(SECOND)
    assert found is not None
    assert list(found.more["changed"]) == list(CHANGES)
    page = house.catalogue.read_text()
    assert f"Since `{FIRST}`:\n\n- hours is gone" in page


async def test_without_the_document_the_page_says_so(
    console: httpx.AsyncClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "DOCS", tmp_path)
    assert "The catalogue is not installed here" in (await console.get(HERE)).text
    assert (await console.get(f"{HERE}/facts/{FIRST}")).status_code == 404


def test_every_stored_fact_is_a_cloudevent_and_what_the_catalogue_says(agency: Agency, told: Told) -> None:
    seen = set()
    for service in SERVICES:
        with psycopg.connect(agency.system.database_url(service)) as connection:
            states = [bytes(row[0]) for row in connection.execute("SELECT state FROM stored_events")]
        for state in states:
            event = JSONFormat().read(CloudEvent, state)
            assert json.loads(JSONFormat().write(event)) == json.loads(state)
            assert judge(service, json.loads(state)).wrong == ()
            seen.add(event.get_type())
    assert len(seen) > 20
