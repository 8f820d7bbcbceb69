"""What few may know of stays with them: a concern is on no timeline, and in no list but the lead's."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from services.audit.main import service
from shared.contracts.assignments.child import ChildAccepted
from shared.contracts.assignments.concern import SafeguardingConcernClosed, SafeguardingConcernRaised
from shared.contracts.notifications.escalation import NotificationEscalated
from shared.contracts.notifications.notification import NotificationRequested
from tests.support.examples import example
from tests.support.people import CHILD, CONCERN
from tests.support.served import Served, served

OTHERS = ("auditor", "coordinator", "manager", "compliance", "operator")


@pytest.fixture
async def audit(database_url: str) -> AsyncIterator[Served]:
    async with served(service, database_url, datetime(2026, 11, 4, 9, 0, tzinfo=UTC)) as found:
        raised, closed = example(SafeguardingConcernRaised), example(SafeguardingConcernClosed)
        await found.hear("assignments", example(ChildAccepted), raised, closed)
        told = example(NotificationRequested)
        named = {"parameters": {"concern_id": str(CONCERN)}, "child_id": None, "mentor_id": None}
        of_concern = told.model_copy(update={"type": "safeguarding_concern", **named})
        passed_on = example(NotificationEscalated).model_copy(
            update={"type": "safeguarding_concern", **named}
        )
        await found.hear("notifications", told, of_concern, passed_on)
        yield found


@pytest.mark.parametrize("role", OTHERS)
async def test_nobody_else_sees_that_a_concern_exists(audit: Served, role: str) -> None:
    timeline = await audit.ask(f"/timelines/children/{CHILD}", role=role)
    listed = await audit.ask("/facts", role=role)
    for found in (timeline, listed):
        assert "ChildAccepted" in str(found)
        assert "oncern" not in str(found)
        assert str(CONCERN) not in str(found)
    assert (await audit.ask("/facts", role=role, stream=CONCERN))["items"] == []
    assert (await audit.get("/facts/assignments/2", role=role)).status_code == 404
    assert (await audit.get("/facts/notifications/2", role=role)).status_code == 404
    assert (await audit.get("/facts/notifications/3", role=role)).status_code == 404
    assert (await audit.get("/facts/notifications/1", role=role)).status_code == 200


async def test_the_safeguarding_lead_sees_them(audit: Served) -> None:
    facts = await audit.ask("/facts", role="dsl", stream=CONCERN)
    assert [fact["type"].split(".")[1] for fact in facts["items"]] == [
        "SafeguardingConcernRaised",
        "SafeguardingConcernClosed",
    ]
    assert (await audit.get("/facts/notifications/2", role="dsl")).status_code == 200
