"""What holds for every address of every service: paged lists, commands that are safe to repeat, refusals explained."""

import importlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from shared.kernel.app import COMMANDS, build, ruled
from shared.kernel.auth import rule_of
from shared.kernel.problems import KNOWN
from shared.kernel.service import Service
from tests.support.refusal_codes import codes, source, sources

NAMES = ("assignments", "sessions", "training", "notifications", "audit")
HERE = Path(__file__).parents[3]
SOME_ID = UUID("00000000-0000-7000-8000-000000000001")
WHOLE = {
    "/training/mentors/{mentor_id}/compliance": "an item for each requirement of the gate",
    "/training/mentors/{mentor_id}/evidence": "an item for each requirement of the gate",
    "/assignments/children/{child_id}/candidates": "the best so many of a ranking, `limit` of them",
}
"""Answers whose `items` are no list that goes on, and why."""
BULK = {
    "/training/enrolments/bulk": {
        "course_id": str(SOME_ID), "mentor_ids": [str(SOME_ID)], "due_on": "2026-09-01",
    },
}  # fmt: skip
"""Bodies of commands that look at their body before their headers."""
OTHERWISE_SAFE = {
    "/training/xapi/statements": "a statement's id is its key, as xAPI has it",
    "/training/badges/verification": "it asks, and changes nothing",
    "/training/badges/verify": "it asks, and changes nothing",
}
"""Addresses of other people's standards, and why repeating is safe there without a header of ours."""


async def _status() -> dict[str, Any]:
    return {}


@cache
def service_of(name: str) -> Service:
    found = importlib.import_module(f"services.{name}.main").service
    assert isinstance(found, Service)
    return found


@cache
def app_of(name: str) -> FastAPI:
    """The application as a process would build it, without anything behind it."""
    service = service_of(name)
    app = build(
        name, service.routers, lifespan=None, status=_status,
        refusals=service.refusals, large_bodies=service.large_bodies,
    )  # fmt: skip
    settings = SimpleNamespace(region="uk-london", profile="dev", database_url=SecretStr(""))
    app.state.running = SimpleNamespace(settings=settings, service=name)
    return app


def operations(name: str) -> Iterator[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    """Path, method, operation and the whole document, for each address that is the service's own."""
    document = app_of(name).openapi()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if "operations" not in operation.get("tags", ()):
                yield path, method, operation, document


def answers_items(operation: dict[str, Any], document: dict[str, Any]) -> bool:
    answer = operation["responses"]["200"].get("content", {}).get("application/json", {}).get("schema", {})
    name = answer.get("$ref", "").rsplit("/", 1)[-1]
    shape = document["components"]["schemas"].get(name, answer)
    return "items" in shape.get("properties", {}) or shape.get("type") == "array"


@pytest.mark.parametrize("name", NAMES)
def test_every_list_is_paged(name: str) -> None:
    for path, method, operation, document in operations(name):
        if method == "get" and path not in WHOLE and answers_items(operation, document):
            known = {parameter["name"] for parameter in operation.get("parameters", ())}
            assert {"cursor", "limit"} <= known, f"GET {path} answers a list without cursor and limit"


def test_what_is_said_to_be_whole_is_there() -> None:
    paths = {path for name in NAMES for path, *_ in operations(name)}
    assert WHOLE.keys() <= paths


@pytest.mark.parametrize("name", NAMES)
def test_every_address_says_in_a_sentence_what_it_is_for(name: str) -> None:
    for path, method, operation, _ in operations(name):
        said = operation.get("description", "").strip()
        assert operation.get("summary"), f"{method} {path}"
        assert said.split("\n\n")[0].endswith((".", "?")), f"{method} {path}"


@pytest.mark.parametrize("name", NAMES)
async def test_no_command_is_taken_without_a_key_that_makes_it_safe_to_repeat(name: str) -> None:
    transport = httpx.ASGITransport(app_of(name), raise_app_exceptions=True)
    async with httpx.AsyncClient(transport=transport, base_url="http://alongside") as client:
        for router in service_of(name).routers:
            for route in ruled(router):
                rule = rule_of(list(route.dependencies)) or rule_of(list(router.dependencies))
                for method in COMMANDS & (route.methods or set()):
                    path = f"/{name}{route.path_format}"
                    if path in OTHERWISE_SAFE:
                        continue
                    for parameter in route.param_convertors:
                        path = path.replace(f"{{{parameter}}}", str(SOME_ID))
                    assert rule is not None, path
                    who = {"Authorization": f"Bearer dev:{min(rule.roles)}:uk-london:olu"}
                    csv = {"Content-Type": "text/csv"} if route.path_format.endswith("/import") else {}
                    answer = await client.request(
                        method, path, headers={**who, **csv}, json=BULK.get(path, {})
                    )
                    refused = (answer.status_code, answer.json().get("code"))
                    assert refused == (400, "idempotency_key_missing"), f"{method} {path}: {answer.text}"


@pytest.mark.parametrize("name", NAMES)
def test_every_refusal_is_explained_to_whoever_opens_it(name: str) -> None:
    explained = {**KNOWN, **service_of(name).refusals}
    for code, where in codes(sources(HERE / "services" / name)).items():
        assert explained.get(code, "").endswith("."), f"{where} refuses with {code}, which nothing explains"


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_explained_that_is_never_said(name: str) -> None:
    said = codes(sources(HERE / "services" / name))
    assert service_of(name).refusals.keys() <= said.keys()


def test_a_code_is_found_wherever_it_comes_from() -> None:
    text = """
def refuse(code, field): raise Refused(code, f"{field} is wrong")
def late(field): return Refused(f"invalid_{field}", "")
raise Problem(422, "too_many" if many else "too_few", "")
Claim("key", code="taken", message="")
refuse("one", 1); refuse(field=2, code="two"); late("name")
"""
    found = {"one", "two", "invalid_name", "too_many", "too_few", "taken"}
    assert codes([source(text)]).keys() == found
    with pytest.raises(ValueError, match=r"chosen\(\) cannot be read"):
        codes([source('raise Refused(chosen(), "")')])
