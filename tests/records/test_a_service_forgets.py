"""A service that is told to forget: what it shows, what it hears late, what it says, and what it is told twice."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool
from sqlalchemy import text

from services.notifications.domain.recipient import recipient_of_mentor
from services.notifications.main import service
from shared.contracts.assignments.child import ChildAccepted
from shared.contracts.assignments.mentor import MentorEngaged
from shared.contracts.audit.erasure import KeysDestroyed
from shared.contracts.notifications.forgotten import SubjectForgotten
from shared.contracts.words.privacy import RetentionClass, Unreadable
from shared.kernel.envelope import fact_in
from shared.kernel.erasure.erased import Erased, Part
from shared.kernel.erasure.fence import KeyringIsOlder, assert_not_older
from shared.kernel.erasure.forgetting import Forgetter
from shared.kernel.inside import Inside
from shared.kernel.projections import standby
from shared.kernel.projections.declared import read_tables
from shared.kernel.projections.mending import discard, retry
from shared.kernel.projections.parked import Which, keys
from shared.kernel.projections.runner import ProjectionRunner
from shared.kernel.sealing.derived import DerivedKeyring
from shared.kernel.sealing.keyring import KeyRef
from shared.kernel.sealing.sealer import Sealer
from tests.support.engines import PostgresServer
from tests.support.examples import example
from tests.support.reused import service_database
from tests.support.served import Served, served

AT = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
PROFILE: tuple[RetentionClass, ...] = ("profile",)
CANARY, OTHER = "Zephyrine Quillfeather", "Ada Hartley"


@pytest.fixture
def database_url(postgres: PostgresServer) -> Iterator[str]:
    with service_database(postgres, service) as url:
        yield url


@pytest.fixture
async def town(database_url: str) -> AsyncIterator[Served]:
    # As another service would seal it: with keys that this one has not looked up yet.
    sealer = Sealer(DerivedKeyring(b"the keyring of tests"))
    async with served(service, database_url, AT, sealer) as town:
        yield town


def accepted(name: str) -> ChildAccepted:
    return example(ChildAccepted).model_copy(update={"child_id": uuid4(), "name": name})


def destroyed(child_id: UUID, *classes: str, at: datetime = AT) -> KeysDestroyed:
    return example(KeysDestroyed).model_copy(
        update={
            "erasure_id": uuid4(),
            "child_id": child_id,
            "classes": classes or ("profile",),
            "recipient_ids": (),
            "ordered_at": at,
        }
    )


async def forget(town: Served, told: KeysDestroyed) -> None:
    assert town.running.sealer
    assert told.child_id
    await town.running.sealer.keyring.destroy(told.child_id, told.classes)
    await town.hear("audit", told)


async def names(town: Served) -> set[str]:
    async with town.running.engine.connect() as connection:
        return set((await connection.execute(text("SELECT name FROM children"))).scalars())


async def parked(town: Served) -> list[Any]:
    async with town.running.engine.connect() as connection:
        return list(await connection.execute(text("SELECT projection, error FROM parked ORDER BY 1")))


async def said(town: Served) -> list[SubjectForgotten]:
    facts = [fact_in(event.state) for event in await town.running.store.read(0)]
    return [fact for fact in facts if isinstance(fact, SubjectForgotten)]


async def test_what_it_shows_is_blotted_out_and_that_is_said_without_a_name(town: Served) -> None:
    child, other = accepted(CANARY), accepted(OTHER)
    await town.hear("assignments", child, other)
    assert await names(town) == {CANARY, OTHER}
    told = destroyed(child.child_id)
    await forget(town, told)
    assert await names(town) == {Unreadable.ERASED.value, OTHER}
    (word,) = await said(town)
    assert (word.erasure_id, word.rows, word.tables) == (told.erasure_id, 1, {"children": 1})
    assert str(child.child_id) not in str(word)


async def test_another_part_of_the_record_stays(town: Served) -> None:
    child = accepted(CANARY)
    await town.hear("assignments", child)
    await forget(town, destroyed(child.child_id, "casework"))
    assert await names(town) == {CANARY}


async def test_told_twice_it_says_the_same_once(town: Served) -> None:
    child = accepted(CANARY)
    await town.hear("assignments", child)
    told = destroyed(child.child_id)
    await forget(town, told)
    await forget(town, told)
    assert [word.rows for word in await said(town)] == [1]


async def test_a_fact_from_before_that_is_heard_after_reads_erased(town: Served) -> None:
    child = accepted(CANARY)
    town.clock.at = AT - timedelta(hours=1)
    await forget(town, destroyed(child.child_id))
    await town.hear("assignments", child)
    assert await names(town) == {Unreadable.ERASED.value}
    assert await parked(town) == []


async def test_a_late_fact_is_quarantined_with_its_reason(town: Served) -> None:
    child = accepted(CANARY)
    await forget(town, destroyed(child.child_id))
    town.clock.at = AT + timedelta(seconds=1)
    await town.hear("assignments", child, accepted(OTHER))
    assert await names(town) == {OTHER}
    assert [why.split(":")[0] for _, why in await parked(town)] == ["erased"]
    assert CANARY not in str(await parked(town))


async def test_what_is_quarantined_is_given_up_and_never_let_in(town: Served) -> None:
    child = accepted(CANARY)
    await forget(town, destroyed(child.child_id))
    town.clock.at = AT + timedelta(seconds=1)
    await town.hear("assignments", child)
    (projection,) = (one for one in service.projections if one.name == "people")
    sealer, url = town.running.sealer, town.running.settings.database_url.get_secret_value()
    async with AsyncConnectionPool(url, kwargs={"autocommit": True}, open=False) as pool:
        tables = read_tables(service.metadata, projection.tables)
        runner = ProjectionRunner(pool, projection, "assignments", tables, sealer=sealer)
        async with pool.connection() as connection:
            found = await keys(connection, Which("people"))
        for one in found:
            assert (await retry(pool, runner, one.stream)).error.startswith("erased")
            await discard(pool, Which("people", "assignments"), one.stream, reason="erased", actor="op")
    assert len(found) == 1
    assert (await names(town), [name for name, _ in await parked(town) if name == "people"]) == (set(), [])


async def test_tables_beside_the_live_ones_are_blotted_out_too(town: Served) -> None:
    child = accepted(CANARY)
    await town.hear("assignments", child)
    (projection,) = (one for one in service.projections if one.name == "people")
    url = town.running.settings.database_url.get_secret_value()
    async with await AsyncConnection.connect(url, autocommit=True) as connection:
        await standby.make(connection, projection)
        await connection.execute("INSERT INTO standby_people.children SELECT * FROM children")
        await forget(town, destroyed(child.child_id))
        beside = await (await connection.execute("SELECT name FROM standby_people.children")).fetchall()
        await standby.remove(connection, projection)
    assert beside == [(Unreadable.ERASED.value,)]
    assert (await said(town))[0].tables == {"children": 1, "standby_people.children": 1}


async def test_keys_looked_up_before_an_erasure_open_nothing_after_it() -> None:
    erased, child, other = Erased(), KeyRef(uuid4(), "profile"), KeyRef(uuid4(), "profile")
    before = {child: b"key", other: b"key"}
    assert erased.without(before) is before
    erased.add([Part(*child)], AT)
    assert erased.without(before) == {child: Unreadable.ERASED, other: b"key"}


async def test_another_process_hears_of_it_and_drops_its_keys(town: Served) -> None:
    child, dropped = accepted(CANARY), asyncio.Event()
    api = Erased(lambda subject_id: dropped.set() if subject_id == child.child_id else None)
    watching = asyncio.create_task(api.watch(town.running.settings.database_url.get_secret_value()))
    await forget(town, destroyed(child.child_id))
    async with asyncio.timeout(4):
        await dropped.wait()
    watching.cancel()
    assert Part(child.child_id, "profile") in api


async def test_it_does_not_say_that_it_forgot_what_the_keyring_could_still_open(town: Served) -> None:
    child = accepted(CANARY)
    await town.hear("assignments", child)
    with pytest.raises(Exception, match="erasure replay"):
        await town.hear("audit", destroyed(child.child_id))
    assert await said(town) == []


async def test_nobody_writes_to_a_mentor_who_was_forgotten(town: Served) -> None:
    engaged = example(MentorEngaged)
    await town.hear("assignments", engaged)
    recipient = recipient_of_mentor(engaged.mentor_id)
    told = destroyed(recipient, "contact").model_copy(
        update={"child_id": None, "mentor_id": engaged.mentor_id, "recipient_ids": (recipient,)}
    )
    assert town.running.sealer
    for person in (engaged.mentor_id, recipient):
        await town.running.sealer.keyring.destroy(person, ("contact", "employment"))
    await town.hear("audit", told)
    async with town.running.engine.connect() as connection:
        rows = await connection.execute(text("SELECT name, email, removed_at FROM recipients"))
        ((name, email, removed_at),) = rows.all()
    assert (name, email) == ("erased", "erased")
    assert removed_at is not None, "nobody writes to an address that is not known any more"


def forgetter(town: Served, sealer: Sealer) -> Forgetter:
    url = town.running.settings.database_url.get_secret_value()
    return Forgetter.within(Inside(service, url, town.clock, sealer))


async def test_a_database_from_before_an_erasure_forgets_before_it_serves(town: Served) -> None:
    child, other = accepted(CANARY), accepted(OTHER)
    await town.hear("assignments", child, other)
    keyring = DerivedKeyring(b"the keyring of tests")
    await keyring.destroy(child.child_id, PROFILE)
    restored = Sealer(keyring)
    assert await assert_not_older(forgetter(town, restored), keyring) == 1
    assert await names(town) == {Unreadable.ERASED.value, OTHER}
    assert Part(child.child_id, "profile") in restored.erased
    assert await assert_not_older(forgetter(town, Sealer(keyring)), keyring) == 0


async def test_a_keyring_from_before_an_erasure_is_refused(town: Served) -> None:
    child = accepted(CANARY)
    await town.hear("assignments", child)
    await forget(town, destroyed(child.child_id))
    older = DerivedKeyring(b"the keyring of tests")
    with pytest.raises(KeyringIsOlder, match="erasure replay"):
        await assert_not_older(forgetter(town, Sealer(older)), older)
    await older.destroy(child.child_id, PROFILE)
    assert await assert_not_older(forgetter(town, Sealer(older)), older) == 0
