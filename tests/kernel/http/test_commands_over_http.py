"""A command over HTTP: done once, answered the same, refused precisely."""

import asyncio
from uuid import uuid4

import pytest
from fastapi import APIRouter, FastAPI

from shared.kernel.app import UnruledRoute, build
from shared.kernel.store import Store
from tests.kernel.http.conftest import Client


async def new_kettle(client: Client) -> str:
    return str((await client.command("/kettles", {"millilitres": 500})).json()["id"])


async def test_a_command_answers_with_its_facts_version_position_and_location(client: Client) -> None:
    answer = await client.command("/kettles", {"millilitres": 500})
    body = answer.json()
    assert (answer.status_code, body["version"], body["position"]) == (201, 1, 1)
    assert body["facts"] == ["kettles.KettleFilled.v1"]
    assert answer.headers["ETag"] == '"1"'
    assert answer.headers["Alongside-Position"] == "1"
    assert answer.headers["Location"] == f"/kettles/kettles/{body['id']}"


async def test_the_same_key_gets_the_same_answer_and_has_one_effect(client: Client, app: FastAPI) -> None:
    answers = await asyncio.gather(
        *[client.command("/kettles", {"millilitres": 500}, key="k") for _ in range(32)]
    )
    assert len({(a.status_code, a.content, a.headers["Location"], a.headers["ETag"]) for a in answers}) == 1
    assert await app.state.running.store.head() == 1


async def test_the_same_key_answers_as_before_even_when_the_rules_would_refuse_now(client: Client) -> None:
    one, other = await new_kettle(client), await new_kettle(client)
    first = await client.command(f"/kettles/{one}/boil", key="boil")
    assert (await client.command(f"/kettles/{other}/boil")).json()["code"] == "hob_taken"
    again = await client.command(f"/kettles/{one}/boil", key="boil")
    assert (again.status_code, again.content) == (first.status_code, first.content)


async def test_a_key_used_for_another_body_is_refused(client: Client) -> None:
    await client.command("/kettles", {"millilitres": 500}, key="k")
    other = await client.command("/kettles", {"millilitres": 600}, key="k")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


async def test_a_key_belongs_to_its_caller(client: Client, app: FastAPI) -> None:
    await client.command("/kettles", {"millilitres": 500}, key="k")
    theirs = {"Authorization": "Bearer dev:coordinator:uk-london:ben"}
    assert (await client.command("/kettles", {"millilitres": 600}, key="k", **theirs)).status_code == 201


async def test_a_command_without_a_key_is_refused(client: Client) -> None:
    answer = await client.post("/kettles", json={"millilitres": 500})
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")


async def test_deciding_again_records_nothing_and_answers_well(client: Client, app: FastAPI) -> None:
    kettle = await new_kettle(client)
    again = await client.command(f"/kettles/{kettle}/fill", {"millilitres": 500})
    assert (again.status_code, again.json()["facts"], again.json()["position"]) == (200, [], 1)
    assert await app.state.running.store.head() == 1


async def test_a_refusal_says_what_to_do_and_records_nothing(client: Client, app: FastAPI) -> None:
    answer = await client.command("/kettles", {"millilitres": 5000})
    problem = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (409, "application/problem+json")
    assert (problem["code"], problem["detail"]) == ("too_much_water", "fill at most 2000 ml")
    assert await app.state.running.store.head() == 0


async def test_a_refused_attempt_that_is_itself_a_fact_is_recorded_once(client: Client, app: FastAPI) -> None:
    kettle = uuid4()
    first = await client.command(f"/kettles/{kettle}/boil", key="dry")
    again = await client.command(f"/kettles/{kettle}/boil", key="dry")
    assert (first.status_code, again.status_code) == (409, 409)
    assert first.json() == again.json()
    store: Store = app.state.running.store
    assert [event.topic for event in await store.load(kettle)] == ["kettles.DryBoilAttempted.v1"]


async def test_of_64_who_race_for_one_claim_one_gets_it_and_the_rest_are_told(client: Client) -> None:
    ids = await asyncio.gather(*[new_kettle(client) for _ in range(64)])
    answers = await asyncio.gather(*[client.command(f"/kettles/{kettle}/boil") for kettle in ids])
    codes = [answer.json().get("code") for answer in answers]
    assert sorted(codes, key=str) == [None] + ["hob_taken"] * 63


async def test_concurrent_commands_on_one_aggregate_all_decide_on_its_true_state(client: Client) -> None:
    kettle = await new_kettle(client)
    answers = await asyncio.gather(
        *[client.command(f"/kettles/{kettle}/fill", {"millilitres": n}) for n in range(1, 9)]
    )
    assert [answer.status_code for answer in answers] == [200] * 8
    assert sorted(answer.json()["version"] for answer in answers) == list(range(2, 10))


async def test_if_match_refuses_a_change_of_something_that_moved_on(client: Client) -> None:
    kettle = await new_kettle(client)
    stale = await client.command(f"/kettles/{kettle}/fill", {"millilitres": 1}, If_Match='"7"')
    assert (stale.status_code, stale.json()["code"]) == (412, "version_mismatch")
    fresh = await client.command(f"/kettles/{kettle}/fill", {"millilitres": 1}, If_Match='"1"')
    assert fresh.status_code == 200


async def test_a_route_may_insist_on_if_match(client: Client) -> None:
    path, key = f"/kettles/{await new_kettle(client)}/carefully", {"Idempotency-Key": "k"}
    without = await client.put(path, json={"millilitres": 1}, headers=key)
    assert (without.status_code, without.json()["code"]) == (428, "precondition_required")


@pytest.mark.parametrize(
    ("body", "field"),
    [({}, "millilitres"), ({"millilitres": "many"}, "millilitres"), ({"millilitres": -1}, "millilitres")],
)
async def test_bad_input_names_the_field(client: Client, body: object, field: str) -> None:
    answer = await client.command("/kettles", body)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize(
    ("token", "status", "code"),
    [
        ("", 401, "not_identified"),
        ("Bearer x", 401, "not_identified"),
        ("Bearer dev:king:uk-london:charles", 401, "not_identified"),
        ("Bearer dev:parent:uk-london:pat", 403, "not_allowed"),
        ("Bearer dev:coordinator:uae-dubai:amira", 403, "not_allowed"),
    ],
)
async def test_nobody_passes_without_a_role_in_this_region(
    client: Client, token: str, status: int, code: str
) -> None:
    answer = await client.command("/kettles", {"millilitres": 1}, Authorization=token)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_body_over_a_megabyte_is_refused_however_it_is_sent(client: Client) -> None:
    async def chunks() -> object:
        for _ in range(20):
            yield b"x" * 100_000

    whole = await client.post("/kettles", content=b"x" * 1_000_001, headers={"Idempotency-Key": "k"})
    streamed = await client.post("/kettles", content=chunks(), headers={"Idempotency-Key": "k"})  # type: ignore[arg-type]
    assert [whole.status_code, streamed.status_code] == [413, 413]
    assert streamed.json()["code"] == "too_large"


async def test_a_query_can_wait_for_a_position_and_is_told_when_it_is_not_reached(client: Client) -> None:
    kettle = await new_kettle(client)
    assert (await client.get(f"/kettles/{kettle}?after=1")).json() == {"facts": 1}
    late = await client.get(f"/kettles/{kettle}?after=kettles:6")
    assert (late.status_code, late.json()["code"]) == (503, "not_caught_up")
    wrong = await client.get(f"/kettles/{kettle}?after=soon")
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "after")


async def test_a_correlation_id_is_kept_through_answer_and_store(client: Client, app: FastAPI) -> None:
    headers = {"Idempotency-Key": "k", "X-Correlation-Id": "story-7"}
    answer = await client.post("/kettles", json={"millilitres": 1}, headers=headers)
    assert answer.headers["X-Correlation-Id"] == "story-7"
    stored = await app.state.running.store.read(0)
    assert b'"correlationid":"story-7"' in stored[0].state


async def test_every_problem_type_resolves_to_a_page(client: Client) -> None:
    for code in ("no_water", "idempotency_key_missing", "version_mismatch"):
        page = await client.get(f"/problems/{code}")
        assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert (await client.get("/problems/nonsense")).status_code == 404


async def test_not_ready_is_said_with_the_reason(client: Client) -> None:
    answer = await client.get("/ready")
    assert (answer.status_code, answer.json()["checks"]["relay"]["detail"]) == (503, "dead")


async def test_the_development_clock_moves_forward_only(client: Client) -> None:
    moved = (await client.put("/dev/clock", json={"now": "2031-01-01T00:00:00Z"})).json()["now"]
    assert moved.startswith("2031-01-01T00:00")
    back = (await client.put("/dev/clock", json={"now": "2001-01-01T00:00:00Z"})).json()["now"]
    assert back >= moved


async def test_the_openapi_document_tells_of_the_headers(client: Client) -> None:
    document = (await client.get("/openapi.json")).json()
    parameters = document["paths"]["/kettles/kettles"]["post"]["parameters"]
    assert "Idempotency-Key" in [parameter["name"] for parameter in parameters]


def test_a_route_without_a_rule_is_refused_at_start() -> None:
    router = APIRouter()

    @router.get("/open")
    async def everyone() -> None: ...

    async def status() -> dict[str, object]:
        return {}

    with pytest.raises(UnruledRoute, match="/open"):
        build("kettles", [router], lifespan=None, status=status, refusals={}, large_bodies={})
