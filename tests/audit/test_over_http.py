"""Audit over HTTP, on a real database, from the bytes that the services publish."""

import base64
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from services.audit.main import service
from shared.contracts.assignments.assignment import MentorAssigned
from shared.contracts.assignments.child import ChildAccepted, ProvisionSpecified
from shared.contracts.training.standing import MentorStoodDown
from tests.support.examples import example
from tests.support.people import CHILD, MENTOR
from tests.support.served import Served, served

AUDITOR = {"role": "auditor", "name": "ann"}


@pytest.fixture
async def audit(database_url: str) -> AsyncIterator[Served]:
    async with served(service, database_url, datetime(2026, 9, 8, 9, 0, tzinfo=UTC)) as found:
        yield found


async def story(audit: Served) -> None:
    facts = (example(ChildAccepted), example(ProvisionSpecified), example(MentorAssigned))
    await audit.hear("assignments", *facts)
    audit.clock.at += timedelta(days=1)
    await audit.hear("training", example(MentorStoodDown))


async def test_a_timeline_is_answered_as_known_at_a_moment(audit: Served) -> None:
    await story(audit)
    now = await audit.ask(f"/timelines/children/{CHILD}", **AUDITOR)
    assert [fact["type"].split(".")[1] for fact in now["items"]] == [
        "ChildAccepted",
        "ProvisionSpecified",
        "MentorAssigned",
        "MentorStoodDown",
    ]
    assert [fact["through"] for fact in now["items"]] == [None, None, None, str(MENTOR)]
    before = await audit.ask(
        f"/timelines/children/{CHILD}", known_at=audit.clock.at - timedelta(hours=1), **AUDITOR
    )
    assert [fact["type"].split(".")[1] for fact in before["items"]][-1] == "MentorAssigned"


async def test_a_state_says_what_it_rests_on_and_stays_the_same_when_more_is_recorded(audit: Served) -> None:
    await story(audit)
    path, then = f"/state/children/{CHILD}", audit.clock.at - timedelta(hours=1)
    answer = await audit.ask(path, known_at=then, **AUDITOR)
    assert answer["rests_on"] == {"assignments": {"up_to": 3, "facts": 3}}
    assert answer["unread"] == {}
    await audit.hear("assignments", example(ProvisionSpecified))
    assert await audit.ask(path, known_at=then, **AUDITOR) == answer
    later = await audit.ask(path, **AUDITOR)
    assert later["rests_on"]["assignments"] == {"up_to": 4, "facts": 4}
    assert later["result_sha256"] != answer["result_sha256"]


async def test_who_nobody_has_heard_of_is_not_found(audit: Served) -> None:
    for path in (f"/state/children/{MENTOR}", "/facts/assignments/1"):
        assert (await audit.get(path, **AUDITOR)).status_code == 404


async def test_a_mentor_does_not_read_the_audit(audit: Served) -> None:
    await story(audit)
    for path in (f"/timelines/children/{CHILD}", f"/state/children/{CHILD}", "/facts", "/facts/training/1"):
        assert (await audit.get(path, role="mentor", name=str(MENTOR))).status_code == 403


@pytest.mark.parametrize("forged", [[], ["now", 1, 2], ["2026-01-01T00:00:00Z", "training", "x"], 7])
async def test_a_cursor_that_no_page_ended_with_is_refused(audit: Served, forged: object) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps(forged).encode()).decode()
    answer = await audit.get("/facts", cursor=cursor, **AUDITOR)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "cursor")
