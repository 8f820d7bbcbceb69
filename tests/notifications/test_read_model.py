"""The read model in a real database: migrated as declared, and answering its questions."""

from collections.abc import AsyncIterator, Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from psycopg import AsyncConnection as Psycopg
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from services.notifications.domain.planning import Hearer
from services.notifications.main import service
from services.notifications.projections.inbox import inbox as into_inbox
from services.notifications.projections.people import people, recipients
from services.notifications.read_model.hearers import who_may_hear
from services.notifications.read_model.inbox import Wanted, find_notification, told
from services.notifications.read_model.tables import metadata
from shared.contracts.assignments.assignment import AssignmentEnded
from shared.contracts.assignments.child import ChildAccepted
from shared.contracts.assignments.mentor import MentorEngaged
from shared.contracts.fact import Fact
from shared.contracts.notifications.notification import (
    NotificationAcknowledged,
    NotificationFailed,
    NotificationQueued,
    NotificationRequested,
    NotificationSent,
)
from shared.contracts.notifications.recipient import RecipientRegistered
from shared.kernel.migrations import migrate
from shared.kernel.projections.changes import Changes
from shared.kernel.projections.declared import read_tables
from shared.kernel.projections.writing import write
from shared.kernel.rows import Row
from shared.kernel.store.store import create_tables
from tests.notifications.test_policies import as_recorded
from tests.support.examples import example
from tests.support.people import CHILD, COORDINATOR, MENTOR, SCHOOL

PROJECT: dict[type[Fact], Any] = {
    RecipientRegistered: recipients,
    ChildAccepted: people,
    MentorEngaged: people,
}


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[AsyncConnection]:
    create_tables(database_url)
    migrate(database_url, service.migrations)
    engine = create_async_engine(database_url.replace("postgresql://", "postgresql+psycopg://"))
    async with engine.connect() as connection:
        yield connection
    await engine.dispose()


async def happened(database_url: str, *facts: Fact) -> None:
    tables = read_tables(metadata, [*metadata.tables, "due"])
    async with await Psycopg.connect(database_url) as connection:
        for position, fact in enumerate(facts, start=1):
            rows: Iterable[Row] = PROJECT.get(type(fact), into_inbox)(as_recorded(fact, position))
            changes = Changes(tables, "inbox")
            changes.take(rows)
            await write(connection, tables, changes)


async def retries(database_url: str) -> list[tuple[Any, ...]]:
    async with await Psycopg.connect(database_url) as connection:
        return await (
            await connection.execute(
                "SELECT kind, due_at, payload FROM due WHERE kind = 'notification_retry'"
            )
        ).fetchall()


def somebody(number: int, role: str, **link: UUID) -> RecipientRegistered:
    changed = {"recipient_id": UUID(int=number), "role": role, "email": f"{number}@example.org", **link}
    return example(RecipientRegistered).model_copy(update=changed)


async def test_the_migrations_make_exactly_the_tables_that_are_declared(db: AsyncConnection) -> None:
    def differences(connection: Any) -> list[Any]:
        context = MigrationContext.configure(
            connection,
            opts={"include_name": lambda name, kind, _: kind != "table" or name in metadata.tables},
        )
        return list(compare_metadata(context, metadata))

    assert await db.run_sync(differences) == []


async def test_a_fact_finds_the_office_of_its_region_and_whoever_is_linked_to_it(
    db: AsyncConnection, database_url: str
) -> None:
    elsewhere = somebody(9, "coordinator").model_copy(update={"region": "uk-leeds"})
    await happened(
        database_url,
        example(ChildAccepted),
        somebody(1, "coordinator"),
        somebody(2, "parent", child_id=CHILD),
        somebody(3, "parent", child_id=MENTOR),
        somebody(4, "school", school_id=SCHOOL),
        somebody(5, "mentor", mentor_id=MENTOR),
        elsewhere,
    )
    found = await who_may_hear(db, as_recorded(example(AssignmentEnded)))
    assert {hearer.recipient_id.int for hearer in found.hearers} == {1, 2, 4, 5}
    assert Hearer(UUID(int=2), "parent", child_id=CHILD) in found.hearers


async def test_an_inbox_pages_newest_first_and_unread_leaves_out_what_was_acknowledged(
    db: AsyncConnection, database_url: str
) -> None:
    asked = example(NotificationRequested)
    many = [
        asked.model_copy(
            update={
                "notification_id": UUID(int=number),
                "requested_at": asked.requested_at + timedelta(minutes=number // 2),
            }
        )
        for number in range(5)
    ]
    read = example(NotificationAcknowledged).model_copy(update={"notification_id": UUID(int=4)})
    await happened(database_url, *many, read)
    first = await told(db, Wanted(COORDINATOR), after=None, limit=2)
    last = (first[-1]["requested_at"], first[-1]["notification_id"])
    rest = await told(db, Wanted(COORDINATOR), after=last, limit=9)
    assert [row["notification_id"].int for row in [*first, *rest]] == [4, 3, 2, 1, 0]
    unread = await told(db, Wanted(COORDINATOR, unread=True), after=None, limit=9)
    assert [row["notification_id"].int for row in unread] == [3, 2, 1, 0]


async def test_a_notification_shows_names_and_each_channels_fate(
    db: AsyncConnection, database_url: str
) -> None:
    facts = (
        example(ChildAccepted),
        example(MentorEngaged),
        example(RecipientRegistered),
        example(NotificationRequested),
        example(NotificationFailed),
    )
    await happened(database_url, *facts)
    shown = await find_notification(db, example(NotificationRequested).notification_id)
    assert shown is not None
    assert (shown["child_name"], shown["mentor_name"]) == ("Ada Hartley", "Grace Okafor")
    fates = {delivery["channel"]: delivery["status"] for delivery in shown["deliveries"]}
    assert fates == {"in_app": "trying", "email": "waiting"}
    waiting, dead = (Wanted(status=status, mentor_id=MENTOR) for status in ("waiting", "dead"))
    assert len(await told(db, waiting, after=None, limit=5)) == 1
    assert not await told(db, dead, after=None, limit=5)


async def test_a_failure_falls_due_and_what_follows_takes_it_off_again(
    db: AsyncConnection, database_url: str
) -> None:
    asked, failed = example(NotificationRequested), example(NotificationFailed)
    await happened(database_url, asked, failed)
    ((kind, due_at, payload),) = await retries(database_url)
    assert (kind, due_at) == ("notification_retry", failed.retry_at)
    assert payload == {"notification_id": str(asked.notification_id), "channel": "email", "attempt": 1}
    for after in (
        example(NotificationSent),
        example(NotificationQueued),
        example(NotificationAcknowledged).model_copy(update={"dropped": ("email",)}),
        failed.model_copy(update={"retry_at": None}),
    ):
        await happened(database_url, failed)
        assert len(await retries(database_url)) == 1
        await happened(database_url, after)
        assert not await retries(database_url)
