"""Who was shown whose record, when, and as known when."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from services.audit.main import service
from services.audit.read_model.timelines import timeline_of_child
from services.audit.read_model.views import who_viewed
from shared.contracts.assignments.child import ChildAccepted
from shared.contracts.assignments.view import RecordViewed
from shared.contracts.sessions.view import RecordViewed as SessionViewed
from shared.contracts.training.view import RecordViewed as EvidenceViewed
from tests.audit.history import Happened, keep
from tests.support.examples import example
from tests.support.people import CHILD, MENTOR
from tests.support.served import served

AT = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def viewed(model: type[Any], at: datetime, **about: UUID) -> Happened:
    told = example(model).model_copy(update={"view_id": uuid4(), "viewed_at": at, **about})
    return Happened(at, told)


def history() -> list[Happened]:
    return [
        Happened(AT, example(ChildAccepted)),
        viewed(RecordViewed, AT + DAY, child_id=CHILD),
        viewed(RecordViewed, AT + DAY, child_id=uuid4()),
        viewed(SessionViewed, AT + 2 * DAY, child_id=CHILD),
        viewed(EvidenceViewed, AT + 3 * DAY, mentor_id=MENTOR),
    ]


async def shown(db: AsyncConnection, kind: str, subject: UUID, **when: datetime | None) -> list[str]:
    limits: dict[str, Any] = {"since": None, "until": None, "known_at": AT + 9 * DAY, **when}
    rows = await who_viewed(db, kind, subject, after=None, limit=10, **limits)
    return [row["source"] for row in rows]


async def test_views_of_a_child_are_those_of_every_service(db: AsyncConnection, database_url: str) -> None:
    await keep(database_url, history())
    assert await shown(db, "child", CHILD) == ["assignments", "sessions"]
    assert await shown(db, "mentor", MENTOR) == ["training"]


async def test_views_are_of_a_span_and_as_known_at_a_moment(db: AsyncConnection, database_url: str) -> None:
    await keep(database_url, history())
    assert await shown(db, "child", CHILD, since=AT + 2 * DAY) == ["sessions"]
    assert await shown(db, "child", CHILD, until=AT + 2 * DAY) == ["assignments"]
    assert await shown(db, "child", CHILD, known_at=AT + DAY) == ["assignments"]


async def test_a_timeline_tells_what_happened_and_not_who_looked(
    db: AsyncConnection, database_url: str
) -> None:
    await keep(database_url, history())
    found = await timeline_of_child(db, CHILD, known_at=AT + 9 * DAY, after=None, limit=10)
    assert [row["type"] for row in found] == ["assignments.ChildAccepted.v1"]


async def test_whoever_asks_who_looked_is_on_record_as_well(database_url: str) -> None:
    async with served(service, database_url, AT) as audit:
        path = f"/views/children/{CHILD}"
        assert (await audit.ask(path, role="auditor", name="noor"))["items"] == []
        await audit.settle()
        (view,) = (await audit.ask(path, role="auditor", name="noor"))["items"]
    assert (view["viewer"], view["record"]) == ("noor", "/audit/views/children/{child_id}")
    assert view["exact"] == "/audit/facts/audit/1"
