"""Role and purpose decide who sees what; who looked, and for what, is on record."""

import base64
from collections.abc import AsyncIterator
from typing import get_args

import orjson
import pytest

from services.assignments.main import service
from shared.contracts.assignments.view import RecordViewed
from shared.contracts.fact import contract_of
from shared.contracts.words.purposes import PURPOSES
from shared.kernel.auth import ROLES, Role
from shared.kernel.envelope import fact_in
from shared.kernel.problems import Problem
from shared.kernel.sight import BLIND, HEADER, SEES, look, see, sight
from shared.kernel.store import StoreUnavailable
from tests.sight.canaries import CANARIES
from tests.sight.telling import telling
from tests.support.people import CHILD, MONDAY_NINE
from tests.support.served import REGION, Served, served

VIEWED = contract_of(RecordViewed).topic


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[Served]:
    async with served(service, database_url, MONDAY_NINE) as house:
        await telling(house)
        yield house


def asking(role: str, purpose: str | None = None) -> dict[str, str]:
    said = {"Authorization": f"Bearer dev:{role}:{REGION}:ann"}
    return said | {HEADER: purpose} if purpose else said


def test_every_role_has_a_usual_purpose_and_every_purpose_a_role() -> None:
    assert SEES.keys() == ROLES == set(get_args(Role))
    assert all(SEES.values())
    assert {purpose for may in SEES.values() for purpose in may} == set(PURPOSES)


def test_only_the_safeguarding_lead_sees_what_is_kept_for_safeguarding() -> None:
    seeing = {role for role, may in SEES.items() for opens in may.values() if "safeguarding" in opens}
    assert seeing == {"dsl"}


def test_without_a_request_nothing_is_seen() -> None:
    assert sight() is BLIND
    assert see("Ada", "profile") == "withheld"


def test_an_unknown_purpose_is_refused_as_one_that_is_not_the_roles() -> None:
    with pytest.raises(Problem, match="a trainer may look for workforce, not 'curiosity'"):
        look("trainer", "curiosity")


async def test_a_purpose_that_the_role_may_not_claim_is_refused_with_those_it_may(house: Served) -> None:
    answer = await house.client.get(
        f"/assignments/children/{CHILD}", headers=asking("auditor", "safeguarding")
    )
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (403, "purpose_not_allowed")
    assert "audit, investigation" in problem["detail"]


async def test_a_view_says_why_and_what_was_readable(house: Served) -> None:
    address = f"/assignments/children/{CHILD}"
    before = await house.client.get(address, headers=asking("auditor"))
    after = await house.client.get(address, headers=asking("auditor", "investigation"))
    assert before.json()["name"] == before.json()["birth_date"] == "withheld"
    assert after.json()["name"].startswith(CANARIES["profile"])
    views = [event for event in await house.running.store.read(0) if event.topic == VIEWED]
    recorded = [fact_in(event.state) for event in views]
    told = [(view.purpose, view.classes) for view in recorded if isinstance(view, RecordViewed)]
    assert told == [("audit", ()), ("investigation", ("casework", "profile"))]


async def test_a_list_that_is_opened_for_a_purpose_out_of_the_usual_is_on_record_too(house: Served) -> None:
    for role, purpose in (("coordinator", None), ("auditor", None), ("auditor", "investigation")):
        answer = await house.client.get("/assignments/children", headers=asking(role, purpose))
        assert answer.status_code == 200
    views = [fact_in(event.state) for event in await house.running.store.read(0) if event.topic == VIEWED]
    (view,) = [view for view in views if isinstance(view, RecordViewed)]
    assert (view.record, view.child_id) == ("/assignments/children", None)
    assert (view.viewer_role, view.purpose, view.classes) == ("auditor", "investigation", ("profile",))


async def test_what_cannot_be_put_on_record_is_not_shown(
    house: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise StoreUnavailable("away")

    monkeypatch.setattr(house.running.store, "append", away)
    answer = await house.client.get(f"/assignments/children/{CHILD}", headers=asking("coordinator"))
    assert answer.status_code == 503
    assert CANARIES["profile"] not in answer.text


async def test_a_cursor_is_for_the_service_alone(house: Served) -> None:
    headers, address = asking("auditor"), "/assignments/children"
    first = (await house.client.get(address, params={"limit": "1"}, headers=headers)).json()
    inside = base64.urlsafe_b64decode(first["next"])
    assert b"Canary" not in inside
    with pytest.raises(orjson.JSONDecodeError):
        orjson.loads(inside)
    more = await house.client.get(address, params={"limit": "1", "cursor": first["next"]}, headers=headers)
    assert more.json()["items"][0]["child_id"] != first["items"][0]["child_id"]
    altered = first["next"][:-8] + "AAAAAAA="
    wrong = await house.client.get(address, params={"cursor": altered}, headers=headers)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid_request")


async def test_whoever_may_not_see_a_field_cannot_search_by_it(house: Served) -> None:
    params = {"town": "Evercombe"}
    asked = await house.client.get("/assignments/mentors", params=params, headers=asking("trainer"))
    assert (asked.status_code, asked.json()["code"]) == (403, "withheld")
    seen = await house.client.get("/assignments/mentors", params=params, headers=asking("manager"))
    assert seen.status_code == 200
