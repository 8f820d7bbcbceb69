"""A learning system speaks to the training service."""

import json
from typing import Any
from uuid import UUID, uuid4

import httpx

from services.training.agency import agency
from services.training.xapi.meaning import COMPLETED, VOIDED
from shared.contracts.assignments.mentor import MentorEngaged
from tests.support.examples import example
from tests.support.people import MENTOR
from tests.support.served import REGION, Served
from tests.training.showing import publish

VERSION = {"X-Experience-API-Version": "1.0.3"}
LMS = "moodle"


def mentor(name: str = str(MENTOR), home: str = "") -> dict[str, Any]:
    return {"objectType": "Agent", "account": {"homePage": home or agency().home, "name": name}}


def statement(course_id: str, verb: str = COMPLETED, **more: Any) -> dict[str, Any]:
    found = {
        "id": str(uuid4()),
        "actor": mentor(),
        "verb": {"id": verb, "display": {"en-GB": verb.rsplit("/", 1)[-1]}},
        "object": {"objectType": "Activity", "id": agency().course_iri(UUID(course_id))},
        "timestamp": "2026-01-05T08:30:00.123Z",
    }
    return {**found, **more}


def voiding(target: str, **more: Any) -> dict[str, Any]:
    admin = {"mbox": "mailto:admin@lms.example", "name": "Adminqanary"}
    about = {"objectType": "StatementRef", "id": target}
    return {"id": str(uuid4()), "actor": admin, "verb": {"id": VOIDED}, "object": about, **more}


async def course(training: Served, **more: Any) -> str:
    """A mentor and a course, known."""
    await training.hear("assignments", example(MentorEngaged))
    return await publish(training, "slt", 12, **more)


async def send(
    training: Served, body: object, *, method: str = "POST", role: str = "integrator", name: str = LMS,
    headers: dict[str, str] | None = None, **query: Any,
) -> httpx.Response:  # fmt: skip
    """As a learning system does: without an idempotency key."""
    said = {
        "Authorization": f"Bearer dev:{role}:{REGION}:{name}",
        **(VERSION if headers is None else headers),
    }
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = await training.client.request(
        method,
        "/training/xapi/statements",
        content=content,
        params=query,
        headers={"Content-Type": "application/json", **said},
    )
    await training.settle()
    return answer


async def fetch(
    training: Served, path: str = "statements", *, role: str = "trainer", **query: Any
) -> httpx.Response:
    name = LMS if role == "integrator" else "tom"
    return await training.client.get(
        f"/training/xapi/{path}",
        params=query,
        headers={"Authorization": f"Bearer dev:{role}:{REGION}:{name}", **VERSION},
    )


async def stated(training: Served, **query: Any) -> list[str]:
    """The ids of a list."""
    answer = await fetch(training, **query)
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()["statements"]]
