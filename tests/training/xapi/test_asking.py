"""What learning systems ask, which versions they speak, and who they are."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.training.agency import agency
from services.training.xapi.meaning import PASSED
from tests.support.served import Served
from tests.training.xapi.stating import VERSION, course, fetch, send, stated, statement

COMPLETION, GRANTED = "training.TrainingCompleted.v1", "training.CertificationGranted.v1"
REVOKED = "training.CertificationRevoked.v1"


async def test_lists_are_paged_by_when_statements_were_stored(training: Served) -> None:
    course_id = await course(training)
    at = training.clock.at
    sent = []
    for n in range(5):
        training.clock.at = at + timedelta(minutes=n)
        sent.append(statement(course_id, "http://adlnet.gov/expapi/verbs/experienced"))
        await send(training, sent[-1])
    ids = [one["id"] for one in sent]
    assert await stated(training) == ids[::-1]
    assert await stated(training, ascending="true") == ids
    since, until = (at + timedelta(minutes=1)).isoformat(), (at + timedelta(minutes=3)).isoformat()
    assert await stated(training, since=since, until=until) == [ids[3], ids[2]]
    page = (await fetch(training, limit=2, since=since)).json()
    assert [one["id"] for one in page["statements"]] == [ids[4], ids[3]]
    headers = {"Authorization": "Bearer dev:trainer:uk-london:tom", "X-Experience-API-Version": "2.0.0"}
    rest = await training.client.get(page["more"], headers=headers)
    assert ([one["id"] for one in rest.json()["statements"]], rest.json()["more"]) == ([ids[2]], "")
    assert rest.headers["x-experience-api-version"] == "2.0.0"
    through = datetime.fromisoformat(rest.headers["x-experience-api-consistent-through"])
    assert at < through <= training.clock.at.astimezone(UTC)
    assert await stated(training, agent='{"mbox": "mailto:nobody@example.org"}') == []
    assert len(await stated(training, activity=agency().home + "/training/courses/" + course_id)) == 5
    assert await stated(training, verb=PASSED) == []


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"statementid": "x"}, "statementid"),
    ({"statementId": "x"}, "statementId"),
    ({"statementId": str(uuid4()), "limit": 1}, "limit"),
    ({"limit": -1}, "limit"),
    ({"since": "yesterday"}, "since"),
    ({"agent": "{}"}, "agent"),
    ({"agent": "rubbish"}, "agent"),
    ({"verb": "completed"}, "verb"),
    ({"format": "canonical"}, "format"),
    ({"attachments": "true"}, "attachments"),
    ({"cursor": "x"}, "cursor"),
    ({"ascending": "1"}, "ascending"),
]


async def test_a_wrong_question_names_the_parameter(training: Served) -> None:
    for query, field in WRONG:
        answer = await fetch(training, **query)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field), query


async def test_the_version_is_asked_of_everything_but_about(training: Served) -> None:
    for headers, code in (
        ({}, "xapi_version_missing"),
        ({"X-Experience-API-Version": "0.95"}, "xapi_version_unknown"),
    ):
        answer = await send(training, {}, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (400, code)
        assert answer.headers["x-experience-api-version"] == "1.0.3"
    about = await training.client.get("/training/xapi/about")
    assert about.json()["version"] == ["1.0.3", "2.0.0"]
    denied = await send(training, {}, role="mentor")
    assert (denied.status_code, denied.headers["x-experience-api-version"]) == (403, "1.0.3")
    for password, status in (
        ("dev:integrator:uk-london:moodle", 200),
        ("dev:mentor:uk-london:m", 403),
        ("x", 401),
    ):
        basic = await training.client.get(
            "/training/xapi/statements", headers={**VERSION}, auth=("whoever", password)
        )
        assert basic.status_code == status, basic.text
    broken = {**VERSION, "Authorization": "Basic ???"}
    assert (await training.client.get("/training/xapi/statements", headers=broken)).status_code == 401
    multipart = await training.client.post(
        "/training/xapi/statements",
        content=b"--x--",
        headers={
            "Content-Type": "multipart/mixed; boundary=x",
            "Authorization": "Bearer dev:integrator:uk-london:moodle",
            "X-Experience-API-Version": "1.0.3",
        },
    )
    assert multipart.status_code == 415


async def test_only_named_integrators_state_learning_about_courses_that_are_activities(
    training: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    course_id = await course(training, title="Signs")
    monkeypatch.setenv("ALONGSIDE_LEARNING_SYSTEMS", '["canvas"]')
    agency.cache_clear()
    try:
        assert (await send(training, statement(course_id))).status_code == 403
        assert (await send(training, statement(course_id), name="canvas")).status_code == 200
    finally:
        monkeypatch.undo()
        agency.cache_clear()
    iri = statement(course_id)["object"]["id"]
    found = (await fetch(training, "activities", activityId=iri)).json()
    assert (found["id"], found["definition"]["name"]) == (iri, {"en-GB": "Signs"})
    assert (await fetch(training, "activities", activityId=iri + "x")).status_code == 404
